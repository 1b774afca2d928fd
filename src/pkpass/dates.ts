import { offsetAt } from "../pass-model/time-zone";

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
  const epochMilliseconds = Date.parse(instant);
  const offset = offsetAt(epochMilliseconds, timeZone);
  const local = new Date(epochMilliseconds + offset);
  if (local.getUTCFullYear() < 1 || local.getUTCFullYear() > 9999) return appleDate(instant);
  const minutes = Math.trunc(Math.abs(offset) / 60_000);
  const hours = String(Math.trunc(minutes / 60)).padStart(2, "0");
  return `${local.toISOString().slice(0, -5)}${offset < 0 ? "-" : "+"}${hours}:${String(minutes % 60).padStart(2, "0")}`;
}
