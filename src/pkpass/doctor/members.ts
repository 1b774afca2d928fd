import type { Json, JsonObject } from "../../pass-model/resolved-pass";
import { isInstant } from "../../pass-model/scalars";
import { isObject } from "../apple-json";
import { appleKeys } from "../apple-key-table";
import { appleColor } from "../color";
import type { CauseCode } from "./causes/table";
import type { Finding } from "./examination";
import { found, show } from "./finding";

/** The top-level members of pass.json, each by itself (Apple, Wallet Passes: Pass). Nulls are told elsewhere. */

interface Rule {
  accepts: (json: Json) => boolean;
  expected: string;
  code: CauseCode;
}

const wrongType = (expected: string, accepts: Rule["accepts"]): Rule => ({
  accepts,
  expected,
  code: "member_type_wrong",
});

const text = wrongType("text", (json) => typeof json === "string");
const flag = wrongType("true or false", (json) => typeof json === "boolean");
const list = wrongType("a list", (json) => Array.isArray(json));
const object = wrongType("an object", isObject);
const anything = wrongType("anything", () => true);
const color: Rule = {
  accepts: (json) => typeof json === "string" && appleColor(json) !== null,
  expected: "a colour such as rgb(35, 17, 200)",
  code: "color_invalid",
};
const storeIdentifiers = wrongType(
  "a list of App Store identifiers (numbers)",
  (json) => Array.isArray(json) && json.every((each) => Number.isSafeInteger(each)),
);
const appLink: Rule = {
  accepts: (json) => typeof json === "string" && isCleanUrl(json),
  expected: "a URL with a scheme, percent-encoded",
  code: "url_invalid",
};

/** The keys that `appleKeys` does not have. A `null` is judged by rules of its own. */
const members: Record<string, Rule | null> = {
  formatVersion: { accepts: (json) => json === 1, expected: "1", code: "format_version_wrong" },
  passTypeIdentifier: text,
  serialNumber: text,
  teamIdentifier: text,
  organizationName: text,
  description: text,
  webServiceURL: { ...appLink, expected: "an https URL, percent-encoded" },
  authenticationToken: text,
  associatedStoreIdentifiers: storeIdentifiers,
  appLaunchURL: appLink,
  userInfo: anything,
  expirationDate: null,
  relevantDate: null,
  voided: flag,
  sharingProhibited: flag,
  relevantDates: list,
  locations: list,
  beacons: list,
  barcodes: list,
  barcode: object,
  backgroundColor: color,
  foregroundColor: color,
  labelColor: color,
  logoText: text,
  groupingIdentifier: text,
  nfc: object,
  semantics: object,
  boardingPass: object,
  coupon: object,
  eventTicket: object,
  generic: object,
  storeCard: object,
};

const requiredKeys = [
  "formatVersion",
  "passTypeIdentifier",
  "serialNumber",
  "teamIdentifier",
  "organizationName",
  "description",
];

export function checkMembers(pass: JsonObject): Finding[] {
  const missing = requiredKeys
    .filter((key) => pass[key] === undefined || pass[key] === "")
    .map((key) => found("required_key_missing", at(key), pass[key] === "" ? `${key} is empty` : `${key} is missing`));
  const wrong = Object.entries(pass).flatMap(([key, json]): Finding[] => {
    if (!Object.hasOwn(members, key)) return appleKeys.has(key) ? [] : [found("unknown_key", at(key), show(key))];
    const rule = members[key];
    if (!rule || json === null || rule.accepts(json)) return [];
    // A token is a secret, and its type says enough.
    const seen = key === "authenticationToken" ? `a ${typeof json}` : show(json);
    return [found(rule.code, at(key), `${seen}; expected ${rule.expected}`)];
  });
  return [
    ...missing,
    ...wrong,
    ...checkDate(pass.expirationDate, at("expirationDate")),
    ...checkDate(pass.relevantDate, at("relevantDate")),
  ];
}

/** What Wallet takes as a date, if there is something at all. */
export function checkDate(json: Json | undefined, path: string): Finding[] {
  if (json === undefined || json === null || (typeof json === "string" && isInstant(json))) return [];
  const lacksZone = typeof json === "string" && isInstant(`${json}Z`);
  return [found(lacksZone ? "date_without_zone" : "date_invalid", path, show(json))];
}

/** URL text as RFC 3986 writes it, with a scheme. Stricter than the URL class, which repairs what systems refuse. */
export const isCleanUrl = (url: string): boolean =>
  /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})+$/i.test(url) && URL.canParse(url);

/** Where a member of pass.json is. */
export const at = (...steps: (string | number)[]): string =>
  `pass.json#/${steps.map((step) => String(step).replaceAll("~", "~0").replaceAll("/", "~1")).join("/")}`;
