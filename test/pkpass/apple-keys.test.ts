import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../src/pass-model/resolved-pass";
import { checkAppleKeys, normalizeAppleKeys } from "../../src/pkpass/apple-keys";
import type { AppleKeyContext } from "../../src/pkpass/apple-keys";
import { appleKeys } from "../../src/pkpass/apple-key-table";
import { normalizeSemantics } from "../../src/pkpass/apple-key-normalize";
import { appleColor } from "../../src/pkpass/color";

const nothing = { issues: [], warnings: [] };
const date = "2026-05-01T18:30:00+02:00";
const hash = "0f".repeat(32);

const storeCard: AppleKeyContext = {
  style: "storeCard",
  nfc: false,
  nfcRequiresAuthentication: false,
  barcode: true,
  semantics: {},
  associatedStoreIdentifiers: false,
  images: ["icon", "logo"],
  fieldPositions: ["header", "primary", "back"],
  legacyStyle: true,
};

/** Has all that a poster event ticket needs and should have. */
const concert: AppleKeyContext = {
  ...storeCard,
  style: "eventTicket",
  nfc: true,
  nfcRequiresAuthentication: true,
  semantics: { eventName: "Summer Night", venueName: "Arena", eventStartDate: date, seats: [{ seatRow: "1" }] },
  images: ["icon", "logo", "background"],
};

const flight: AppleKeyContext = {
  ...storeCard,
  style: "boardingPass",
  semantics: {
    passengerName: { givenName: "Ada" },
    airlineCode: "FN",
    flightNumber: 123,
    originalDepartureDate: date,
    originalBoardingDate: date,
    originalArrivalDate: date,
    departureLocationTimeZone: "Europe/Berlin",
    destinationLocationTimeZone: "Europe/London",
    departureAirportCode: "BER",
    destinationAirportCode: "LHR",
    departureCityName: "Berlin",
    destinationCityName: "London",
    seats: [{ seatNumber: "12A" }],
  },
};

const eventLinks = {
  accessibilityURL: "https://example.com/accessibility",
  addOnURL: "https://example.com/extras",
  bagPolicyURL: "https://example.com/bags",
  contactVenueEmail: "arena@example.com",
  contactVenuePhoneNumber: "+49 30 123456",
  contactVenueWebsite: "https://example.com/",
  directionsInformationURL: "https://example.com/directions",
  merchandiseURL: "https://example.com/shop",
  orderFoodURL: "https://example.com/food",
  parkingInformationURL: "https://example.com/parking",
  purchaseParkingURL: "https://example.com/parking/buy",
  sellURL: "https://example.com/sell",
  transferURL: "http://example.com/transfer?ticket=1",
  transitInformationURL: "https://example.com/transit",
};

const upcoming = {
  identifier: "second-night",
  name: "Second night",
  type: "event",
  isActive: true,
  URLs: eventLinks,
  additionalInfoFields: [{ key: "doors", label: "Doors", value: date, timeStyle: "PKDateStyleShort" }],
  backFields: [{ key: "terms", label: "Terms", value: "No refunds", semantics: { eventName: "Second night" } }],
  auxiliaryStoreIdentifiers: [284882215],
  dateInformation: {
    date,
    ignoreTimeComponents: false,
    isAllDay: false,
    isUnannounced: false,
    isUndetermined: false,
    timeZone: "Europe/Berlin",
  },
  images: {
    headerImage: { URLs: [{ URL: "https://example.com/header.png", SHA256: hash, scale: 2, size: 2 * 1024 * 1024 }] },
    venueMap: { reuseExisting: true },
  },
  semantics: { venueName: "Arena", venuePlaceID: "I1234567890ABCDEF" },
};

const poster = {
  preferredStyleSchemes: ["posterEventTicket", "eventTicket"],
  footerBackgroundColor: "#1f2937",
  suppressHeaderDarkening: true,
  useAutomaticColors: false,
  eventLogoText: "Summer Night",
  auxiliaryStoreIdentifiers: [284882215, 6_400_000_000],
  ...eventLinks,
};

const boarding = {
  preferredStyleSchemes: ["semanticBoardingPass", "boardingPass"],
  changeSeatURL: "https://example.com/seat",
  entertainmentURL: "https://example.com/films",
  managementURL: "https://example.com/booking",
  orderFoodURL: "https://example.com/meals",
  purchaseAdditionalBaggageURL: "https://example.com/bags",
  purchaseLoungeAccessURL: "https://example.com/lounge",
  purchaseWifiURL: "https://example.com/wifi",
  registerServiceAnimalURL: "https://example.com/animals",
  reportLostBagURL: "https://example.com/lost",
  requestWheelchairURL: "https://example.com/wheelchair",
  upgradeURL: "https://example.com/upgrade",
  transitProviderEmail: "hello@example.com",
  transitProviderPhoneNumber: "+49 30 123456",
  transitProviderWebsiteURL: "https://example.com/",
};

const actions = [
  { identifier: "menu", type: "order", url: "https://example.com/menu" },
  { identifier: "shop", type: "place", placeIdentifier: "I1234567890ABCDEF" },
];

const posterGeneric = {
  headerFields: [{ key: "tier", label: "Tier", value: "Gold" }],
  primaryFields: [{ key: "balance", value: 12.5, currencyCode: "EUR", semantics: { balance: { amount: "12.50" } } }],
  backFields: [{ key: "terms", value: "Terms", dataDetectorTypes: ["PKDataDetectorTypeLink"] }],
  footerFields: [{ key: "since", value: date, dateStyle: "PKDateStyleMedium", textAlignment: "PKTextAlignmentRight" }],
};

const look = { stripColor: "rgb(1,2,3)", suppressStripShine: true, maxDistance: 150, logoSymbolName: "figure.run" };

const examples: [string, JsonObject, AppleKeyContext][] = [
  ["look and relevance", look, storeCard],
  ["a poster event ticket", poster, concert],
  ["a semantic boarding pass", boarding, flight],
  ["upcoming events", { ...poster, upcomingPassInformation: [upcoming] }, concert],
  ["featured actions", { featuredActions: actions }, storeCard],
  [
    "a poster generic pass",
    { posterGeneric, suppressHeaderDarkening: true, featuredActions: actions },
    { ...storeCard, fieldPositions: ["footer"] },
  ],
  ["additional information of a poster", poster, { ...concert, fieldPositions: ["additionalInfo"] }],
];

describe("known keys", () => {
  it.each(examples)("R015 accepts a full valid example of %s", (_, apple, context) => {
    expect(checkAppleKeys(apple, context)).toEqual(nothing);
  });

  it("R015 knows no key without an example", () => {
    const shown = new Set(examples.flatMap(([, apple]) => Object.keys(apple)));
    expect([...appleKeys.keys()].filter((key) => !shown.has(key))).toEqual([]);
  });
});

type Refusal = [name: string, apple: JsonObject, context: AppleKeyContext, pointer: string, code: string];

function withEvent(change: { [key: string]: Json | undefined }): JsonObject {
  const event = JSON.parse(JSON.stringify({ ...upcoming, ...change })) as JsonObject;
  return { ...poster, upcomingPassInformation: [event] };
}

function withImage(change: JsonObject): JsonObject {
  const image = { URL: "https://example.com/header.png", SHA256: hash, ...change };
  return withEvent({ images: { headerImage: { URLs: [image] } } });
}

const inEvent = "#/apple/upcomingPassInformation/0";

const shapes: Refusal[] = [
  ["a maxDistance of 0", { maxDistance: 0 }, storeCard, "#/apple/maxDistance", "out_of_range"],
  ["a maxDistance that is text", { maxDistance: "150" }, storeCard, "#/apple/maxDistance", "wrong_type"],
  [
    "a stripColor with a channel over 255",
    { stripColor: "rgb(1,2,256)" },
    storeCard,
    "#/apple/stripColor",
    "invalid_format",
  ],
  [
    "a suppressStripShine that is text",
    { suppressStripShine: "yes" },
    storeCard,
    "#/apple/suppressStripShine",
    "wrong_type",
  ],
  [
    "a logoSymbolName with spaces",
    { logoSymbolName: "figure run" },
    storeCard,
    "#/apple/logoSymbolName",
    "invalid_format",
  ],
  [
    "an auxiliaryStoreIdentifier that is text",
    { ...poster, auxiliaryStoreIdentifiers: ["284882215"] },
    concert,
    "#/apple/auxiliaryStoreIdentifiers/0",
    "wrong_type",
  ],
  [
    "an unknown scheme",
    { preferredStyleSchemes: ["posterTicket"] },
    concert,
    "#/apple/preferredStyleSchemes/0",
    "invalid_value",
  ],
  ["an empty list of schemes", { preferredStyleSchemes: [] }, concert, "#/apple/preferredStyleSchemes", "out_of_range"],
  [
    "a footerBackgroundColor by name",
    { ...poster, footerBackgroundColor: "navy" },
    concert,
    "#/apple/footerBackgroundColor",
    "invalid_format",
  ],
  [
    "a suppressHeaderDarkening that is a number",
    { ...poster, suppressHeaderDarkening: 1 },
    concert,
    "#/apple/suppressHeaderDarkening",
    "wrong_type",
  ],
  [
    "a useAutomaticColors that is text",
    { ...poster, useAutomaticColors: "true" },
    concert,
    "#/apple/useAutomaticColors",
    "wrong_type",
  ],
  [
    "an eventLogoText that is a number",
    { ...poster, eventLogoText: 7 },
    concert,
    "#/apple/eventLogoText",
    "wrong_type",
  ],
  [
    "a link with a space",
    { ...poster, bagPolicyURL: "https://example.com/a b" },
    concert,
    "#/apple/bagPolicyURL",
    "invalid_format",
  ],
  [
    "a link that is not percent-encoded",
    { ...poster, sellURL: "https://example.com/ü" },
    concert,
    "#/apple/sellURL",
    "invalid_format",
  ],
  ["an empty eventLogoText", { ...poster, eventLogoText: "" }, concert, "#/apple/eventLogoText", "out_of_range"],
  [
    "a link with an app's scheme",
    { ...poster, sellURL: "fernfinch://sell" },
    concert,
    "#/apple/sellURL",
    "invalid_format",
  ],
  ["a link without a host", { ...poster, sellURL: "https:///sell" }, concert, "#/apple/sellURL", "invalid_format"],
  [
    "a contactVenueEmail that is none",
    { ...poster, contactVenueEmail: "arena" },
    concert,
    "#/apple/contactVenueEmail",
    "invalid_format",
  ],
  [
    "a contactVenuePhoneNumber that is none",
    { ...poster, contactVenuePhoneNumber: "n/a" },
    concert,
    "#/apple/contactVenuePhoneNumber",
    "invalid_format",
  ],
  [
    "a link of a flight that is no URL",
    { ...boarding, upgradeURL: "example.com" },
    flight,
    "#/apple/upgradeURL",
    "invalid_format",
  ],
  [
    "a transitProviderEmail that is none",
    { ...boarding, transitProviderEmail: "@" },
    flight,
    "#/apple/transitProviderEmail",
    "invalid_format",
  ],
  [
    "a transitProviderPhoneNumber that is a number",
    { ...boarding, transitProviderPhoneNumber: 30 },
    flight,
    "#/apple/transitProviderPhoneNumber",
    "wrong_type",
  ],
];

const upcomingEvents: Refusal[] = [
  ["an event without identifier", withEvent({ identifier: undefined }), concert, `${inEvent}/identifier`, "required"],
  ["an event with an empty name", withEvent({ name: "" }), concert, `${inEvent}/name`, "out_of_range"],
  ["an event of another type", withEvent({ type: "match" }), concert, `${inEvent}/type`, "invalid_value"],
  ["an event with isActive as text", withEvent({ isActive: "yes" }), concert, `${inEvent}/isActive`, "wrong_type"],
  [
    "an event with a bad link",
    withEvent({ URLs: { sellURL: "sell" } }),
    concert,
    `${inEvent}/URLs/sellURL`,
    "invalid_format",
  ],
  [
    "an event field without value",
    withEvent({ backFields: [{ key: "a" }] }),
    concert,
    `${inEvent}/backFields/0/value`,
    "required",
  ],
  [
    "an event field with a date format and no date",
    withEvent({ backFields: [{ key: "a", value: "soon", dateStyle: "PKDateStyleShort" }] }),
    concert,
    `${inEvent}/backFields/0/value`,
    "wrong_type",
  ],
  [
    "an event field with a currency and no number",
    withEvent({ backFields: [{ key: "a", value: "12", currencyCode: "EUR" }] }),
    concert,
    `${inEvent}/backFields/0/value`,
    "wrong_type",
  ],
  [
    "an event field key that is there twice",
    withEvent({ backFields: [{ key: "doors", value: 1 }] }),
    concert,
    `${inEvent}/backFields/0/key`,
    "duplicate_key",
  ],
  [
    "an event field with wrong semantics",
    withEvent({ backFields: [{ key: "a", value: 1, semantics: { flightNumber: "x" } }] }),
    concert,
    `${inEvent}/backFields/0/semantics/flightNumber`,
    "wrong_type",
  ],
  [
    "an event field with a row",
    withEvent({ backFields: [{ key: "a", value: 1, row: 0 }] }),
    concert,
    `${inEvent}/backFields/0/row`,
    "not_allowed",
  ],
  [
    "an event with a wrong store identifier",
    withEvent({ auxiliaryStoreIdentifiers: [0] }),
    concert,
    `${inEvent}/auxiliaryStoreIdentifiers/0`,
    "out_of_range",
  ],
  [
    "an event date without offset",
    withEvent({ dateInformation: { date: "2026-05-01T18:30:00" } }),
    concert,
    `${inEvent}/dateInformation/date`,
    "invalid_format",
  ],
  [
    "an event in an unknown time zone",
    withEvent({ dateInformation: { timeZone: "Berlin" } }),
    concert,
    `${inEvent}/dateInformation/timeZone`,
    "invalid_format",
  ],
  [
    "an event with wrong semantics",
    withEvent({ semantics: { eventName: 7 } }),
    concert,
    `${inEvent}/semantics/eventName`,
    "wrong_type",
  ],
  [
    "an event with a venuePlaceID that is no text",
    withEvent({ semantics: { venuePlaceID: 7 } }),
    concert,
    `${inEvent}/semantics/venuePlaceID`,
    "wrong_type",
  ],
  [
    "an event image over http",
    withImage({ URL: "http://example.com/a.png" }),
    concert,
    `${inEvent}/images/headerImage/URLs/0/URL`,
    "invalid_format",
  ],
  [
    "an event image over 2 MB",
    withImage({ size: 2 * 1024 * 1024 + 1 }),
    concert,
    `${inEvent}/images/headerImage/URLs/0/size`,
    "out_of_range",
  ],
  [
    "an event image with a short hash",
    withImage({ SHA256: "0f" }),
    concert,
    `${inEvent}/images/headerImage/URLs/0/SHA256`,
    "invalid_format",
  ],
  [
    "an event image of scale 0",
    withImage({ scale: 0 }),
    concert,
    `${inEvent}/images/headerImage/URLs/0/scale`,
    "out_of_range",
  ],
  [
    "an event image with reuseExisting as text",
    withEvent({ images: { venueMap: { reuseExisting: "yes" } } }),
    concert,
    `${inEvent}/images/venueMap/reuseExisting`,
    "wrong_type",
  ],
  [
    "two events with one identifier",
    { ...poster, upcomingPassInformation: [upcoming, upcoming] },
    concert,
    "#/apple/upcomingPassInformation/1/identifier",
    "duplicate",
  ],
  [
    "upcoming events without the poster scheme",
    { upcomingPassInformation: [upcoming] },
    concert,
    "#/apple/upcomingPassInformation",
    "layout_not_requested",
  ],
  [
    "upcoming events on another style",
    { upcomingPassInformation: [upcoming] },
    storeCard,
    "#/apple/upcomingPassInformation",
    "unsupported_for_style",
  ],
];

const action = (change: JsonObject): JsonObject => ({
  featuredActions: [{ identifier: "a", type: "order", url: "https://example.com", ...change }],
});
const third = { identifier: "third", type: "call", url: "tel:+4930123456" };

const featuredActions: Refusal[] = [
  ["a third action", { featuredActions: [...actions, third] }, storeCard, "#/apple/featuredActions/2", "too_many"],
  [
    "an action of an unknown type",
    action({ type: "dance" }),
    storeCard,
    "#/apple/featuredActions/0/type",
    "invalid_value",
  ],
  [
    "an action without type",
    { featuredActions: [{ identifier: "a", url: "https://example.com" }] },
    storeCard,
    "#/apple/featuredActions/0/type",
    "required",
  ],
  [
    "an action without identifier",
    { featuredActions: [{ type: "shop", url: "https://example.com" }] },
    storeCard,
    "#/apple/featuredActions/0/identifier",
    "required",
  ],
  [
    "an action without url",
    { featuredActions: [{ identifier: "a", type: "shop" }] },
    storeCard,
    "#/apple/featuredActions/0/url",
    "required",
  ],
  [
    "an action with a script as url",
    action({ url: "javascript:alert(1)" }),
    storeCard,
    "#/apple/featuredActions/0/url",
    "invalid_format",
  ],
  [
    "an action with a space in its url",
    action({ url: "tel:+49 30" }),
    storeCard,
    "#/apple/featuredActions/0/url",
    "invalid_format",
  ],
  [
    "an action with url and placeIdentifier",
    action({ placeIdentifier: "I12" }),
    storeCard,
    "#/apple/featuredActions/0/placeIdentifier",
    "not_allowed",
  ],
  [
    "a place without placeIdentifier",
    { featuredActions: [{ identifier: "a", type: "place" }] },
    storeCard,
    "#/apple/featuredActions/0/placeIdentifier",
    "required",
  ],
  [
    "a place with a url",
    { featuredActions: [{ ...actions[1], url: "https://example.com" }] },
    storeCard,
    "#/apple/featuredActions/0/url",
    "not_allowed",
  ],
  [
    "two actions with one identifier",
    { featuredActions: [actions[0]!, { ...actions[1], identifier: "menu" }] },
    storeCard,
    "#/apple/featuredActions/1/identifier",
    "duplicate",
  ],
  [
    "actions beside posterEventTicket",
    { ...poster, featuredActions: actions },
    concert,
    "#/apple/featuredActions",
    "not_allowed",
  ],
  [
    "actions beside semanticBoardingPass",
    { ...boarding, featuredActions: actions },
    flight,
    "#/apple/featuredActions",
    "not_allowed",
  ],
];

const stylesAndGroups: Refusal[] = [
  [
    "schemes on a style that has none",
    { preferredStyleSchemes: ["eventTicket"] },
    storeCard,
    "#/apple/preferredStyleSchemes",
    "unsupported_for_style",
  ],
  [
    "the poster scheme on a boarding pass",
    { preferredStyleSchemes: ["boardingPass", "posterEventTicket"] },
    flight,
    "#/apple/preferredStyleSchemes/1",
    "unsupported_for_style",
  ],
  [
    "the boarding scheme on an event ticket",
    { preferredStyleSchemes: ["semanticBoardingPass"] },
    { ...flight, style: "eventTicket" },
    "#/apple/preferredStyleSchemes/0",
    "unsupported_for_style",
  ],
  [
    "a scheme that is there twice",
    { preferredStyleSchemes: ["boardingPass", "boardingPass"] },
    flight,
    "#/apple/preferredStyleSchemes/1",
    "duplicate",
  ],
  [
    "an event-guide link on a boarding pass",
    { bagPolicyURL: "https://example.com" },
    flight,
    "#/apple/bagPolicyURL",
    "unsupported_for_style",
  ],
  [
    "a poster's look on a store card",
    { useAutomaticColors: true },
    storeCard,
    "#/apple/useAutomaticColors",
    "unsupported_for_style",
  ],
  [
    "auxiliaryStoreIdentifiers on a store card",
    { auxiliaryStoreIdentifiers: [1] },
    storeCard,
    "#/apple/auxiliaryStoreIdentifiers",
    "unsupported_for_style",
  ],
  [
    "a flight's link on an event ticket",
    { upgradeURL: "https://example.com" },
    concert,
    "#/apple/upgradeURL",
    "unsupported_for_style",
  ],
  [
    "additionalInfo fields on a store card",
    {},
    { ...storeCard, fieldPositions: ["additionalInfo"] },
    "#/fields",
    "unsupported_for_style",
  ],
  [
    "footer fields without posterGeneric",
    {},
    { ...storeCard, fieldPositions: ["footer"] },
    "#/apple/posterGeneric",
    "required",
  ],
  [
    "additionalInfoFields in posterGeneric",
    { posterGeneric: { additionalInfoFields: [] } },
    storeCard,
    "#/apple/posterGeneric/additionalInfoFields",
    "not_allowed",
  ],
  [
    "a transitType in posterGeneric",
    { posterGeneric: { transitType: "PKTransitTypeAir" } },
    storeCard,
    "#/apple/posterGeneric/transitType",
    "not_allowed",
  ],
  ["a posterGeneric that is no object", { posterGeneric: true }, storeCard, "#/apple/posterGeneric", "wrong_type"],
  [
    "a field key that is there twice in posterGeneric",
    { posterGeneric: { ...posterGeneric, backFields: [{ key: "tier", value: 1 }] } },
    storeCard,
    "#/apple/posterGeneric/backFields/0/key",
    "duplicate_key",
  ],
  ["a pass without any style", {}, { ...storeCard, legacyStyle: false }, "#/apple/posterGeneric", "required"],
];

/** Name or index of the member that a pointer ends in. */
const memberOf = (pointer: string) => pointer.split("/").at(-1);

describe.each([
  ["keys", shapes],
  ["upcomingPassInformation", upcomingEvents],
  ["featuredActions", featuredActions],
  ["styles and groups", stylesAndGroups],
])("refusals: %s", (_, refusals) => {
  it.each(refusals)("R015 R221 refuses %s and names the field", (_name, apple, context, pointer, code) => {
    const { issues, warnings } = checkAppleKeys(apple, context);
    expect(issues).toEqual([{ pointer, code, detail: expect.stringContaining(`${memberOf(pointer)}: `) }]);
    expect(warnings).toEqual([]);
  });
});

describe("modelled, null and unknown keys", () => {
  const modelled = [
    "formatVersion",
    "passTypeIdentifier",
    "serialNumber",
    "teamIdentifier",
    "organizationName",
    "description",
    "boardingPass",
    "coupon",
    "eventTicket",
    "generic",
    "storeCard",
    "webServiceURL",
    "authenticationToken",
    "expirationDate",
    "voided",
    "barcodes",
    "barcode",
    "locations",
    "beacons",
    "relevantDates",
    "relevantDate",
    "backgroundColor",
    "foregroundColor",
    "labelColor",
    "logoText",
    "nfc",
    "semantics",
    "groupingIdentifier",
    "sharingProhibited",
    "associatedStoreIdentifiers",
    "appLaunchURL",
    "userInfo",
    "transitType",
    "headerFields",
    "footerFields",
    "additionalInfoFields",
  ];

  it.each(modelled)("R221 refuses %s, which the design models, and says what to use", (key) => {
    expect(checkAppleKeys({ [key]: "x" }, storeCard)).toEqual({
      issues: [{ pointer: `#/apple/${key}`, code: "modelled_key", detail: expect.stringMatching(`^${key}: .+; .+`) }],
      warnings: [],
    });
  });

  it("R221 refuses null at any depth, once, in known and unknown keys", () => {
    const apple = {
      ...withEvent({ semantics: { eventName: null }, backFields: [{ key: "a", value: null }] }),
      maxDistance: null,
      newKey: [{ deep: null }],
    };
    expect(checkAppleKeys(apple, concert).issues.map(({ pointer, code }) => [pointer, code])).toEqual([
      [`${inEvent}/backFields/0/value`, "null_value"],
      [`${inEvent}/semantics/eventName`, "null_value"],
      ["#/apple/maxDistance", "null_value"],
      ["#/apple/newKey/0/deep", "null_value"],
    ]);
  });

  it("R015 lets unknown keys and members through with a warning", () => {
    const apple = { trackBagsURL: "https://example.com", constructor: 1, ...action({ glow: true }) };
    const { issues, warnings } = checkAppleKeys(apple, storeCard);
    expect(issues).toEqual([]);
    expect(warnings.map(({ pointer, code }) => [pointer, code]).toSorted()).toEqual([
      ["#/apple/constructor", "unknown_apple_key"],
      ["#/apple/featuredActions/0/glow", "unknown_apple_key"],
      ["#/apple/trackBagsURL", "unknown_apple_key"],
    ]);
  });
});

describe("warnings", () => {
  const scheme = "#/apple/preferredStyleSchemes/0";
  const classic = "the classic layout will be shown";
  const lacks = (context: AppleKeyContext, ...tags: string[]): AppleKeyContext => ({
    ...context,
    semantics: Object.fromEntries(Object.entries(context.semantics).filter(([tag]) => !tags.includes(tag))),
  });
  const adds = (context: AppleKeyContext, semantics: JsonObject): AppleKeyContext => ({
    ...context,
    semantics: { ...context.semantics, ...semantics },
  });
  const sports = adds(concert, {
    eventType: "PKEventTypeSports",
    homeTeamAbbreviation: "FIN",
    awayTeamAbbreviation: "FER",
  });
  const live = adds(concert, {
    eventType: "PKEventTypeLivePerformance",
    performerNames: ["Ensemble"],
    artistIDs: ["1"],
  });

  it("R015 accepts the posters of a match and of a concert", () => {
    expect([checkAppleKeys(poster, sports), checkAppleKeys(poster, live)]).toEqual([nothing, nothing]);
  });

  const fallbacks: [string, JsonObject, AppleKeyContext][] = [
    ["nfc", poster, { ...concert, nfc: false, barcode: false }],
    ["nfc.requiresAuthentication", poster, { ...concert, nfcRequiresAuthentication: false }],
    ["eventName", poster, lacks(concert, "eventName")],
    ["venueName", poster, adds(concert, { venueName: "" })],
    ["homeTeamAbbreviation", poster, lacks(sports, "homeTeamAbbreviation")],
    ["awayTeamAbbreviation", poster, lacks(sports, "awayTeamAbbreviation")],
    ["performerNames", poster, adds(live, { performerNames: [] })],
    ["an artwork or background image", poster, { ...concert, images: ["icon", "logo", "strip"] }],
    ["passengerName", boarding, adds(flight, { passengerName: {} })],
    ["airlineCode", boarding, lacks(flight, "airlineCode")],
    ["flightNumber", boarding, lacks(flight, "flightNumber")],
    ["originalDepartureDate", boarding, lacks(flight, "originalDepartureDate")],
    ["originalBoardingDate", boarding, lacks(flight, "originalBoardingDate")],
    ["originalArrivalDate", boarding, lacks(flight, "originalArrivalDate")],
    ["departureLocationTimeZone", boarding, lacks(flight, "departureLocationTimeZone")],
    ["departureAirportCode", boarding, lacks(flight, "departureAirportCode")],
    ["destinationAirportCode", boarding, lacks(flight, "destinationAirportCode")],
  ];

  it.each(fallbacks)("R015 R221 warns that the scheme falls back without %s", (missing, apple, context) => {
    const { issues, warnings } = checkAppleKeys(apple, context);
    expect(issues).toEqual([]);
    expect(warnings).toEqual([
      {
        pointer: scheme,
        code: "scheme_fallback",
        detail: expect.stringContaining(`${missing}, which is missing; ${classic}`),
      },
    ]);
  });

  it("R015 warns that a poster without nfc but with a barcode waits for iOS 27", () => {
    const { warnings } = checkAppleKeys(poster, { ...concert, nfc: false });
    expect(warnings).toEqual([
      { pointer: scheme, code: "scheme_fallback", detail: expect.stringMatching(/nfc on iOS 18 to 26.+iOS 27/) },
    ]);
  });

  it("R015 reads a time zone under the name of Apple's sources, too", () => {
    const context = adds(lacks(flight, "departureLocationTimeZone"), { departureAirportTimeZone: "Europe/Berlin" });
    expect(checkAppleKeys(boarding, context)).toEqual(nothing);
  });

  const incomplete: [string, JsonObject, AppleKeyContext][] = [
    ["eventStartDate", poster, lacks(concert, "eventStartDate")],
    [
      "an eventEndDate that is not before eventStartDate",
      poster,
      adds(concert, { eventEndDate: "2026-05-01T16:00:00Z" }),
    ],
    ["artistIDs", poster, lacks(live, "artistIDs")],
    ["seats", poster, lacks(concert, "seats")],
    ["departureCityName", boarding, lacks(flight, "departureCityName")],
    ["destinationLocationTimeZone", boarding, lacks(flight, "destinationLocationTimeZone")],
    ["destinationCityName", boarding, lacks(flight, "destinationCityName")],
    ["seats", boarding, lacks(flight, "seats")],
  ];

  it.each(incomplete)("R015 R221 warns that the scheme should have %s", (missing, apple, context) => {
    const { issues, warnings } = checkAppleKeys(apple, context);
    expect(issues).toEqual([]);
    expect(warnings).toEqual([
      { pointer: scheme, code: "scheme_incomplete", detail: expect.stringContaining(missing) },
    ]);
  });

  const { contactVenueEmail, sellURL, transferURL } = eventLinks;
  const schemes = { preferredStyleSchemes: ["posterEventTicket"] };
  const others: [string, JsonObject, AppleKeyContext, string, string][] = [
    [
      "fewer than two event-guide links",
      { ...schemes, contactVenueEmail, sellURL, transferURL },
      concert,
      scheme,
      "event_guide_hidden",
    ],
    ["a link whose layout is not asked for", { sellURL }, concert, "#/apple/sellURL", "layout_not_requested"],
    [
      "additionalInfo fields without the poster scheme",
      {},
      { ...concert, fieldPositions: ["additionalInfo"] },
      "#/apple/preferredStyleSchemes",
      "layout_not_requested",
    ],
    [
      "posterGeneric without a second style",
      { posterGeneric },
      { ...storeCard, legacyStyle: false },
      "#/apple/posterGeneric",
      "poster_generic_alone",
    ],
    [
      "secondary fields of posterGeneric",
      { posterGeneric: { secondaryFields: [{ key: "a", value: 1 }] } },
      storeCard,
      "#/apple/posterGeneric/secondaryFields",
      "fields_not_shown",
    ],
    [
      "a field with two number formats",
      {
        posterGeneric: {
          primaryFields: [{ key: "a", value: 1, currencyCode: "EUR", numberStyle: "PKNumberStyleDecimal" }],
        },
      },
      storeCard,
      "#/apple/posterGeneric/primaryFields/0/numberStyle",
      "two_number_formats",
    ],
    [
      "an action that opens an app nobody named",
      action({ url: "fernfinch://menu" }),
      storeCard,
      "#/apple/featuredActions/0/url",
      "app_unknown",
    ],
    [
      "an unknown tag of an upcoming event",
      withEvent({ semantics: { hoverboardDock: 1 } }),
      concert,
      `${inEvent}/semantics/hoverboardDock`,
      "unknown_semantic_tag",
    ],
  ];

  it.each(others)("R015 R221 warns of %s", (_name, apple, context, pointer, code) => {
    const { issues, warnings } = checkAppleKeys(apple, context);
    expect(issues).toEqual([]);
    expect(warnings).toEqual([{ pointer, code, detail: expect.any(String) }]);
  });

  it("R015 accepts an action that opens an app of associatedStoreIdentifiers", () => {
    const context = { ...storeCard, associatedStoreIdentifiers: true };
    expect(checkAppleKeys(action({ url: "fernfinch://menu" }), context)).toEqual(nothing);
  });
});

describe("colours", () => {
  it.each([
    ["#1F2937", "rgb(31, 41, 55)"],
    ["#f0a", "rgb(255, 0, 170)"],
    ["rgb(1,2,3)", "rgb(1, 2, 3)"],
    [" RGB( 35 , 017, 200 ) ", "rgb(35, 17, 200)"],
    ["rgb(0,0,256)", null],
    ["rgb(1,2)", null],
    ["rgba(1,2,3,1)", null],
    ["#1f29", null],
    ["#ggg", null],
    ["navy", null],
    ["", null],
  ])("R015 reads %j as %j", (input, output) => {
    expect(appleColor(input)).toBe(output);
  });
});

describe("normalizeAppleKeys", () => {
  it("R015 writes colours as rgb() and dates with seconds and no fraction, and leaves the rest and its input alone", () => {
    const apple = Object.freeze({
      stripColor: "#f0a",
      footerBackgroundColor: "rgb(1,2,3)",
      maxDistance: 150,
      newKey: { color: "#fff", date: "2026-05-01T18:30Z" },
      posterGeneric: {
        primaryFields: [
          { key: "a", value: "2026-05-01T18:30Z", dateStyle: "PKDateStyleShort" },
          { key: "b", value: "2026-05-01T18:30Z" },
        ],
      },
      upcomingPassInformation: [
        {
          identifier: "a",
          dateInformation: { date: "2026-05-01T18:30:00.500+02:00", timeZone: "Europe/Berlin" },
          backFields: [{ key: "c", value: 1, semantics: { eventEndDate: "2026-05-01T18:30Z" } }],
          semantics: { eventStartDate: "2026-05-01T18:30Z", seats: [{ seatRow: "1", seatSectionColor: "#fff" }] },
        },
      ],
    });
    expect(normalizeAppleKeys(apple)).toEqual({
      stripColor: "rgb(255, 0, 170)",
      footerBackgroundColor: "rgb(1, 2, 3)",
      maxDistance: 150,
      newKey: { color: "#fff", date: "2026-05-01T18:30Z" },
      posterGeneric: {
        primaryFields: [
          { key: "a", value: "2026-05-01T18:30:00Z", dateStyle: "PKDateStyleShort" },
          { key: "b", value: "2026-05-01T18:30Z" },
        ],
      },
      upcomingPassInformation: [
        {
          identifier: "a",
          dateInformation: { date: "2026-05-01T18:30:00+02:00", timeZone: "Europe/Berlin" },
          backFields: [{ key: "c", value: 1, semantics: { eventEndDate: "2026-05-01T18:30:00Z" } }],
          semantics: {
            eventStartDate: "2026-05-01T18:30:00Z",
            seats: [{ seatRow: "1", seatSectionColor: "rgb(255, 255, 255)" }],
          },
        },
      ],
    });
    expect(apple.stripColor).toBe("#f0a");
  });

  it("R015 writes the dates inside semantic tags alike", () => {
    expect(
      normalizeSemantics({ eventStartDateInfo: { date: "2026-05-01T18:30Z" }, eventName: "2026-05-01T18:30Z" }),
    ).toEqual({
      eventStartDateInfo: { date: "2026-05-01T18:30:00Z" },
      eventName: "2026-05-01T18:30Z",
    });
  });
});
