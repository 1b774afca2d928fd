import { clashesOf, exclusiveMembers } from "./exclusive-members";
import type { GoogleInvalid, Steps } from "./finding";
import type { GoogleTypeName } from "./types";

/**
 * What Google refuses and a schema of types cannot say. The source of each, where none is named: the description of
 * the member in the discovery document of the Wallet Objects API v1. What Google merely recommends stands in
 * `recommended-lengths.ts`.
 */
export interface Rule {
  of: readonly GoogleTypeName[];
  /** It asks for something, so a value of which only a part is known is not held to it. */
  needs?: true;
  check: (value: Value, isOpen: (text: string) => boolean) => Broken | null;
}

/** A value whose members have the right types. */
export type Value = Record<string, unknown>;

export interface Broken {
  at: Steps;
  code: GoogleInvalid["code"];
  message: string;
}

const classes = [
  "EventTicketClass",
  "FlightClass",
  "GenericClass",
  "GiftCardClass",
  "LoyaltyClass",
  "OfferClass",
  "TransitClass",
] as const;
const objects = [
  "EventTicketObject",
  "FlightObject",
  "GenericObject",
  "GiftCardObject",
  "LoyaltyObject",
  "OfferObject",
  "TransitObject",
] as const;

const resourceId = /^\d+\.[A-Za-z0-9._-]+$/;
const resourceIdWords = "expected <issuer id>.<suffix>, the suffix of letters, digits, '.', '_' and '-'";
const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:./;
const schemeWords = "expected a URI with its scheme, such as https://example.com/";
const hexColor = /^#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$/;
const offset = /(?:Z|[+-]\d{2}:\d{2}(?::\d{2})?)$/;

const exclusiveTypes = Object.keys(exclusiveMembers) as GoogleTypeName[];

export const googleRules: readonly Rule[] = [
  // Ids, colours, links
  { of: [...classes, ...objects], check: text("id", resourceId, resourceIdWords) },
  { of: [...objects, "SignUpInfo"], check: text("classId", resourceId, resourceIdWords) },
  { of: objects, check: texts("linkedObjectIds", resourceId, resourceIdWords) },
  { of: [...classes, ...objects], check: text("hexBackgroundColor", hexColor, "expected a colour such as #1a2b3c") },
  { of: ["Uri", "ImageUri", "ValueAddedModuleData"], check: text("uri", scheme, schemeWords) },
  { of: ["CallbackOptions"], check: text("url", scheme, schemeWords) },
  { of: ["Image"], check: exactlyOne("sourceUri", "privateImageId") },

  // Modules, places, messages
  { of: [...classes, ...objects], check: atMost("merchantLocations", 10) },
  { of: ["MerchantLocation"], check: within("latitude", 90) },
  { of: ["MerchantLocation"], check: within("longitude", 180) },
  { of: [...classes, ...objects], check: atMost("messages", 10) },
  // Dots part the steps of a field path.
  { of: ["TextModuleData"], check: text("id", /^[A-Za-z0-9_-]+$/, "expected letters, digits, '_' and '-' alone") },
  { of: ["AppLinkData"], check: localized("displayText", 30) },

  // How a class lays out its objects
  { of: ["CardTemplateOverride"], check: atMost("cardRowTemplateInfos", 3) },
  { of: ["CardRowTemplateInfo"], check: exactlyOne("oneItem", "twoItems", "threeItems") },
  { of: ["TemplateItem"], check: onlyWith("secondValue", "firstValue") },

  // Times
  { of: ["TimeInterval"], check: bothWithOffset },
  { of: ["TimeInterval"], check: endsAfterStart },
  { of: ["GiftCardObject"], check: offsetOf("balanceUpdateTime") },

  // ISO 4217
  { of: ["Money"], check: text("currencyCode", /^[A-Z]{3}$/, "expected three capital letters, such as EUR") },

  // Kinds of passes
  { of: ["EventTicketClass"], check: text("eventId", /^.{0,64}$/su, "expected at most 64 characters") },
  { of: ["AirportInfo"], check: text("airportIataCode", /^[A-Z]{3}$/, "expected three capital letters, such as SFO") },
  { of: ["FlightCarrier"], check: text("carrierIataCode", /^[A-Z0-9]{2}$/, "expected two characters, such as LX") },
  { of: ["FlightCarrier"], check: text("carrierIcaoCode", /^[A-Z0-9]{3}$/, "expected three characters, such as EZY") },
  { of: ["FlightCarrier"], check: exactlyOne("carrierIataCode", "carrierIcaoCode") },
  { of: ["FlightHeader"], check: text("flightNumber", /^\d+$/, "expected digits alone, without the carrier's code") },
  { of: ["LoyaltyPointsBalance"], check: exactlyOne("string", "int", "double", "money") },
  { of: ["TicketLeg"], check: either("originName", "originStationCode") },
  { of: ["TransitObject"], needs: true, check: departsOrIsValid },

  // Codes. Smart Tap: developers.google.com/wallet/smart-tap
  { of: objects, check: text("smartTapRedemptionValue", /^[\0-\x7f]*$/, "expected ASCII alone") },
  { of: ["RotatingBarcodeTotpDetails"], check: text("periodMillis", /^[1-9]\d*$/, "expected more than 0") },
  {
    of: ["RotatingBarcodeTotpDetailsTotpParameters"],
    check: text("key", /^(?:[0-9A-Fa-f]{2})+$/, "expected bytes in Base16"),
  },
  { of: ["RotatingBarcodeValues"], check: atLeastOne("values") },

  { of: ["JwtValidateRequest"], check: exactlyOne("jwtResource", "jsonResource") },

  ...exclusiveTypes.map((type): Rule => ({ of: [type], check: noClash(type) })),
];

type Check = Rule["check"];

function refuse(at: Steps, message: string, code: Broken["code"] = "invalid_value"): Broken {
  return { at, code, message };
}

function text(member: string, pattern: RegExp, message: string): Check {
  return (value, isOpen) => (isWrong(value[member], pattern, isOpen) ? refuse([member], message) : null);
}

function texts(member: string, pattern: RegExp, message: string): Check {
  return (value, isOpen) => {
    const index = ((value[member] ?? []) as unknown[]).findIndex((item) => isWrong(item, pattern, isOpen));
    return index < 0 ? null : refuse([member, index], message);
  };
}

/** int64 may be a number, too. */
function isWrong(item: unknown, pattern: RegExp, isOpen: (text: string) => boolean): boolean {
  const written = typeof item === "number" ? String(item) : item;
  return typeof written === "string" && !isOpen(written) && !pattern.test(written);
}

function exactlyOne(...members: string[]): Check {
  return (value) => {
    const there = members.filter((member) => value[member] !== undefined);
    if (there.length === 1) return null;
    return refuse(
      [],
      `expected exactly one of ${members.join(", ")}`,
      there.length === 0 ? "required" : "invalid_value",
    );
  };
}

function noClash(type: GoogleTypeName): Check {
  return (value) => {
    const [clash] = clashesOf(type, value);
    return clash ? refuse([clash.member], clash.message) : null;
  };
}

function either(one: string, other: string): Check {
  return (value) =>
    value[one] === undefined && value[other] === undefined
      ? refuse([], `expected ${one} or ${other}`, "required")
      : null;
}

function onlyWith(member: string, other: string): Check {
  return (value) =>
    value[member] !== undefined && value[other] === undefined ? refuse([member], `goes with ${other} only`) : null;
}

function atMost(member: string, count: number): Check {
  return (value) =>
    ((value[member] ?? []) as unknown[]).length > count ? refuse([member], `at most ${count} are allowed`) : null;
}

function atLeastOne(member: string): Check {
  return (value) =>
    (value[member] as unknown[] | undefined)?.length === 0 ? refuse([member], "expected at least one") : null;
}

function within(member: string, degrees: number): Check {
  return (value) => {
    const position = value[member];
    const isOutside = typeof position === "number" && Math.abs(position) > degrees;
    return isOutside ? refuse([member], `expected degrees from -${degrees} to ${degrees}`) : null;
  };
}

function localized(member: string, charactersMax: number): Check {
  return (value, isOpen) => {
    const { defaultValue, translatedValues = [] } = (value[member] ?? {}) as Localized;
    const long = [defaultValue, ...translatedValues].some((translation) => {
      const words = translation?.value ?? "";
      return !isOpen(words) && Array.from(words).length > charactersMax;
    });
    return long ? refuse([member], `expected at most ${charactersMax} characters`) : null;
  };
}

interface Localized {
  defaultValue?: { value?: string };
  translatedValues?: { value?: string }[];
}

function dateOf(value: unknown): string | undefined {
  return (value as { date?: string } | undefined)?.date;
}

function bothWithOffset({ start, end }: Value, isOpen: (text: string) => boolean): Broken | null {
  const dates = [dateOf(start), dateOf(end)].filter((date) => date !== undefined);
  if (dates.length < 2 || dates.some(isOpen)) return null;
  return offset.test(dates[0]!) === offset.test(dates[1]!)
    ? null
    : refuse([], "expected an offset in both start and end, or in neither");
}

function endsAfterStart({ start, end }: Value): Broken | null {
  const [from, until] = [epochOf(dateOf(start)), epochOf(dateOf(end))];
  // What is open, or no date, is NaN.
  return until < from ? refuse(["end"], "ends before it starts") : null;
}

/** Without an offset both are times of the same place. */
const epochOf = (date = ""): number => Date.parse(offset.test(date) ? date : `${date}Z`);

function offsetOf(member: string): Check {
  return (value, isOpen) => {
    const date = dateOf(value[member]);
    return date === undefined || isOpen(date) || offset.test(date)
      ? null
      : refuse([member, "date"], "expected an offset, such as 2027-05-01T18:30:00+02:00");
  };
}

function departsOrIsValid({ ticketLeg, ticketLegs, validTimeInterval }: Value): Broken | null {
  const legs = [ticketLeg, ...((ticketLegs ?? []) as unknown[])] as ({ departureDateTime?: string } | undefined)[];
  const departs = legs.some((leg) => leg?.departureDateTime !== undefined);
  return departs || validTimeInterval !== undefined
    ? null
    : refuse([], "expected ticketLeg.departureDateTime or validTimeInterval", "required");
}
