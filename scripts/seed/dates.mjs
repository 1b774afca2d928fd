/** Days and times near `now`, in the wall clock of a zone, in the two spellings that the API takes. */

const dayMilliseconds = 86_400_000;

/** `YYYY-MM-DD`, so many days from `now` (milliseconds since 1970) on the calendar of the zone. */
export function dayAfter(now, days, timeZone) {
  return new Date(now + offsetMilliseconds(now, timeZone) + days * dayMilliseconds).toISOString().slice(0, 10);
}

/** The first Saturday on or after a `YYYY-MM-DD`. */
export function saturdayFrom(day) {
  const date = new Date(`${day}T00:00:00Z`);
  return new Date(date.getTime() + (6 - date.getUTCDay()) * dayMilliseconds).toISOString().slice(0, 10);
}

/** ISO 8601 with the zone's offset, for a `YYYY-MM-DD` and an `HH:MM` on the clocks there. */
export function instantAt(day, time, timeZone) {
  const wall = Date.parse(`${day}T${time}:00Z`);
  // The offset is first read as if the wall clock were UTC; the second reading is right on days of change.
  const guess = wall - offsetMilliseconds(wall, timeZone);
  const offset = offsetMilliseconds(guess, timeZone);
  const minutes = Math.abs(offset) / 60_000;
  const two = (number) => String(number).padStart(2, "0");
  return `${day}T${time}:00${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function offsetMilliseconds(instant, timeZone) {
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).formatToParts(instant);
  const name = parts.find(({ type }) => type === "timeZoneName").value;
  const [, sign, hours, minutes] = /^GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(name);
  if (!sign) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
