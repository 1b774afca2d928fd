import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { addDuration, epochOf, offsetAt } from "../../src/pass-model/time-zone";

/** The same instants for every run: a linear congruential generator, "Numerical Recipes". */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/Santiago",
  "America/St_Johns",
  "Africa/Casablanca",
  "Asia/Kathmandu",
  "Asia/Tehran",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Pacific/Chatham",
];
const durations = ["P1D", "P1M", "P1Y", "P2Y3M", "P1Y2M3W4DT5H6M7S", "PT36H", "P13M", "P400D", "PT9000M"];

describe("arithmetic of time zones", () => {
  it("R064 agrees with Temporal on offsets, days and durations, changes of the clock included", () => {
    const random = numbers(4711);
    const wrong: string[] = [];
    for (let round = 0; round < 1500; round += 1) {
      const zone = zones[round % zones.length]!;
      const duration = durations[Math.floor(random.next().value! * durations.length)]!;
      const from = Date.UTC(1975, 0, 1);
      const instant = from + Math.floor(random.next().value! * (Date.UTC(2060, 0, 1) - from));
      const zoned = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
      const local = zoned.toPlainDateTime();
      const localMilliseconds = Date.parse(`${local.toString({ fractionalSecondDigits: 3 })}Z`);
      if (offsetAt(instant, zone) !== zoned.offsetNanoseconds / 1e6) wrong.push(`offset ${zoned.toString()}`);
      if (addDuration(instant, duration, zone) !== zoned.add(duration).epochMilliseconds) {
        wrong.push(`${zoned.toString()} + ${duration}`);
      }
      if (epochOf(localMilliseconds, zone) !== local.toZonedDateTime(zone).epochMilliseconds) {
        wrong.push(`local ${local.toString()} ${zone}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("takes the first of a time that is there twice, and moves on one that is skipped", () => {
    const berlin = (local: string) => new Date(epochOf(Date.parse(`${local}Z`), "Europe/Berlin")).toISOString();
    expect(berlin("2026-10-25T02:30:00")).toBe("2026-10-25T00:30:00.000Z");
    expect(berlin("2026-03-29T02:30:00")).toBe("2026-03-29T01:30:00.000Z");
  });

  it("refuses an unknown zone", () => {
    expect(() => offsetAt(0, "Mars/Olympus")).toThrow(RangeError);
  });
});
