import * as z from "zod";
import {
  currencyCode,
  dateTime,
  flag,
  formatted,
  members,
  oneOf,
  phoneNumber,
  text,
  timeZone,
} from "../pass-model/shapes";
import { appleColor } from "./color";

/**
 * Shapes of the values that Apple's own pass.json keys take (Apple documentation, Wallet Passes: Pass,
 * PassFields, PassFieldContent, UpcomingPassInformationEntry; pass-builder's sources where that is silent).
 * What spans several members is in the rules of `apple-key-rules.ts`.
 */

export const requiredText = text.min(1, "expected text that is not empty");

/**
 * URL text as RFC 3986 writes it: ASCII, with everything else percent-encoded, and a host after `//`.
 * Stricter than the URL class, which repairs what older systems refuse to open.
 */
function parseUrl(value: string): URL | null {
  const isClean = /^(?:[\w\-.~:/?#@!$&'()*+,;=]|%[0-9a-f]{2})+$/i.test(value);
  const hasHost = !/^https?:/i.test(value) || /^https?:\/\/[^/?#]/i.test(value);
  return isClean && hasHost ? URL.parse(value) : null;
}

function hasProtocol(value: string, protocols: readonly string[]): boolean {
  const url = parseUrl(value);
  return url !== null && protocols.includes(url.protocol);
}

// A featured action may open an app, so any scheme but those that run or read something where a pass is previewed.
const unsafeProtocols = ["javascript:", "data:", "file:", "vbscript:", "blob:"];
const systemProtocols = ["http:", "https:", "tel:", "mailto:", "sms:"];

/** True for a URL of an app's own scheme, such as `fernfinch://menu`. */
export function opensApp(value: string): boolean {
  return isActionLink(value) && !hasProtocol(value, systemProtocols);
}

function isActionLink(value: string): boolean {
  return parseUrl(value) !== null && !hasProtocol(value, unsafeProtocols);
}

export const link = formatted(
  (value) => hasProtocol(value, ["http:", "https:"]),
  "expected an http or https URL, percent-encoded and without spaces",
);
const secureLink = formatted(
  (value) => hasProtocol(value, ["https:"]),
  "expected an https URL, percent-encoded and without spaces",
);
const actionLink = formatted(
  isActionLink,
  "expected a URL (https, tel, mailto or the scheme of an app), percent-encoded and without spaces",
);

export const email = z.email("expected an e-mail address");
export const color = formatted(
  (value) => appleColor(value) !== null,
  "expected a colour: rgb(r, g, b), #RRGGBB or #RGB",
);
export const symbolName = formatted(
  (value) => /^[a-z0-9]+(\.[a-z0-9]+)*$/i.test(value),
  "expected the name of an SF Symbol, such as figure.run",
);
/** Metres. */
export const distance = z.number("expected metres").positive("expected more than 0 metres");
export const storeIdentifiers = z.array(
  z.int("expected a whole number").positive("expected an App Store identifier"),
  "expected a list of App Store identifiers",
);

const anyObject = z.record(z.string(), z.unknown(), "expected an object");
const styles = oneOf("PKDateStyle", "None", "Short", "Medium", "Long", "Full");
const fieldValue = z.union([z.string(), z.number()], "expected text or a number");

/** The members of a field (Apple, PassFieldContent). */
export const fieldMembers = {
  key: requiredText,
  value: fieldValue,
  label: text.optional(),
  attributedValue: fieldValue.optional(),
  changeMessage: text.optional(),
  textAlignment: oneOf("PKTextAlignment", "Left", "Center", "Right", "Natural").optional(),
  dataDetectorTypes: z
    .array(
      oneOf("PKDataDetectorType", "PhoneNumber", "Link", "Address", "CalendarEvent"),
      "expected a list of data detector types",
    )
    .optional(),
  dateStyle: styles.optional(),
  timeStyle: styles.optional(),
  isRelative: flag.optional(),
  ignoresTimeZone: flag.optional(),
  numberStyle: oneOf("PKNumberStyle", "Decimal", "Percent", "Scientific", "SpellOut").optional(),
  currencyCode: currencyCode.optional(),
  semantics: anyObject.optional(),
};

function fieldsWith(row: z.ZodType) {
  return z.array(
    members({ ...fieldMembers, row: row.optional() }, "expected a field {key, value, label, …}"),
    "expected a list of fields",
  );
}
const fields = fieldsWith(z.never("only auxiliaryFields have a row"));
const auxiliaryFields = fieldsWith(z.literal([0, 1], "expected 0 or 1"));

/** The groups of a poster generic pass, iOS 27. All groups stand here; which of them it shows is a rule. */
export const posterGeneric = members(
  {
    headerFields: fields.optional(),
    primaryFields: fields.optional(),
    secondaryFields: fields.optional(),
    auxiliaryFields: auxiliaryFields.optional(),
    backFields: fields.optional(),
    footerFields: fields.optional(),
    additionalInfoFields: z.never("only event tickets have additionalInfoFields").optional(),
    transitType: z.never("only boarding passes have a transitType").optional(),
  },
  "expected an object of field groups {headerFields, primaryFields, …}",
);

/** The links of a poster event ticket: at the pass itself, and at each upcoming event. */
export const eventLinks = {
  accessibilityURL: link,
  addOnURL: link,
  bagPolicyURL: link,
  contactVenueEmail: email,
  contactVenuePhoneNumber: phoneNumber,
  contactVenueWebsite: link,
  directionsInformationURL: link,
  merchandiseURL: link,
  orderFoodURL: link,
  parkingInformationURL: link,
  purchaseParkingURL: link,
  sellURL: link,
  transferURL: link,
  transitInformationURL: link,
} as const;

/** 2 MB, the most that an image of an upcoming event may have (UpcomingPassInformationEntry.ImageURLEntry). */
const imageBytes = 2 * 1024 * 1024;

const remoteImage = members(
  {
    URLs: z
      .array(
        members(
          {
            URL: secureLink,
            SHA256: formatted((value) => /^[0-9a-f]{64}$/i.test(value), "expected 64 hexadecimal digits"),
            scale: z.number("expected a number").positive("expected a scale above 0").optional(),
            size: z
              .int("expected a whole number of bytes")
              .min(0, "expected a size that is not negative")
              .max(imageBytes, `expected at most ${imageBytes} bytes`)
              .optional(),
          },
          "expected an image {URL, SHA256, scale, size}",
        ),
        "expected a list of images",
      )
      .optional(),
    reuseExisting: flag.optional(),
  },
  "expected an image {URLs, reuseExisting}",
);

const upcomingEvent = members(
  {
    identifier: requiredText,
    name: requiredText,
    type: z.literal("event", 'expected "event"'),
    isActive: flag.optional(),
    URLs: members(eventLinks, "expected an object of links").partial().optional(),
    additionalInfoFields: fields.optional(),
    backFields: fields.optional(),
    auxiliaryStoreIdentifiers: storeIdentifiers.optional(),
    dateInformation: members(
      {
        date: dateTime.optional(),
        ignoreTimeComponents: flag.optional(),
        isAllDay: flag.optional(),
        isUnannounced: flag.optional(),
        isUndetermined: flag.optional(),
        timeZone: timeZone.optional(),
      },
      "expected a date {date, timeZone, …}",
    ).optional(),
    images: members(
      { headerImage: remoteImage.optional(), venueMap: remoteImage.optional() },
      "expected images {headerImage, venueMap}",
    ).optional(),
    semantics: z.looseObject({ venuePlaceID: text.optional() }, "expected an object of semantic tags").optional(),
  },
  "expected an event {identifier, name, type, …}",
);
export const upcomingEvents = z.array(upcomingEvent, "expected a list of events");

const linkActionTypes = [
  "viewSchedule",
  "watchTrailer",
  "listenToMusic",
  "call",
  "addToBalance",
  "order",
  "shop",
  "membershipBenefits",
  "bookAppointment",
  "bookCar",
  "bookFlight",
  "bookStay",
  "viewOffersRewards",
] as const;

const placeAction = z.strictObject({
  identifier: requiredText,
  type: z.literal("place"),
  placeIdentifier: requiredText,
  url: z.never("an action of type place has a placeIdentifier instead").optional(),
});
const linkAction = z.strictObject({
  identifier: requiredText,
  type: z.enum(linkActionTypes),
  url: actionLink,
  placeIdentifier: z.never("only an action of type place has a placeIdentifier").optional(),
});

/** iOS 27. Each is a link, or a place of MapKit; how many there may be is a rule. */
export const featuredActions = z.array(
  z.discriminatedUnion("type", [placeAction, linkAction], {
    error: (issue) =>
      issue.code === "invalid_union"
        ? `expected one of place, ${linkActionTypes.join(", ")}`
        : "expected an action {identifier, type, url}",
  }),
  "expected a list of actions",
);
