import type {
  BarcodeFormat,
  DataDetectorType,
  DateStyle,
  FieldPosition,
  FieldType,
  GoogleVertical,
  ImageDensity,
  ImageSlot,
  NumberStyle,
  PassStyle,
  PersonalizationField,
  TextAlignment,
  TransitType,
} from "./vocabulary";

/** Any JSON value: what `userInfo`, `semantics` and `apple` carry. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/**
 * A pass with every rule of its template applied, and no wallet in mind. Projections read this and
 * nothing else, so what is not here cannot differ between wallets.
 */
export interface ResolvedPass {
  id: string;
  serialNumber: string;
  externalId: string | null;
  templateId: string;
  templateVersion: number;
  /** Grows by one with each change of the resolved pass. */
  version: number;
  style: PassStyle;
  /** Set if and only if `style` is `boardingPass`. */
  transitType: TransitType | null;
  organizationName: string;
  description: string;
  logoText: string | null;
  /** `#rrggbb`, lower case. */
  colors: { background: string | null; foreground: string | null; label: string | null };
  /** In the order of the design; a field without a value is absent. */
  fields: ResolvedField[];
  /** Every field of the design in its order, with a value or without: the same for all passes of a template version. */
  layout: FieldPlace[];
  barcode: ResolvedBarcode | null;
  /** ISO 8601 with offset, or null if the pass never expires. */
  expiresAt: string | null;
  voided: boolean;
  locations: ResolvedLocation[];
  beacons: ResolvedBeacon[];
  relevantDates: ResolvedRelevantDate[];
  groupingIdentifier: string | null;
  sharingProhibited: boolean;
  associatedStoreIdentifiers: number[];
  appLaunchUrl: string | null;
  userInfo: Json | null;
  /** Semantic tags in Apple's public names, the neutral vocabulary for flight, venue and seat data. */
  semantics: JsonObject;
  nfc: { message: string; encryptionPublicKey: string; requiresAuthentication: boolean } | null;
  /** What the holder is asked for when the pass is added; null if the template asks nothing. */
  personalization: ResolvedPersonalization | null;
  /** Members that only Apple Wallet knows, as the tenant wrote them. */
  apple: JsonObject;
  /** What only Google Wallet knows, in its names; placeholders of `object` are filled in. */
  google: { vertical: GoogleVertical | null; class: JsonObject; object: JsonObject };
  /** Language tag to string table: the text as the design has it to its translation. */
  localizations: Record<string, Record<string, string>>;
  images: ResolvedImages;
  /** The same without the pictures of this pass alone. */
  templateImages: ResolvedImages;
  /** BCP 47 tag and IANA zone of the tenant: what a server-side formatter falls back to. */
  locale: string;
  timeZone: string;
}

/** The value of one field after defaults, static, dynamic and computed values were applied. */
export interface ResolvedField {
  key: string;
  label: string | null;
  type: FieldType;
  position: FieldPosition;
  /**
   * By type: a number for `number`, `currency` and `percent` (a fraction); `YYYY-MM-DD` for `date`,
   * `HH:MM` for `time`, ISO 8601 with offset for `dateTime`; text for the rest.
   */
  value: string | number;
  /** ISO 4217, for `currency` only. */
  currencyCode: string | null;
  /** IANA zone in which `time` and `dateTime` are shown; null shows a `dateTime` in the reader's zone. */
  timeZone: string | null;
  relative: boolean;
  dateStyle: DateStyle | null;
  timeStyle: DateStyle | null;
  numberStyle: NumberStyle | null;
  textAlignment: TextAlignment | null;
  dataDetectorTypes: DataDetectorType[] | null;
  changeMessage: string | null;
  row: 0 | 1 | null;
  semantics: JsonObject | null;
}

export interface FieldPlace {
  key: string;
  label: string | null;
  type: FieldType;
  position: FieldPosition;
}

export interface ResolvedBarcode {
  format: BarcodeFormat;
  message: string;
  altText: string | null;
  /** IANA charset name, such as `iso-8859-1` or `utf-8`. */
  encoding: string;
}

export interface ResolvedLocation {
  latitude: number;
  longitude: number;
  altitude: number | null;
  /** Metres. */
  radius: number | null;
  relevantText: string | null;
}

export interface ResolvedBeacon {
  proximityUuid: string;
  major: number | null;
  minor: number | null;
  relevantText: string | null;
}

/** One instant, or an interval of at most 24 hours. ISO 8601 with offset. */
export type ResolvedRelevantDate = { date: string } | { startDate: string; endDate: string };

export interface ResolvedPersonalization {
  description: string;
  requiredFields: PersonalizationField[];
  termsAndConditions: string | null;
  /** Whether the holder has answered: the pass then comes without its questions. */
  done: boolean;
}

export type ResolvedImages = Partial<Record<ImageSlot, ResolvedSlot>>;

export interface ResolvedSlot extends Partial<Record<ImageDensity, ResolvedImage>> {
  /** The one picture that the densities were derived from; absent if each was given by itself. */
  original?: ResolvedImage;
}

export interface ResolvedImage {
  id: string;
  /** Pixels. */
  width: number;
  height: number;
  /** Lowercase hex SHA-256 of the stored bytes. */
  sha256: string;
  /** Name of the derived picture, such as `logo@2x`; absent if it is the image itself. */
  variant?: string;
}

/** What a projection could not keep, told to the caller of the API. */
export interface Warning {
  /** Stable, snake_case, for programs. */
  code: string;
  /** JSON Pointer with `#` to the member of the template or pass that is concerned. */
  pointer: string;
  /** For people: what was seen and what happens instead. */
  detail: string;
}
