import type {
  BarcodeFormat,
  DataDetectorType,
  DateStyle,
  FieldPosition,
  NumberStyle,
  TextAlignment,
  TransitType,
} from "../pass-model/vocabulary";

/** Our vocabulary in Apple's words (Apple, "Wallet Passes": Pass, PassFields, PassFieldContent). */

export const appleTransitTypes: Record<TransitType, string> = {
  air: "PKTransitTypeAir",
  boat: "PKTransitTypeBoat",
  bus: "PKTransitTypeBus",
  generic: "PKTransitTypeGeneric",
  train: "PKTransitTypeTrain",
};

/** The group of each position; `footer` belongs to the poster style, not to the classic one. */
export const appleFieldGroups: Record<FieldPosition, string> = {
  header: "headerFields",
  primary: "primaryFields",
  secondary: "secondaryFields",
  auxiliary: "auxiliaryFields",
  back: "backFields",
  additionalInfo: "additionalInfoFields",
  footer: "footerFields",
};

/**
 * `classic` formats are drawn by every system, `recent` ones from iOS 27 on, and `null` ones never.
 * The top-level `barcode` of iOS 8 knows QR, PDF417 and Aztec only.
 */
export const appleBarcodes: Record<BarcodeFormat, { format: string; era: "classic" | "recent" } | null> = {
  qr: { format: "PKBarcodeFormatQR", era: "classic" },
  pdf417: { format: "PKBarcodeFormatPDF417", era: "classic" },
  aztec: { format: "PKBarcodeFormatAztec", era: "classic" },
  code128: { format: "PKBarcodeFormatCode128", era: "classic" },
  code39: { format: "PKBarcodeFormatCode39", era: "recent" },
  codabar: { format: "PKBarcodeFormatCodabar", era: "recent" },
  ean13: { format: "PKBarcodeFormatEAN13", era: "recent" },
  itf14: { format: "PKBarcodeFormatI2of5", era: "recent" },
  // A UPC-A code is an EAN-13 code with a leading zero (GS1 General Specifications, 5.2).
  upcA: { format: "PKBarcodeFormatEAN13", era: "recent" },
  ean8: null,
  dataMatrix: null,
};

export const appleTextAlignments: Record<TextAlignment, string> = {
  left: "PKTextAlignmentLeft",
  center: "PKTextAlignmentCenter",
  right: "PKTextAlignmentRight",
  natural: "PKTextAlignmentNatural",
};

export const appleDateStyles: Record<DateStyle, string> = {
  none: "PKDateStyleNone",
  short: "PKDateStyleShort",
  medium: "PKDateStyleMedium",
  long: "PKDateStyleLong",
  full: "PKDateStyleFull",
};

export const appleNumberStyles: Record<NumberStyle, string> = {
  decimal: "PKNumberStyleDecimal",
  percent: "PKNumberStylePercent",
  scientific: "PKNumberStyleScientific",
  spellOut: "PKNumberStyleSpellOut",
};

export const appleDataDetectors: Record<DataDetectorType, string> = {
  phoneNumber: "PKDataDetectorTypePhoneNumber",
  link: "PKDataDetectorTypeLink",
  address: "PKDataDetectorTypeAddress",
  calendarEvent: "PKDataDetectorTypeCalendarEvent",
};
