import { strToU8 } from "fflate";
import type { JsonObject } from "../../../src/pass-model/resolved-pass";
import { goodJson, nfc, nfcMaterial, type Spoiled } from "./passes";

const text = () => JSON.stringify(goodJson());
const utf16 = (content: string) =>
  Uint8Array.from(Array.from(content).flatMap((character) => [character.charCodeAt(0), 0]));
const asText = (content: string): Spoiled => ({ passJson: strToU8(content) });
export const json = (change: (pass: any) => void): Spoiled => ({ json: change });
const set = (key: string, value: unknown) => json((pass) => (pass[key] = value));
const without = (key: string) => json((pass) => delete pass[key]);
const barcode = (entry: JsonObject) =>
  json((pass) => {
    Object.assign(pass.barcodes[0], entry);
    delete pass.barcode;
  });
export const underNfc = (entry: JsonObject): Spoiled => ({
  material: nfcMaterial,
  json: (pass) => (pass.nfc = { ...nfc, ...entry }),
});
const withoutMember = (entry: JsonObject, member: string): JsonObject =>
  Object.fromEntries(Object.entries(entry).filter(([key]) => key !== member));
const style = (name: string, dictionary: object = {}) =>
  json((pass) => {
    delete pass.storeCard;
    pass[name] = { primaryFields: [{ key: "a", value: "b" }], ...dictionary };
  });

export const passJsonCases: [code: string, at: string | null, how: string, Spoiled][] = [
  ["pass_json_bom", "", "a byte order mark", asText(`\ufeff${text()}`)],
  ["pass_json_encoding", "", "UTF-16", { passJson: utf16(text()) }],
  ["pass_json_encoding", "", "no UTF-8", { passJson: Uint8Array.from([...strToU8(text()), 0xff]) }],
  ["pass_json_invalid", "", "cut off", asText(text().slice(0, -2))],
  ["pass_json_invalid", "", "nothing", asText("")],
  ["pass_json_invalid", "", "a list", asText("[1]")],
  ["pass_json_invalid", "", "single quotes", asText("{'formatVersion': 1}")],
  ["pass_json_trailing_comma", "", "a comma too many", asText(text().replace(/\}$/, ",\n}"))],
  ["null_value", "#/logoText", "null", set("logoText", null)],
  ["null_value", "#/description", "null for what is required", set("description", null)],
  ["null_value", "#/userInfo/a/0", "null far down", set("userInfo", { a: [null] })],
  [
    "null_value",
    "#/storeCard/headerFields/0/value",
    "null for a value",
    json((pass) => (pass.storeCard.headerFields[0].value = null)),
  ],
  ["required_key_missing", "#/passTypeIdentifier", "no pass type", without("passTypeIdentifier")],
  ["required_key_missing", "#/serialNumber", "no serial number", without("serialNumber")],
  ["required_key_missing", "#/teamIdentifier", "no team", without("teamIdentifier")],
  ["required_key_missing", "#/organizationName", "no organisation", without("organizationName")],
  ["required_key_missing", "#/description", "no description", without("description")],
  ["required_key_missing", "#/formatVersion", "no format version", without("formatVersion")],
  ["required_key_missing", "#/serialNumber", "an empty serial number", set("serialNumber", "")],
  ["format_version_wrong", "#/formatVersion", "2", set("formatVersion", 2)],
  ["format_version_wrong", "#/formatVersion", "text", set("formatVersion", "1")],
  ["member_type_wrong", "#/serialNumber", "a number", set("serialNumber", 4711)],
  ["member_type_wrong", "#/voided", "text", set("voided", "true")],
  ["member_type_wrong", "#/locations", "an object", set("locations", {})],
  ["member_type_wrong", "#/associatedStoreIdentifiers", "text", set("associatedStoreIdentifiers", ["284882215"])],
  ["member_type_wrong", "#/storeCard/backFields", "an object", json((pass) => (pass.storeCard.backFields = {}))],
  ["member_type_wrong", "#/storeCard/backFields/0", "text", json((pass) => (pass.storeCard.backFields[0] = "x"))],
  ["member_invalid", "#/maxDistance", "a negative distance", set("maxDistance", -1)],
  ["member_invalid", "#/suppressStripShine", "text", set("suppressStripShine", "yes")],
  ["unknown_key", "#/webserviceURL", "another case", set("webserviceURL", "https://api.example.com")],
  ["unknown_key", "#/storeCard/fields", "a group of no name", json((pass) => (pass.storeCard.fields = []))],
  ["key_not_for_style", "#/groupingIdentifier", "grouping", set("groupingIdentifier", "a")],
  ["url_invalid", "#/sellURL", "a space, where no such link belongs", set("sellURL", "https://example.com/a b")],
  ["key_not_for_style", "#/sellURL", "a link of tickets", set("sellURL", "https://example.com")],
  ["key_not_for_style", "#/preferredStyleSchemes", "schemes", set("preferredStyleSchemes", ["posterEventTicket"])],
  [
    "key_not_for_style",
    "#/storeCard/additionalInfoFields",
    "fields of tickets",
    json((pass) => (pass.storeCard.additionalInfoFields = [{ key: "a", value: "b" }])),
  ],
  [
    "key_not_for_style",
    "#/storeCard/footerFields",
    "fields of posters",
    json((pass) => (pass.storeCard.footerFields = [])),
  ],
  ["style_missing", "", "no style", without("storeCard")],
  ["style_multiple", "", "two styles", set("coupon", {})],
  [
    "style_poster_generic_alone",
    "#/posterGeneric",
    "the poster alone",
    json((pass) => {
      delete pass.storeCard;
      pass.posterGeneric = { primaryFields: [{ key: "a", value: "b" }] };
    }),
  ],
  ["transit_type_missing", "#/boardingPass/transitType", "none", style("boardingPass")],
  [
    "transit_type_unknown",
    "#/boardingPass/transitType",
    "a ship",
    style("boardingPass", { transitType: "PKTransitTypeShip" }),
  ],
  [
    "transit_type_forbidden",
    "#/storeCard/transitType",
    "on a card",
    json((pass) => (pass.storeCard.transitType = "PKTransitTypeAir")),
  ],
  ["color_invalid", "#/foregroundColor", "hyphens", set("foregroundColor", "rgb(255-255-255)")],
  ["color_invalid", "#/labelColor", "a name", set("labelColor", "white")],
  ["color_invalid", "#/backgroundColor", "too bright", set("backgroundColor", "rgb(1, 2, 256)")],
  ["color_invalid", "#/stripColor", "no colour", set("stripColor", "rgb(1,2)")],
  ["url_invalid", "#/appLaunchURL", "a space", set("appLaunchURL", "fernfinch://my card")],
  ["url_invalid", "#/webServiceURL", "a space", set("webServiceURL", "https://api.example.com/my passes")],
  ["url_invalid", "#/webServiceURL", "no URL", set("webServiceURL", "api.example.com")],
  [
    "url_invalid",
    "#/storeCard/backFields/0/attributedValue",
    "a space in a link",
    json((pass) => (pass.storeCard.backFields[0].attributedValue = '<a href="https://example.com/a b">Terms</a>')),
  ],
  ["date_without_zone", "#/expirationDate", "local time", set("expirationDate", "2027-05-01T18:30:00")],
  ["date_invalid", "#/expirationDate", "no time", set("expirationDate", "2027-05-01")],
  ["date_invalid", "#/expirationDate", "an offset without colon", set("expirationDate", "2027-05-01T18:30:00+0200")],
  ["date_invalid", "#/relevantDate", "a day that is not", set("relevantDate", "2027-02-30T18:30:00Z")],
  ["date_invalid", "#/relevantDates/0/date", "no date", set("relevantDates", [{ date: "tomorrow" }])],
  ["pass_expired", "#/expirationDate", "yesterday", set("expirationDate", "2026-04-30T18:30:00Z")],
  ["pass_voided", "#/voided", "void", set("voided", true)],
  [
    "web_service_absent",
    "#/webServiceURL",
    "neither",
    json((pass) => {
      delete pass.webServiceURL;
      delete pass.authenticationToken;
    }),
  ],
  ["web_service_token_missing", "#/authenticationToken", "no token", without("authenticationToken")],
  ["web_service_url_missing", "#/webServiceURL", "no URL", without("webServiceURL")],
  ["web_service_token_short", "#/authenticationToken", "15 characters", set("authenticationToken", "x".repeat(15))],
  ["web_service_not_https", "#/webServiceURL", "http", set("webServiceURL", "http://api.example.com")],
  ["web_service_not_https", "#/webServiceURL", "this machine", set("webServiceURL", "http://localhost:8787/")],
  ["web_service_versioned", "#/webServiceURL", "/v1", set("webServiceURL", "https://api.example.com/v1")],
  ["web_service_versioned", "#/webServiceURL", "/v1/", set("webServiceURL", "https://api.example.com/passes/v1/")],
  ["barcode_format_unknown", "#/barcodes/0/format", "no format", barcode({ format: "QR" })],
  ["barcode_message_missing", "#/barcodes/0/message", "an empty message", barcode({ message: "" })],
  ["barcode_message_missing", "#/barcodes/0/message", "a number", barcode({ message: 4711 })],
  [
    "barcode_encoding_missing",
    "#/barcodes/0/messageEncoding",
    "none",
    json((pass) => {
      delete pass.barcodes[0].messageEncoding;
      delete pass.barcode;
    }),
  ],
  ["barcode_encoding_unfit", "#/barcodes/0/message", "beyond Latin-1", barcode({ message: "☕" })],
  ["barcode_message_unfit", "#/barcodes/0/message", "too long", barcode({ message: "x".repeat(3000) })],
  [
    "barcode_format_recent",
    "#/barcodes",
    "EAN-13 alone",
    barcode({ format: "PKBarcodeFormatEAN13", message: "4006381333931" }),
  ],
  ["barcodes_missing", "#/barcode", "the old one alone", without("barcodes")],
  [
    "barcode_format_not_here",
    "#/barcode/format",
    "Code 128 in the old one",
    json((pass) => (pass.barcode.format = "PKBarcodeFormatCode128")),
  ],
  ["member_type_wrong", "#/barcodes/0/altText", "a number", barcode({ altText: 4711 })],
  [
    "locations_too_many",
    "#/locations",
    "eleven",
    set(
      "locations",
      Array.from({ length: 11 }, () => ({ latitude: 1, longitude: 2 })),
    ),
  ],
  ["location_invalid", "#/locations/0", "too far north", set("locations", [{ latitude: 91, longitude: 0 }])],
  ["location_invalid", "#/locations/0", "text", set("locations", [{ latitude: "52.5", longitude: 0 }])],
  ["beacon_invalid", "#/beacons/0", "no UUID", set("beacons", [{ major: 1 }])],
  [
    "beacon_invalid",
    "#/beacons/0",
    "a large number",
    set("beacons", [{ proximityUUID: "f7826da6-4fa2-4e98-8024-bc5b71e0893e", minor: 65_536 }]),
  ],
  [
    "relevant_date_invalid",
    "#/relevantDates/0",
    "half an interval",
    set("relevantDates", [{ startDate: "2026-06-01T08:00Z" }]),
  ],
  [
    "relevant_interval_invalid",
    "#/relevantDates/0",
    "two days",
    set("relevantDates", [{ startDate: "2026-06-01T08:00Z", endDate: "2026-06-03T08:00Z" }]),
  ],
  [
    "relevant_interval_invalid",
    "#/relevantDates/0",
    "backwards",
    set("relevantDates", [{ startDate: "2026-06-01T08:00Z", endDate: "2026-06-01T07:00Z" }]),
  ],
  ["nfc_certificate_required", "#/nfc", "under an ordinary certificate", set("nfc", nfc)],
  ["nfc_message_invalid", "#/nfc/message", "65 bytes", underNfc({ message: "é".repeat(32) + "x" })],
  [
    "nfc_message_invalid",
    "#/nfc/message",
    "none",
    { material: nfcMaterial, json: (pass) => (pass.nfc = withoutMember(nfc, "message")) },
  ],
  [
    "nfc_key_invalid",
    "#/nfc/encryptionPublicKey",
    "no key",
    { material: nfcMaterial, json: (pass) => (pass.nfc = withoutMember(nfc, "encryptionPublicKey")) },
  ],
  [
    "nfc_key_invalid",
    "#/nfc/encryptionPublicKey",
    "no point of the curve",
    underNfc({ encryptionPublicKey: nfc.encryptionPublicKey.replace(/....==$/, "AAAA==") }),
  ],
  [
    "nfc_key_invalid",
    "#/nfc/encryptionPublicKey",
    "half a key",
    underNfc({ encryptionPublicKey: nfc.encryptionPublicKey.slice(0, 40) }),
  ],
  ["member_type_wrong", "#/nfc/requiresAuthentication", "text", underNfc({ requiresAuthentication: "yes" })],
  ["app_launch_without_store", "#/appLaunchURL", "no app", without("associatedStoreIdentifiers")],
  ["semantic_tag_invalid", "#/semantics/balance/amount", "a number", set("semantics", { balance: { amount: 12.5 } })],
  ["unknown_semantic_tag", "#/semantics/mood", "another tag", set("semantics", { mood: "good" })],
];

export const ticket = (change: (pass: any) => void): Spoiled => ({
  material: nfcMaterial,
  files: { "logo.png": null, "logo@2x.png": null, "logo@3x.png": null },
  json: (pass: any) => {
    delete pass.storeCard;
    Object.assign(pass, {
      eventTicket: { primaryFields: [{ key: "event", value: "Concert" }] },
      nfc,
      semantics: {
        eventName: "Concert",
        venueName: "Hall",
        eventStartDate: "2026-06-01T20:00Z",
        seats: [{ seatRow: "1" }],
      },
      preferredStyleSchemes: ["posterEventTicket", "eventTicket"],
      bagPolicyURL: "https://example.com/bags",
      directionsInformationURL: "https://example.com/way",
    });
    change(pass);
  },
});

/** What spoils a ticket of the poster layout. */
export const layoutCases: [code: string, at: string, (pass: any) => void][] = [
  ["scheme_fallback", "/preferredStyleSchemes/0", (pass: any) => delete pass.semantics.venueName],
  ["scheme_fallback", "/preferredStyleSchemes/0", (pass: any) => delete pass.semantics],
  ["scheme_incomplete", "/preferredStyleSchemes/0", (pass: any) => delete pass.semantics.seats],
  ["scheme_incomplete", "/preferredStyleSchemes/0", (pass: any) => delete pass.bagPolicyURL],
  ["url_not_https", "/bagPolicyURL", (pass: any) => (pass.bagPolicyURL = "http://example.com/bags")],
  ["url_invalid", "/bagPolicyURL", (pass: any) => (pass.bagPolicyURL = "https://example.com/my bags")],
  [
    "layout_not_requested",
    "/eventLogoText",
    (pass: any) => {
      for (const key of ["preferredStyleSchemes", "bagPolicyURL", "directionsInformationURL"]) delete pass[key];
      pass.eventLogoText = "Concert";
    },
  ],
];
