import * as z from "zod";
import type { Json, JsonObject } from "./resolved-pass";

/**
 * The scalar formats of the API, each one zod schema: used by template designs, pass values and query
 * parameters alike, so a date is a date everywhere.
 */

// No 24:00: Date takes it for the next midnight, and Temporal refuses it.
const offsetDateTime = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** True for an ISO 8601 instant with an explicit offset that names a real day and time. */
export function isInstant(text: string): boolean {
  return offsetDateTime.test(text) && isCalendarDate(text.slice(0, 10)) && !Number.isNaN(Date.parse(text));
}

/** True for `YYYY-MM-DD` naming a day that exists in the proleptic Gregorian calendar. */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith("0000")) return false;
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}

export function isTimeOfDay(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

export function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return !/^[+-]/.test(text);
  } catch {
    return false;
  }
}

const currencies = new Set(Intl.supportedValuesOf("currency"));

/** ISO 4217, as far as the runtime can write it. */
export function isCurrencyCode(text: string): boolean {
  return currencies.has(text);
}

export function isLanguageTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

export const instant = z
  .string()
  .refine(isInstant, "expected an ISO 8601 date and time with an offset, such as 2026-05-01T18:30:00+02:00")
  .meta({
    description: "Date and time, ISO 8601 with an explicit offset.",
    format: "date-time",
    examples: ["2026-05-01T18:30:00+02:00"],
  });

export const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, "expected an IANA time zone, such as Europe/Berlin")
  .meta({ description: "IANA time zone.", examples: ["Europe/Berlin"] });

export const languageTag = z
  .string()
  .max(35)
  .refine(isLanguageTag, "expected a BCP 47 language tag, such as de or pt-BR")
  .meta({ description: "BCP 47 language tag.", examples: ["de"] });

/** E.164, ITU-T: a plus sign and at most 15 digits, without spaces. */
export const e164 = z
  .e164("expected a phone number in E.164 form, such as +493012345678")
  .meta({ description: "Phone number in E.164 form.", examples: ["+493012345678"] });

/** `#rgb` and `rgb(r, g, b)` are read as well; what is stored and answered is `#rrggbb`. */
export const color = z
  .string()
  .max(32)
  .transform((text, ctx) => {
    const hex = hexColor(text);
    if (hex) return hex;
    ctx.addIssue({ code: "custom", message: "expected a colour such as #1a2b3c" });
    return z.NEVER;
  })
  .meta({
    description: "Colour. Written as `#rrggbb`; `#rgb` and `rgb(r, g, b)` are understood.",
    examples: ["#1a2b3c"],
  });

function hexColor(text: string): string | null {
  const long = /^#([0-9a-f]{6})$/i.exec(text);
  if (long) return text.toLowerCase();
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text);
  if (short) return `#${short[1]}${short[1]}${short[2]}${short[2]}${short[3]}${short[3]}`.toLowerCase();
  const rgb = /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/.exec(text);
  const channels = rgb?.slice(1).map(Number);
  if (!channels || channels.some((channel) => channel > 255)) return null;
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** Deeper JSON than this is nobody's, and would overflow the stack of whoever walks it. */
const jsonDepthMax = 32;

function isShallow(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; depth <= jsonDepthMax; depth += 1) {
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
    if (level.length === 0) return true;
  }
  return false;
}

const tooDeep = `the JSON is nested more than ${jsonDepthMax} levels deep`;

/** What was parsed from JSON is JSON: only its depth is to be checked. */
export const json = (z.unknown().refine(isShallow, tooDeep) as unknown as z.ZodType<Json>).meta({
  description: "Any JSON value.",
  examples: [{ seat: "12A" }],
});
export const jsonObject = (
  z.record(z.string(), z.unknown()).refine(isShallow, tooDeep) as unknown as z.ZodType<JsonObject>
).meta({ description: "A JSON object.", examples: [{ seat: "12A" }] });
