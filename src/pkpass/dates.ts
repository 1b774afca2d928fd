import { Temporal } from "temporal-polyfill";

/**
 * An instant as Wallet reads it: W3C date and time with seconds, without a fraction, with the offset as
 * given (Apple, "Pass Design and Creation", date format).
 */
export function appleDate(instant: string): string {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(:\d{2})?(?:\.\d+)?(Z|[+-]\d{2}:\d{2})$/.exec(instant);
  return match ? `${match[1]}${match[2] ?? ":00"}${match[3]}` : instant;
}

/** The same instant, written with the offset that `timeZone` has then, unless its year has five digits there. */
export function appleDateIn(instant: string, timeZone: string): string {
  const zoned = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone);
  if (zoned.year < 1 || zoned.year > 9999) return appleDate(instant);
  return `${zoned.toPlainDateTime().toString({ fractionalSecondDigits: 0 })}${zoned.offset.slice(0, 6)}`;
}
