import { knownTimeZone } from "../../pass-model/formatters";
import { epochOf, offsetAt } from "../../pass-model/time-zone";

const parts = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(:\d{2})?(?:\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** An instant of the API (ISO 8601, seconds optional) with its seconds and offset. */
export function dateTimeText(instant: string): string {
  const match = parts.exec(instant);
  return match ? `${match[1]}${match[2] ?? ":00"}${match[3]}` : instant;
}

/**
 * An instant as the clocks of the place write it, for Google shows a time as it is written: in its own zone, if it has
 * one; one in UTC in the account's; any other with the offset in which it came.
 */
export function zonedDateTime(instant: string, own: string | null, accountZone: string): string {
  const text = dateTimeText(instant);
  if (own === null && !text.endsWith("Z")) return text;
  const epochMilliseconds = Date.parse(instant);
  const minutes = offsetAt(epochMilliseconds, knownTimeZone(own ?? accountZone)) / 60_000;
  const local = new Date(epochMilliseconds + minutes * 60_000);
  const [year, isWhole] = [local.getUTCFullYear(), Number.isInteger(minutes)];
  if (!isWhole || year < 1 || year > 9999) return text;
  if (minutes === 0) return `${local.toISOString().slice(0, 19)}Z`;
  const two = (number: number) => String(number).padStart(2, "0");
  const size = Math.abs(minutes);
  const offset = `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  return `${local.toISOString().slice(0, 19)}${offset}`;
}

/**
 * What the clock shows then: in the zone, or without one by the offset in which the instant is written. Google refuses
 * an offset in times of flights.
 */
export function localDateTime(instant: string, timeZone: string | null): string {
  const epochMilliseconds = Date.parse(instant);
  const local = new Date(epochMilliseconds + (timeZone === null ? 0 : offsetAt(epochMilliseconds, timeZone)));
  const year = local.getUTCFullYear();
  const shown = timeZone !== null && year >= 1 && year <= 9999;
  return shown ? local.toISOString().slice(0, 19) : dateTimeText(instant).slice(0, 19);
}

/** The first instant of a day (`YYYY-MM-DD`) in a zone; null if there is no such day. */
export function startOfDay(date: string, timeZone: string): string | null {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  // East of Greenwich the first day of all begins in the year 0.
  if (Number.isNaN(midnight) || date.startsWith("0001-01-01")) return null;
  return `${new Date(epochOf(midnight, knownTimeZone(timeZone))).toISOString().slice(0, 19)}Z`;
}
