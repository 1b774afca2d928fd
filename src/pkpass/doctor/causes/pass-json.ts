import type { Cause } from "./cause";

/** pass.json as text, and its members but for the fields. */
export const passJsonCauses = {
  pass_json_bom: {
    severity: "error",
    why: "A byte order mark at the start makes pass.json unreadable to Wallet.",
    remedy: "Save the file as UTF-8 without BOM.",
  },
  pass_json_encoding: {
    severity: "error",
    why: "Wallet reads pass.json as UTF-8.",
    remedy: "Save the file as UTF-8 without BOM.",
  },
  pass_json_invalid: {
    severity: "error",
    why: "Wallet cannot parse pass.json.",
    remedy: "Write it with a JSON library, one object at the top.",
  },
  pass_json_trailing_comma: {
    severity: "warning",
    why: "Strict JSON has no comma before a closing bracket. Wallet is known to take it; other readers do not.",
    remedy: "Remove the comma, or write the file with a JSON library.",
  },
  null_value: {
    severity: "error",
    why: "A null anywhere makes the pass unreadable to Wallet.",
    remedy: "Leave the member out.",
  },
  required_key_missing: {
    severity: "error",
    why: "Wallet refuses a pass without it.",
    remedy:
      "Add it: a pass has formatVersion, passTypeIdentifier, serialNumber, teamIdentifier, organizationName and description.",
  },
  format_version_wrong: {
    severity: "error",
    why: "There is one version of the format: 1.",
    remedy: 'Write "formatVersion": 1, a number.',
  },
  member_type_wrong: {
    severity: "error",
    why: "Wallet expects another type of value here, and refuses the pass as invalid data.",
    remedy: "Write what is expected.",
  },
  member_invalid: {
    severity: "error",
    why: "The value is none that Apple documents for this key.",
    remedy: "Write what is expected, or leave the key out.",
  },
  unknown_key: {
    severity: "info",
    why: "The key is not in Apple's documentation; Wallet ignores what it does not know.",
    remedy: "Correct its name, or leave it out.",
  },
  key_not_for_style: {
    severity: "warning",
    why: "Passes of this style have no such key, so Wallet ignores it.",
    remedy: "Leave it out, or use the style that has it.",
  },
  layout_not_requested: {
    severity: "warning",
    why: "Only another layout shows it, and preferredStyleSchemes does not ask for that.",
    remedy: "Name the layout in preferredStyleSchemes, or leave the key out.",
  },
  style_missing: {
    severity: "error",
    why: "Without boardingPass, coupon, eventTicket, generic or storeCard Wallet does not know what to draw.",
    remedy: "Add one of them, with the fields in it.",
  },
  style_multiple: {
    severity: "error",
    why: "A pass has one style; only posterGeneric may stand beside it.",
    remedy: "Leave one style.",
  },
  style_poster_generic_alone: {
    severity: "warning",
    why: "A pass with posterGeneric alone cannot be installed on iOS 26 and earlier.",
    remedy: "Add a classic style beside it, such as generic.",
  },
  transit_type_missing: {
    severity: "error",
    why: "A boardingPass needs its transitType.",
    remedy: "Add PKTransitTypeAir, Boat, Bus, Generic or Train to boardingPass.",
  },
  transit_type_unknown: {
    severity: "error",
    why: "The transit type is none that Apple documents.",
    remedy: "Use PKTransitTypeAir, PKTransitTypeBoat, PKTransitTypeBus, PKTransitTypeGeneric or PKTransitTypeTrain.",
  },
  transit_type_forbidden: {
    severity: "error",
    why: "Only a boardingPass has a transitType.",
    remedy: "Leave it out.",
  },
  color_invalid: {
    severity: "error",
    why: "Wallet reads rgb(r, g, b) with channels from 0 to 255, #RRGGBB and #RGB, and refuses the pass otherwise.",
    remedy: "Write it as rgb(255, 255, 255).",
  },
  url_invalid: {
    severity: "error",
    why: "A space or another character that no URL has makes the pass unreadable.",
    remedy: "Percent-encode it (a space is %20) and write the scheme, such as https://.",
  },
  url_not_https: {
    severity: "warning",
    why: "iOS opens plain http with a warning, or not at all.",
    remedy: "Use https.",
  },
  date_without_zone: {
    severity: "error",
    why: "Wallet does not parse a date without a time zone.",
    remedy: "Add Z or an offset such as +02:00.",
  },
  date_invalid: {
    severity: "error",
    why: "Wallet does not parse it as a date.",
    remedy: "Write it as 2026-05-01T18:30:00+02:00; the offset is Z or ±HH:MM.",
  },
  pass_expired: {
    severity: "warning",
    why: "Its expirationDate has passed: Wallet shows it greyed out among the expired passes.",
    remedy: "Set a later expirationDate, or leave it out.",
  },
  pass_voided: {
    severity: "info",
    why: "The pass says that it is void: Wallet shows it greyed out.",
    remedy: "Remove voided if the pass is to be used.",
  },
  web_service_absent: {
    severity: "warning",
    why: "Without webServiceURL at its first issue the pass installs and can never be updated.",
    remedy: "Add webServiceURL and authenticationToken, if the pass is ever to change.",
  },
  web_service_token_missing: {
    severity: "error",
    why: "webServiceURL and authenticationToken belong together; without the token no device registers.",
    remedy: "Add an authenticationToken of at least 16 characters.",
  },
  web_service_url_missing: {
    severity: "error",
    why: "authenticationToken and webServiceURL belong together; without the URL the pass never updates.",
    remedy: "Add webServiceURL, or leave authenticationToken out.",
  },
  web_service_token_short: {
    severity: "error",
    why: "Wallet refuses a token of fewer than 16 characters.",
    remedy: "Use a random token of 16 characters or more. On passes that are installed it can never change.",
  },
  web_service_not_https: {
    severity: "error",
    why: "The pass installs, and its device never calls a web service without https.",
    remedy: "Serve it over https.",
  },
  web_service_versioned: {
    severity: "error",
    why: "The device adds /v1 itself, so it would call /v1/v1/…, and the pass never updates.",
    remedy: "Leave /v1 out of webServiceURL.",
  },
  barcode_format_unknown: {
    severity: "error",
    why: "Wallet knows QR, PDF417, Aztec, Code 128, and from iOS 27 on Code 39, Codabar, EAN-13 and I2of5.",
    remedy: "Use a documented format, such as PKBarcodeFormatQR.",
  },
  barcode_format_recent: {
    severity: "warning",
    why: "The format is drawn from iOS 27 on; older systems show no code at all.",
    remedy: "Add a second entry to barcodes with a format that every system draws, such as PKBarcodeFormatCode128.",
  },
  barcode_format_not_here: {
    severity: "error",
    why: "The old member barcode knows QR, PDF417 and Aztec only.",
    remedy: "Put the code into barcodes.",
  },
  barcode_message_missing: {
    severity: "error",
    why: "A code without a message cannot be drawn, and the pass is refused.",
    remedy: "Add message, text that is not empty.",
  },
  barcode_encoding_missing: {
    severity: "error",
    why: "messageEncoding is mandatory.",
    remedy: 'Add "messageEncoding": "iso-8859-1".',
  },
  barcode_encoding_unfit: {
    severity: "error",
    why: "The message has characters that its messageEncoding does not have.",
    remedy: "Use utf-8, or a message within the encoding (and check that your scanners read it).",
  },
  barcode_message_unfit: {
    severity: "warning",
    why: "The format cannot express this message, so no code is drawn.",
    remedy: "Use another message or another format.",
  },
  barcodes_missing: {
    severity: "info",
    why: "barcode is deprecated since iOS 9; it is still shown.",
    remedy: "Put the same object into the list barcodes as well.",
  },
  locations_too_many: {
    severity: "warning",
    why: "Wallet uses at most 10 locations.",
    remedy: "Keep the ten that matter.",
  },
  location_invalid: {
    severity: "error",
    why: "A location has a latitude from -90 to 90 and a longitude from -180 to 180.",
    remedy: "Write both as numbers in degrees.",
  },
  beacon_invalid: {
    severity: "error",
    why: "A beacon has a proximityUUID, and major and minor from 0 to 65535.",
    remedy: "Write the UUID as the beacon has it, and the numbers as numbers.",
  },
  relevant_date_invalid: {
    severity: "error",
    why: "An entry of relevantDates is {date}, or {startDate, endDate}.",
    remedy: "Give the one or the other.",
  },
  relevant_interval_invalid: {
    severity: "warning",
    why: "An interval ends after it starts and lasts 24 hours at most; Wallet does not bring up the pass otherwise.",
    remedy: "Shorten it, or use several entries.",
  },
  nfc_message_invalid: {
    severity: "error",
    why: "The NFC message has at least one byte and at most 64.",
    remedy: "Shorten the message.",
  },
  nfc_key_invalid: {
    severity: "error",
    why: "encryptionPublicKey is the base64 X.509 SubjectPublicKeyInfo of a P-256 key.",
    remedy: "openssl ec -in key.pem -pubout -outform DER | base64, for a key of the curve prime256v1.",
  },
  app_launch_without_store: {
    severity: "warning",
    why: "appLaunchURL works only beside associatedStoreIdentifiers, so there is no button.",
    remedy: "Add the App Store identifier of the app.",
  },
  scheme_fallback: {
    severity: "warning",
    why: "The layout is asked for and its requirements are not met, so the classic one is shown.",
    remedy: "Add what is missing, or do not ask for the layout.",
  },
  scheme_incomplete: {
    severity: "info",
    why: "The layout is shown, and poorer than it could be.",
    remedy: "Add what is missing.",
  },
  semantic_tag_invalid: {
    severity: "warning",
    why: "The tag is not as Apple documents it, so the system cannot use it.",
    remedy: "Write what is expected, or leave the tag out.",
  },
  unknown_semantic_tag: {
    severity: "info",
    why: "The tag is not in Apple's documentation; Wallet ignores what it does not know.",
    remedy: "Correct its name, or leave it out.",
  },
} satisfies Record<string, Cause>;
