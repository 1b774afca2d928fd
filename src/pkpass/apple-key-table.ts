import * as z from "zod";
import type { JsonObject } from "../pass-model/resolved-pass";
import { flag, phoneNumber } from "../pass-model/shapes";
import type { FieldPosition, ImageSlot, PassStyle } from "../pass-model/vocabulary";
import {
  color,
  distance,
  email,
  eventLinks,
  featuredActions,
  link,
  posterGeneric,
  requiredText,
  storeIdentifiers,
  symbolName,
  upcomingEvents,
} from "./apple-key-shapes";

/** What the rules need to know of the template or pass that carries the `apple` member. */
export interface AppleKeyContext {
  style: PassStyle;
  nfc: boolean;
  nfcRequiresAuthentication: boolean;
  barcode: boolean;
  semantics: JsonObject;
  /** Whether the design lists `associatedStoreIdentifiers`. */
  associatedStoreIdentifiers: boolean;
  /** The slots that have an image. */
  images: ImageSlot[];
  /** The positions that the fields of the design use. */
  fieldPositions: FieldPosition[];
  /** False if the pass is to be written without the dictionary of its `style`, as a poster generic pass alone. */
  legacyStyle: boolean;
}

/** The layouts beyond the classic five. The first two are asked for by `preferredStyleSchemes`. */
export type AppleLayout = "posterEventTicket" | "semanticBoardingPass" | "posterGeneric";

interface AppleKey {
  shape: z.ZodType;
  /** The layouts that show the key; absent if every pass does. */
  layouts?: readonly AppleLayout[];
  /** The key means nothing without one of its layouts, so it is refused and not just ignored by Wallet. */
  needsLayout?: true;
}

const poster = ["posterEventTicket"] as const;
const boarding = ["semanticBoardingPass"] as const;
const posters = ["posterEventTicket", "posterGeneric"] as const;

export const styleSchemes = ["posterEventTicket", "eventTicket", "semanticBoardingPass", "boardingPass"] as const;

const eventLinkKeys = Object.fromEntries(
  Object.entries(eventLinks).map(([key, shape]): [string, AppleKey] => [key, { shape, layouts: poster }]),
);

/**
 * The keys of pass.json that Apple Wallet knows and our design does not model (Apple documentation, Wallet
 * Passes: Pass). `logoSymbolName` and `stripColor` are in pass-builder's Pass only.
 */
export const appleKeys: ReadonlyMap<string, AppleKey> = new Map<string, AppleKey>(
  Object.entries({
    maxDistance: { shape: distance },
    stripColor: { shape: color },
    suppressStripShine: { shape: flag },
    logoSymbolName: { shape: symbolName },
    featuredActions: { shape: featuredActions },
    posterGeneric: { shape: posterGeneric },

    // Poster event ticket, iOS 18; those with an own look are read by the poster generic pass, too.
    preferredStyleSchemes: {
      shape: z
        .array(z.enum(styleSchemes, `expected one of ${styleSchemes.join(", ")}`), "expected a list of schemes")
        .min(1, "expected at least one scheme"),
    },
    auxiliaryStoreIdentifiers: { shape: storeIdentifiers, layouts: poster },
    footerBackgroundColor: { shape: color, layouts: posters },
    suppressHeaderDarkening: { shape: flag, layouts: posters },
    useAutomaticColors: { shape: flag, layouts: posters },
    eventLogoText: { shape: requiredText, layouts: poster },
    upcomingPassInformation: { shape: upcomingEvents, layouts: poster, needsLayout: true },
    ...eventLinkKeys,
    orderFoodURL: { shape: link, layouts: ["posterEventTicket", "semanticBoardingPass"] },

    // Semantic boarding pass, iOS 26
    changeSeatURL: { shape: link, layouts: boarding },
    entertainmentURL: { shape: link, layouts: boarding },
    managementURL: { shape: link, layouts: boarding },
    purchaseAdditionalBaggageURL: { shape: link, layouts: boarding },
    purchaseLoungeAccessURL: { shape: link, layouts: boarding },
    purchaseWifiURL: { shape: link, layouts: boarding },
    registerServiceAnimalURL: { shape: link, layouts: boarding },
    reportLostBagURL: { shape: link, layouts: boarding },
    requestWheelchairURL: { shape: link, layouts: boarding },
    upgradeURL: { shape: link, layouts: boarding },
    transitProviderEmail: { shape: email, layouts: boarding },
    transitProviderPhoneNumber: { shape: phoneNumber, layouts: boarding },
    transitProviderWebsiteURL: { shape: link, layouts: boarding },
  } satisfies Record<string, AppleKey>),
);

export const appleKeyShape = z
  .strictObject(Object.fromEntries([...appleKeys].map(([key, { shape }]) => [key, shape])))
  .partial();

/**
 * The links that make up the event guide. Selling and transferring are links, too, but stand beside
 * "share", so they do not count for the guide (passkit-generator, schema of pass.json).
 */
export const eventGuideLinks = Object.keys(eventLinks).filter((key) => key !== "sellURL" && key !== "transferURL");

const asField = (position: string) => `use fields with the position \`${position}\``;
const written = "WePass writes it into every pass";

/** Keys of pass.json and of its style dictionaries that the design models, and what to use instead. */
export const modelledKeys: ReadonlyMap<string, string> = new Map([
  ["formatVersion", written],
  ["passTypeIdentifier", "it comes from the certificate that signs the pass"],
  ["teamIdentifier", "it comes from the certificate that signs the pass"],
  ["serialNumber", "WePass gives each pass its own"],
  ["webServiceURL", written],
  ["authenticationToken", written],
  ["organizationName", "use `organizationName` of the template"],
  ["description", "use `description` of the template"],
  ["boardingPass", "use `style`, `transitType` and `fields`"],
  ["coupon", "use `style` and `fields`"],
  ["eventTicket", "use `style` and `fields`"],
  ["generic", "use `style` and `fields`"],
  ["storeCard", "use `style` and `fields`"],
  ["transitType", "use `transitType` of the template"],
  ["headerFields", asField("header")],
  ["primaryFields", asField("primary")],
  ["secondaryFields", asField("secondary")],
  ["auxiliaryFields", asField("auxiliary")],
  ["backFields", asField("back")],
  ["additionalInfoFields", asField("additionalInfo")],
  ["footerFields", asField("footer")],
  ["expirationDate", "use `expiration` of the template or `expiresAt` of the pass"],
  ["voided", "void the pass instead"],
  ["barcodes", "use `barcode`"],
  ["barcode", "use `barcode` beside `apple`"],
  ["locations", "use `locations` beside `apple`"],
  ["beacons", "use `beacons` beside `apple`"],
  ["relevantDates", "use `relevantDates` beside `apple`"],
  ["relevantDate", "use `relevantDates`"],
  ["backgroundColor", "use `colors.background`"],
  ["foregroundColor", "use `colors.foreground`"],
  ["labelColor", "use `colors.label`"],
  ["logoText", "use `logoText` beside `apple`"],
  ["nfc", "use `nfc` beside `apple`"],
  ["semantics", "use `semantics` beside `apple`"],
  ["groupingIdentifier", "use `groupingIdentifier` beside `apple`"],
  ["sharingProhibited", "use `sharingProhibited` beside `apple`"],
  ["associatedStoreIdentifiers", "use `associatedStoreIdentifiers` beside `apple`"],
  ["appLaunchURL", "use `appLaunchUrl`"],
  ["userInfo", "use `userInfo` beside `apple`"],
]);
