import { isObject } from "../../pass-model/json";
import type { Json, JsonObject } from "../../pass-model/resolved-pass";

export const listOf = (json: Json | undefined): JsonObject[] => (Array.isArray(json) ? json.filter(isObject) : []);

export const stringOf = (json: Json | undefined): string => (typeof json === "string" ? json : "");

/** Epoch milliseconds of the API's `{ date }`; NaN if there is none. */
export const instantOf = (json: Json | undefined): number => Date.parse(stringOf(memberOf(json, "date")));

/** The member of an object or what stands at a list's index, and nothing inherited. */
export function memberOf(json: Json | undefined, name: string): Json | undefined {
  if (Array.isArray(json)) return memberOf(json[0], name);
  if (!isObject(json)) return undefined;
  // A translated text stands beside the plain one, and wins.
  const localized = `localized${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  if (Object.hasOwn(json, localized)) return json[localized];
  return Object.hasOwn(json, name) ? json[name] : undefined;
}

/** A value of the API as text in a language; null if it is empty or has no text. `name` is the member's name, for some strings are dates. */
export function shownValue(
  value: Json | undefined,
  { name = "", dateFormat, language }: { name?: string; dateFormat?: string; language: string },
): string | null {
  if (typeof value === "string") return shownString(value, { name, dateFormat, language });
  if (typeof value === "number") return new Intl.NumberFormat(languageTag(language)).format(value);
  if (Array.isArray(value)) {
    const shown = value.map((entry) => shownValue(entry, { name, dateFormat: dateFormat ?? "", language }));
    return shown.filter((text) => text !== null).join(", ") || null;
  }
  if (!isObject(value)) return null;
  const inner = innerValue(value, language);
  return inner === undefined ? null : shownValue(inner, { name: "date", dateFormat: dateFormat ?? "", language });
}

/** Localized strings, money, dates, balances and links are objects around their value. */
function innerValue(value: JsonObject, language: string): Json | undefined {
  if ("defaultValue" in value || "translatedValues" in value) return localizedText(value, language);
  if ("micros" in value) return moneyText(value, language);
  if ("date" in value) return value["date"];
  const balance = value["string"] ?? value["int"] ?? value["double"] ?? value["money"];
  if (balance !== undefined) return balance;
  if ("balance" in value) return value["balance"];
  if ("body" in value || "localizedBody" in value) return memberOf(value, "body");
  return "uri" in value ? (memberOf(value, "description") ?? value["uri"]) : undefined;
}

/** The translation for the reader, or the default. */
function localizedText(localized: JsonObject, language: string): string | undefined {
  const fallback = isObject(localized["defaultValue"]) ? localized["defaultValue"] : {};
  const texts = [fallback, ...listOf(localized["translatedValues"])].filter(
    (text) => typeof text["value"] === "string" && typeof text["language"] === "string",
  );
  const wanted = language.toLowerCase();
  const tagOf = (text: JsonObject) => stringOf(text["language"]).toLowerCase();
  const found =
    texts.find((text) => tagOf(text) === wanted) ??
    texts.find((text) => baseOf(tagOf(text)) === baseOf(wanted)) ??
    (typeof fallback["value"] === "string" ? fallback : texts[0]);
  return typeof found?.["value"] === "string" ? found["value"] : undefined;
}

const baseOf = (tag: string) => tag.split("-")[0];

function moneyText(money: JsonObject, language: string): string | undefined {
  const amount = Number(money["micros"]) / 1_000_000;
  if (Number.isNaN(amount)) return undefined;
  const currency = typeof money["currencyCode"] === "string" ? money["currencyCode"] : "";
  try {
    return new Intl.NumberFormat(languageTag(language), { style: "currency", currency }).format(amount);
  } catch {
    return `${amount} ${currency}`.trim();
  }
}

const dateShape = /^(\d{4})-(\d{2})(?:-(\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?:Z|[+-]\d{2}:?\d{2})?)?)?$/;
const dateNames = /(DateTime|^date|^start|^end|^doorsOpen)$/;

function shownString(
  text: string,
  { name, dateFormat, language }: { name: string; dateFormat: string | undefined; language: string },
): string | null {
  if (text === "") return null;
  if (!dateShape.test(text) || (!dateFormat && !dateNames.test(name))) return text;
  return dateText(text, dateFormat || undefined, language);
}

type Clock = Intl.DateTimeFormatOptions;
const day: Clock = { month: "short", day: "numeric" };
const time: Clock = { hour: "numeric", minute: "2-digit" };
const year: Clock = { year: "numeric" };

/** Google's date formats, and their deprecated names. */
const formats = new Map<string, Clock | "YYYY-MM" | "YYYY-MM-DD">([
  ["datetime", { ...day, ...time }],
  ["dateonly", day],
  ["timeonly", time],
  ["datetimeyear", { ...day, ...year, ...time }],
  ["dateyear", { ...day, ...year }],
  ["yearmonth", "YYYY-MM"],
  ["yearmonthday", "YYYY-MM-DD"],
]);

/** A date as it is written: Google shows the local time of the place, whatever the offset says. */
function dateText(iso: string, dateFormat: string | undefined, language: string): string {
  const [, yyyy = "", mm = "", dd = "01", clock] = dateShape.exec(iso) ?? [];
  const at = Date.parse(`${yyyy}-${mm}-${dd}T${clock ?? "00:00"}Z`);
  if (Number.isNaN(at)) return iso;
  const usual = clock === undefined ? "dateyear" : "datetimeyear";
  const format = formats.get((dateFormat ?? usual).replaceAll("_", "").toLowerCase()) ?? formats.get(usual)!;
  if (typeof format === "string") return iso.slice(0, format.length);
  return new Intl.DateTimeFormat(languageTag(language), { ...format, timeZone: "UTC" }).format(at);
}

/** An instant for the reader, in UTC. */
export const instantText = (at: number, language: string): string =>
  new Intl.DateTimeFormat(languageTag(language), {
    ...day,
    ...year,
    ...time,
    timeZone: "UTC",
    timeZoneName: "short",
  }).format(at);

/** A tag that Intl takes. */
export function languageTag(language: string): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? "en";
  } catch {
    return "en";
  }
}
