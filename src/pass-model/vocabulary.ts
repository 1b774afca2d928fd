/**
 * The closed vocabularies of a pass, in the field's own words. Each is one table: a projection maps it
 * with a `Record` over these types, so a value that a wallet's projection forgets does not compile.
 */

export const passStyles = ["boardingPass", "coupon", "eventTicket", "generic", "storeCard"] as const;
export type PassStyle = (typeof passStyles)[number];

export const transitTypes = ["air", "boat", "bus", "generic", "train"] as const;
export type TransitType = (typeof transitTypes)[number];

export const fieldTypes = [
  "text",
  "number",
  "currency",
  "date",
  "time",
  "dateTime",
  "percent",
  "url",
  "email",
  "phone",
] as const;
export type FieldType = (typeof fieldTypes)[number];

/** `additionalInfo` is shown by event tickets on iOS 18 and later, `footer` by poster passes on iOS 27. */
export const fieldPositions = [
  "header",
  "primary",
  "secondary",
  "auxiliary",
  "back",
  "additionalInfo",
  "footer",
] as const;
export type FieldPosition = (typeof fieldPositions)[number];

/**
 * Barcode formats. The first four are known to every wallet; the others are the legacy retail and
 * industrial formats, which wallets show only in part (a projection warns).
 */
export const barcodeFormats = [
  "qr",
  "pdf417",
  "aztec",
  "code128",
  "code39",
  "codabar",
  "ean13",
  "itf14",
  "ean8",
  "upcA",
  "dataMatrix",
] as const;
export type BarcodeFormat = (typeof barcodeFormats)[number];

export const textAlignments = ["left", "center", "right", "natural"] as const;
export type TextAlignment = (typeof textAlignments)[number];

export const dateStyles = ["none", "short", "medium", "long", "full"] as const;
export type DateStyle = (typeof dateStyles)[number];

export const numberStyles = ["decimal", "percent", "scientific", "spellOut"] as const;
export type NumberStyle = (typeof numberStyles)[number];

export const dataDetectorTypes = ["phoneNumber", "link", "address", "calendarEvent"] as const;
export type DataDetectorType = (typeof dataDetectorTypes)[number];

/**
 * Image slots of a design, named as Apple names the files (apple docs, "Pass Design and Creation"). The
 * `personalizationLogo` is shown while a person enrols, and never on the pass.
 */
export const imageSlots = [
  "icon",
  "logo",
  "strip",
  "background",
  "thumbnail",
  "footer",
  "artwork",
  "primaryLogo",
  "secondaryLogo",
  "venueMap",
  "personalizationLogo",
] as const;
export type ImageSlot = (typeof imageSlots)[number];

/** Pixel densities of one slot; `1x` is the size in points. */
export const imageDensities = ["1x", "2x", "3x"] as const;
export type ImageDensity = (typeof imageDensities)[number];

/** What a person can be asked for when a rewards card is added (Apple, personalization.json). */
export const personalizationFields = ["name", "postalCode", "emailAddress", "phoneNumber"] as const;
export type PersonalizationField = (typeof personalizationFields)[number];

/** What Google Wallet calls the kinds of passes. */
export const googleVerticals = ["eventTicket", "flight", "generic", "giftCard", "loyalty", "offer", "transit"] as const;
export type GoogleVertical = (typeof googleVerticals)[number];
