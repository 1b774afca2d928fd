/**
 * Enums of Google's Wallet Objects API v1 (discovery document, revision 20260806): value → the deprecated spellings that
 * Google still reads, separated by spaces. We write the values alone.
 */
export const googleEnums = {
  ActivationState: { UNKNOWN_STATE: "", NOT_ACTIVATED: "not_activated", ACTIVATED: "activated" },
  AnimationType: { ANIMATION_UNSPECIFIED: "", FOIL_SHIMMER: "foilShimmer" },
  BarcodeType: {
    BARCODE_TYPE_UNSPECIFIED: "",
    AZTEC: "aztec",
    CODE_39: "code39",
    CODE_128: "code128",
    CODABAR: "codabar",
    DATA_MATRIX: "dataMatrix",
    EAN_8: "ean8",
    EAN_13: "ean13 EAN13",
    ITF_14: "itf14",
    PDF_417: "pdf417 PDF417",
    QR_CODE: "qrCode qrcode",
    UPC_A: "upcA",
    TEXT_ONLY: "textOnly",
  },
  BoardingDoor: { BOARDING_DOOR_UNSPECIFIED: "", FRONT: "front", BACK: "back" },
  BoardingPolicy: {
    BOARDING_POLICY_UNSPECIFIED: "",
    ZONE_BASED: "zoneBased",
    GROUP_BASED: "groupBased",
    BOARDING_POLICY_OTHER: "boardingPolicyOther",
  },
  ConcessionCategory: { CONCESSION_CATEGORY_UNSPECIFIED: "", ADULT: "adult", CHILD: "child", SENIOR: "senior" },
  ConfirmationCodeLabel: {
    CONFIRMATION_CODE_LABEL_UNSPECIFIED: "",
    CONFIRMATION_CODE: "confirmationCode",
    CONFIRMATION_NUMBER: "confirmationNumber",
    ORDER_NUMBER: "orderNumber",
    RESERVATION_NUMBER: "reservationNumber",
  },
  DateFormat: {
    DATE_FORMAT_UNSPECIFIED: "",
    DATE_TIME: "dateTime",
    DATE_ONLY: "dateOnly",
    TIME_ONLY: "timeOnly",
    DATE_TIME_YEAR: "dateTimeYear",
    DATE_YEAR: "dateYear",
    YEAR_MONTH: "",
    YEAR_MONTH_DAY: "",
  },
  DiscoverableState: {
    STATE_UNSPECIFIED: "",
    TRUSTED_TESTERS: "trustedTesters",
    LIVE: "live",
    DISABLED: "disabled",
  },
  DoorsOpenLabel: { DOORS_OPEN_LABEL_UNSPECIFIED: "", DOORS_OPEN: "doorsOpen", GATES_OPEN: "gatesOpen" },
  FareClass: { FARE_CLASS_UNSPECIFIED: "", ECONOMY: "economy", FIRST: "first", BUSINESS: "business" },
  FlightStatus: {
    FLIGHT_STATUS_UNSPECIFIED: "",
    SCHEDULED: "scheduled",
    ACTIVE: "active",
    LANDED: "landed",
    CANCELLED: "cancelled",
    REDIRECTED: "redirected",
    DIVERTED: "diverted",
  },
  GateLabel: { GATE_LABEL_UNSPECIFIED: "", GATE: "gate", DOOR: "door", ENTRANCE: "entrance" },
  GenericType: {
    GENERIC_TYPE_UNSPECIFIED: "",
    GENERIC_SEASON_PASS: "",
    GENERIC_UTILITY_BILLS: "",
    GENERIC_PARKING_PASS: "",
    GENERIC_VOUCHER: "",
    GENERIC_GYM_MEMBERSHIP: "",
    GENERIC_LIBRARY_MEMBERSHIP: "",
    GENERIC_RESERVATIONS: "",
    GENERIC_AUTO_INSURANCE: "",
    GENERIC_HOME_INSURANCE: "",
    GENERIC_ENTRY_TICKET: "",
    GENERIC_RECEIPT: "",
    GENERIC_LOYALTY_CARD: "",
    GENERIC_BUSINESS_CARD: "",
    GENERIC_BARCODE_PASS: "",
    GENERIC_MEMBERSHIP_CARD: "",
    GENERIC_STUDENT_CARD: "",
    GENERIC_TRANSIT_PASS: "",
    GENERIC_VEHICLE_REGISTRATION: "",
    GENERIC_OTHER: "",
  },
  HoldersAllowed: {
    STATUS_UNSPECIFIED: "",
    MULTIPLE_HOLDERS: "multipleHolders",
    ONE_USER_ALL_DEVICES: "oneUserAllDevices",
    ONE_USER_ONE_DEVICE: "oneUserOneDevice",
  },
  MessageType: {
    MESSAGE_TYPE_UNSPECIFIED: "",
    TEXT: "text",
    EXPIRATION_NOTIFICATION: "expirationNotification",
    TEXT_AND_NOTIFY: "",
  },
  NfcConstraint: { NFC_CONSTRAINT_UNSPECIFIED: "", BLOCK_PAYMENT: "", BLOCK_CLOSED_LOOP_TRANSIT: "" },
  NotifyPreference: { NOTIFICATION_SETTINGS_FOR_UPDATES_UNSPECIFIED: "", NOTIFY_ON_UPDATE: "" },
  PassengerType: {
    PASSENGER_TYPE_UNSPECIFIED: "",
    SINGLE_PASSENGER: "singlePassenger",
    MULTIPLE_PASSENGERS: "multiplePassengers",
  },
  PredefinedItem: {
    PREDEFINED_ITEM_UNSPECIFIED: "",
    FREQUENT_FLYER_PROGRAM_NAME_AND_NUMBER: "frequentFlyerProgramNameAndNumber",
    FLIGHT_NUMBER_AND_OPERATING_FLIGHT_NUMBER: "flightNumberAndOperatingFlightNumber",
  },
  RedemptionChannel: {
    REDEMPTION_CHANNEL_UNSPECIFIED: "",
    INSTORE: "instore",
    ONLINE: "online",
    BOTH: "both",
    TEMPORARY_PRICE_REDUCTION: "temporaryPriceReduction",
  },
  RenderEncoding: { RENDER_ENCODING_UNSPECIFIED: "", UTF_8: "" },
  ReviewStatus: {
    REVIEW_STATUS_UNSPECIFIED: "",
    UNDER_REVIEW: "underReview",
    APPROVED: "approved",
    REJECTED: "rejected",
    DRAFT: "draft",
  },
  Role: { ROLE_UNSPECIFIED: "", OWNER: "owner", READER: "reader", WRITER: "writer" },
  RowLabel: { ROW_LABEL_UNSPECIFIED: "", ROW: "row" },
  ScreenshotEligibility: { SCREENSHOT_ELIGIBILITY_UNSPECIFIED: "", ELIGIBLE: "", INELIGIBLE: "" },
  SeatClassPolicy: {
    SEAT_CLASS_POLICY_UNSPECIFIED: "",
    CABIN_BASED: "cabinBased",
    CLASS_BASED: "classBased",
    TIER_BASED: "tierBased",
    SEAT_CLASS_POLICY_OTHER: "seatClassPolicyOther",
  },
  SeatLabel: { SEAT_LABEL_UNSPECIFIED: "", SEAT: "seat" },
  SectionLabel: { SECTION_LABEL_UNSPECIFIED: "", SECTION: "section", THEATER: "theater" },
  SharedDataType: {
    SHARED_DATA_TYPE_UNSPECIFIED: "",
    FIRST_NAME: "",
    LAST_NAME: "",
    STREET_ADDRESS: "",
    ADDRESS_LINE_1: "",
    ADDRESS_LINE_2: "",
    ADDRESS_LINE_3: "",
    CITY: "",
    STATE: "",
    ZIPCODE: "",
    COUNTRY: "",
    EMAIL: "",
    PHONE: "",
  },
  SmartTapAction: { ACTION_UNSPECIFIED: "", S2AP: "s2ap", SIGN_UP: "signUp" },
  State: {
    STATE_UNSPECIFIED: "",
    ACTIVE: "active",
    COMPLETED: "completed",
    EXPIRED: "expired",
    INACTIVE: "inactive",
  },
  TicketStatus: { TICKET_STATUS_UNSPECIFIED: "", USED: "used", REFUNDED: "refunded", EXCHANGED: "exchanged" },
  TotpAlgorithm: { TOTP_ALGORITHM_UNSPECIFIED: "", TOTP_SHA1: "" },
  TransitOption: {
    TRANSIT_OPTION_UNSPECIFIED: "",
    ORIGIN_AND_DESTINATION_NAMES: "originAndDestinationNames",
    ORIGIN_AND_DESTINATION_CODES: "originAndDestinationCodes",
    ORIGIN_NAME: "originName",
  },
  TransitType: {
    TRANSIT_TYPE_UNSPECIFIED: "",
    BUS: "bus",
    RAIL: "rail",
    TRAM: "tram",
    FERRY: "ferry",
    OTHER: "other",
  },
  TripType: { TRIP_TYPE_UNSPECIFIED: "", ROUND_TRIP: "roundTrip", ONE_WAY: "oneWay" },
  ViewUnlockRequirement: {
    VIEW_UNLOCK_REQUIREMENT_UNSPECIFIED: "",
    UNLOCK_NOT_REQUIRED: "",
    UNLOCK_REQUIRED_TO_VIEW: "",
  },
} as const;

export type GoogleEnumName = keyof typeof googleEnums;

/** What an absent member means; it is read, and never written. */
type Unspecified = `${string}_UNSPECIFIED` | "UNKNOWN_STATE";

export type GoogleEnumValue<Name extends GoogleEnumName> = Exclude<keyof (typeof googleEnums)[Name], Unspecified>;

/** Every spelling that Google reads. */
export function spellings(name: GoogleEnumName): string[] {
  return Object.entries(googleEnums[name]).flatMap(([value, aliases]) => [
    value,
    ...aliases.split(" ").filter(Boolean),
  ]);
}

/** The spelling that we write: the value itself for one of its deprecated spellings. */
export function canonicalSpelling(name: GoogleEnumName, spelling: string): string {
  const found = Object.entries(googleEnums[name]).find(([, aliases]) => aliases.split(" ").includes(spelling));
  return found && spelling !== "" ? found[0] : spelling;
}
