import { dateTimeFormat, knownLocale, knownTimeZone, numberFormat, relativeFormat } from "./formatters";
import type { ResolvedField } from "./resolved-pass";
import type { DateStyle, FieldType, NumberStyle } from "./vocabulary";

export interface FormatOptions {
  /** BCP 47 tag of the reader. */
  locale: string;
  /** IANA zone for a `dateTime` whose field names none. */
  timeZone: string;
  /** Milliseconds since 1970, for relative values. */
  now: number;
}

/**
 * The text of one field as its reader sees it, for wallets and pages that do not format on the device.
 *
 * Never throws: a value that does not fit its type is shown as it is, an unknown locale becomes English,
 * an unknown zone UTC, an unknown currency the bare number with its code.
 */
export function formatValue(field: ResolvedField, options: FormatOptions): string {
  try {
    return formatters[field.type](field, { ...options, locale: knownLocale(options.locale) });
  } catch {
    return String(field.value);
  }
}

type Formatter = (field: ResolvedField, options: FormatOptions) => string;

const asIs: Formatter = (field) => String(field.value);

const formatters: Record<FieldType, Formatter> = {
  text: asIs,
  url: asIs,
  email: asIs,
  phone: asIs,
  number: (field, { locale }) => formatNumber(field.value, locale, numberOptions[field.numberStyle ?? "decimal"]),
  // Two digits, because rounding 12.5 % to 13 % would change what the pass says.
  percent: (field, { locale }) => formatNumber(field.value, locale, numberOptions.percent),
  currency: formatCurrency,
  date: formatDate,
  time: formatTime,
  dateTime: formatDateTime,
};

/** Intl does not spell numbers out, so `spellOut` keeps its digits. */
const numberOptions: Record<NumberStyle, Intl.NumberFormatOptions> = {
  decimal: { maximumFractionDigits: 6 },
  percent: { style: "percent", maximumFractionDigits: 2 },
  scientific: { notation: "scientific", maximumFractionDigits: 6 },
  spellOut: { maximumFractionDigits: 6 },
};

function formatNumber(value: string | number, locale: string, options: Intl.NumberFormatOptions): string {
  const number = typeof value === "number" ? value : Number(value);
  if (!Number.isFinite(number) || value === "") return String(value);
  return numberFormat(locale, options).format(number);
}

function formatCurrency({ value, currencyCode }: ResolvedField, { locale }: FormatOptions): string {
  if (currencyCode === null) return formatNumber(value, locale, numberOptions.decimal);
  try {
    return formatNumber(value, locale, { style: "currency", currency: currencyCode });
  } catch {
    return `${formatNumber(value, locale, numberOptions.decimal)} ${currencyCode}`;
  }
}

function formatDate(field: ResolvedField, options: FormatOptions): string {
  const days = parseDate(String(field.value));
  if (days === null) return String(field.value);
  if (field.relative) {
    return formatRelativeDays(days - dayInZone(options.now, field.timeZone ?? options.timeZone), options.locale);
  }
  // A calendar day has no instant: it is formatted in UTC as the UTC midnight it was parsed to.
  const dateStyle = shown(field.dateStyle) ?? "medium";
  return dateTimeFormat(options.locale, { dateStyle, timeZone: "UTC" }).format(days * dayMilliseconds);
}

function formatTime(field: ResolvedField, { locale }: FormatOptions): string {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(String(field.value));
  if (match === null) return String(field.value);
  const timeStyle = shown(field.timeStyle) ?? "short";
  return dateTimeFormat(locale, {
    // The longer styles name a zone, and a time without a day has no offset to name.
    timeStyle: timeStyle === "short" ? "short" : "medium",
    timeZone: "UTC",
  }).format(Date.UTC(2000, 0, 1, Number(match[1]), Number(match[2])));
}

function formatDateTime(field: ResolvedField, options: FormatOptions): string {
  const instant = Date.parse(String(field.value));
  if (Number.isNaN(instant)) return String(field.value);
  if (field.relative) return formatRelative(instant - options.now, options.locale);
  return dateTimeFormat(options.locale, {
    ...dateTimeStyles(field.dateStyle, field.timeStyle),
    timeZone: knownTimeZone(field.timeZone ?? options.timeZone),
  }).format(instant);
}

function dateTimeStyles(dateStyle: DateStyle | null, timeStyle: DateStyle | null): Intl.DateTimeFormatOptions {
  const date = dateStyle === null ? "medium" : shown(dateStyle);
  const time = timeStyle === null ? "short" : shown(timeStyle);
  if (date === null && time === null) return { dateStyle: "medium", timeStyle: "short" };
  return {
    ...(date === null ? {} : { dateStyle: date }),
    ...(time === null ? {} : { timeStyle: time }),
  };
}

const shown = (style: DateStyle | null) => (style === "none" ? null : style);

const dayMilliseconds = 86_400_000;

/** Days since 1970-01-01, or null if the text is no calendar day. */
function parseDate(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const midnight = Date.parse(`${text}T00:00:00Z`);
  // V8 rolls 2026-02-30 over to March; such a day does not exist and is shown as it was written.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== text) return null;
  return midnight / dayMilliseconds;
}

function dayInZone(instant: number, timeZone: string): number {
  const parts = dateTimeFormat("en-u-ca-iso8601-nu-latn", {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    timeZone: knownTimeZone(timeZone),
  }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((each) => each.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day")) / dayMilliseconds;
}

/** Each unit is used while the rounded count stays below its limit. */
const relativeUnits: readonly {
  unit: Intl.RelativeTimeFormatUnit;
  milliseconds: number;
  limit: number;
}[] = [
  { unit: "second", milliseconds: 1000, limit: 60 },
  { unit: "minute", milliseconds: 60_000, limit: 60 },
  { unit: "hour", milliseconds: 3_600_000, limit: 24 },
  { unit: "day", milliseconds: dayMilliseconds, limit: 7 },
  { unit: "week", milliseconds: 7 * dayMilliseconds, limit: 5 },
  { unit: "month", milliseconds: 30.436875 * dayMilliseconds, limit: 12 },
  { unit: "year", milliseconds: 365.2425 * dayMilliseconds, limit: Number.POSITIVE_INFINITY },
];

function formatRelative(milliseconds: number, locale: string): string {
  const format = relativeFormat(locale, "always");
  for (const { unit, milliseconds: size, limit } of relativeUnits) {
    const count = Math.round(milliseconds / size);
    if (Math.abs(count) < limit) return format.format(count, unit);
  }
  return format.format(0, "second");
}

/** Only whole days may be called "today" and "tomorrow": 30 hours may well end the day after tomorrow. */
function formatRelativeDays(days: number, locale: string): string {
  if (Math.abs(days) >= 7) return formatRelative(days * dayMilliseconds, locale);
  return relativeFormat(locale, "auto").format(days, "day");
}
