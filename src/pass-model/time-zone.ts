/**
 * Arithmetic of time zones on native Intl, in epoch milliseconds. *Local* milliseconds are what a clock on
 * the wall shows, read as if it were UTC. A test holds it against Temporal, whose polyfill cost a pass about
 * a twentieth of its signature.
 */

const dayMilliseconds = 86_400_000;

interface Zone {
  /** Making one costs as much as a pass. */
  format: Intl.DateTimeFormat;
  /** UTC day (days since 1970) to the offset in milliseconds that holds throughout, or null where it changes. */
  days: Map<number, number | null>;
}

/** Bounded, both: a zone may be written in more than one way, and years are many. */
const zones = new Map<string, Zone>();
const zonesMax = 100;
const daysMax = 500;

/** What `timeZone` is ahead of UTC at an instant. Throws a RangeError for an unknown zone. */
export function offsetAt(epochMilliseconds: number, timeZone: string): number {
  const { format, days } = zoneOf(timeZone);
  const day = Math.floor(epochMilliseconds / dayMilliseconds);
  let offset = days.get(day);
  if (offset === undefined) {
    const first = readOffset(format, day * dayMilliseconds);
    offset = first === readOffset(format, (day + 1) * dayMilliseconds - 1) ? first : null;
    if (days.size >= daysMax) days.clear();
    days.set(day, offset);
  }
  return offset ?? readOffset(format, epochMilliseconds);
}

function zoneOf(timeZone: string): Zone {
  const known = zones.get(timeZone);
  if (known) return known;
  const zone = { format: new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" }), days: new Map() };
  if (zones.size >= zonesMax) zones.clear();
  zones.set(timeZone, zone);
  return zone;
}

/** Reads `GMT+02:00`, `GMT` for zero, and `GMT+00:53:28` for the local mean times of long ago. */
function readOffset(format: Intl.DateTimeFormat, epochMilliseconds: number): number {
  const [, sign, hours, minutes, seconds = 0] =
    /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(format.format(epochMilliseconds)) ?? [];
  if (sign === undefined) return 0;
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * (sign === "-" ? -1000 : 1000);
}

/**
 * The instant at which the clock shows `local`. A time that is there twice is the first of both; one that
 * is skipped is as much later as the clock was put on ("compatible", RFC 5545 §3.3.5).
 */
export function epochOf(local: number, timeZone: string): number {
  const before = local - offsetAt(local - dayMilliseconds, timeZone);
  const after = local - offsetAt(local + dayMilliseconds, timeZone);
  if (before === after || local - offsetAt(before, timeZone) === before) return before;
  return local - offsetAt(after, timeZone) === after ? after : before;
}

/** Adds an ISO 8601 duration: its date by the calendar of the zone, then its time exactly (RFC 5545 §3.3.6). */
export function addDuration(epochMilliseconds: number, duration: string, timeZone: string): number {
  const parts = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration);
  if (!parts) throw new RangeError(`not a duration: ${duration}`);
  const [years, months, weeks, days, hours, minutes, seconds] = parts
    .slice(1)
    .map((part) => Number(part ?? 0)) as Seven;
  let moved = epochMilliseconds;
  if (years + months + weeks + days > 0) {
    const local = new Date(epochMilliseconds + offsetAt(epochMilliseconds, timeZone));
    const dayOfMonth = local.getUTCDate();
    local.setUTCFullYear(local.getUTCFullYear() + years, local.getUTCMonth() + months);
    // A month after 31 January is the last day of February.
    if (local.getUTCDate() !== dayOfMonth) local.setUTCDate(0);
    local.setUTCDate(local.getUTCDate() + weeks * 7 + days);
    moved = epochOf(local.getTime(), timeZone);
  }
  return moved + (hours * 3600 + minutes * 60 + seconds) * 1000;
}

type Seven = [number, number, number, number, number, number, number];
