import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KeyUsageLedger } from "../../src/durable-objects/key-usage";
import type { TakeInput } from "../../src/durable-objects/rate-limiter";
import { burst, newLimiter, take, type Limiter } from "../support/limiter";

const start = Date.parse("2040-03-10T12:00:00Z");
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const policies = [burst(100_000)];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

const from = (address: string | null): Partial<TakeInput> => ({ address, network: address, policies });

/** An eviction when everything was written, as an idle object meets it. */
async function restart(limiter: Limiter): Promise<void> {
  await limiter.lastUses();
  await evictDurableObject(limiter);
}

/** The notices of this many uses at once, acknowledged. */
async function atOnce(limiter: Limiter, count: number) {
  const taken = await Promise.all(Array.from({ length: count }, () => take(limiter, { policies })));
  const notices = taken.flatMap((answer) => answer.notices);
  await limiter.acknowledge(notices);
  return notices;
}

async function times(limiter: Limiter, count: number, overrides: Partial<TakeInput> = {}) {
  const notices = [];
  for (let index = 0; index < count; index += 1)
    notices.push(...(await take(limiter, { policies, ...overrides })).notices);
  return notices;
}

describe("the last use of keys", () => {
  it("R031 is known at once and survives an eviction a second later", async () => {
    const limiter = newLimiter();
    await take(limiter, { keyId: "A", ...from("203.0.113.1") });
    vi.setSystemTime(start + 5000);
    await take(limiter, { keyId: "B", ...from(null) });
    vi.setSystemTime(start + 5400);
    await take(limiter, { keyId: "A", ...from("203.0.113.2") });
    const expected = [
      { keyId: "A", lastUsedAt: start + 5400, lastUsedAddress: "203.0.113.2" },
      { keyId: "B", lastUsedAt: start + 5000, lastUsedAddress: null },
    ];
    expect(await limiter.lastUses()).toEqual(expected);
    await evictDurableObject(limiter);
    expect(await limiter.lastUses()).toEqual(expected);
  });

  it("R031 an idle object that is evicted has written the use", async () => {
    const limiter = newLimiter();
    await take(limiter, { keyId: "A" });
    await evictDurableObject(limiter);
    expect(await limiter.lastUses()).toEqual([{ keyId: "A", lastUsedAt: start, lastUsedAddress: "203.0.113.7" }]);
  });
});

describe("the counts of keys", () => {
  const today = Math.floor(start / day);

  it("R031 are of one key and one day, newest first, without what was refused or only looked at", async () => {
    const limiter = newLimiter();
    vi.setSystemTime(start - 2 * day);
    await times(limiter, 2, { keyId: "A" });
    vi.setSystemTime(start - 13 * hour);
    await times(limiter, 3, { keyId: "A" });
    vi.setSystemTime(start);
    await times(limiter, 4, { keyId: "A" });
    await times(limiter, 5, { keyId: "B" });
    await take(limiter, { keyId: "A", cost: 0, policies });
    await take(limiter, { keyId: "A", policies: [burst(1)] });
    await restart(limiter);
    expect((await limiter.usage("A")).days).toEqual([
      { day: today, requests: 4 },
      { day: today - 1, requests: 3 },
      { day: today - 2, requests: 2 },
    ]);
    expect((await limiter.usage("B")).days).toEqual([{ day: today, requests: 5 }]);
    expect(await limiter.usage("C")).toEqual({ days: [], networks: [] });
  });

  it("R031 go on in the hour in which the object was evicted", async () => {
    const limiter = newLimiter();
    for (let round = 0; round < 3; round += 1) {
      vi.setSystemTime(start + round * 1000);
      await take(limiter, { policies });
      await evictDurableObject(limiter);
    }
    expect((await limiter.usage("KEY")).days).toEqual([{ day: today, requests: 3 }]);
  });

  it("R031 are kept for 30 days, also of keys that are not used any more", async () => {
    const limiter = newLimiter();
    vi.setSystemTime((today - 30) * day);
    await times(limiter, 1, { keyId: "old" });
    vi.setSystemTime((today - 29) * day);
    await times(limiter, 2, { keyId: "old" });
    vi.setSystemTime(start);
    await times(limiter, 1, { keyId: "new" });
    await evictDurableObject(limiter);
    expect((await limiter.usage("old")).days).toEqual([{ day: today - 29, requests: 2 }]);
    const rows = await runInDurableObject(limiter, (_, { storage }) =>
      storage.sql.exec("select key_id, hour from key_hours order by hour").toArray(),
    );
    expect(rows).toEqual([
      { key_id: "old", hour: (today - 29) * 24 },
      { key_id: "new", hour: Math.floor(start / hour) },
    ]);
  });
});

describe("the networks of keys", () => {
  it("R031 are those it was used from, with the first and the last time, the latest first", async () => {
    const limiter = newLimiter();
    await take(limiter, from("203.0.113.1"));
    vi.setSystemTime(start + minute);
    await take(limiter, from("203.0.113.2"));
    vi.setSystemTime(start + 2 * minute);
    await take(limiter, from("203.0.113.1"));
    await evictDurableObject(limiter);
    expect((await limiter.usage("KEY")).networks).toEqual([
      { network: "203.0.113.1", firstSeenAt: start, lastSeenAt: start + 2 * minute },
      { network: "203.0.113.2", firstSeenAt: start + minute, lastSeenAt: start + minute },
    ]);
  });

  it("R031 are the last 100", async () => {
    const limiter = newLimiter();
    for (let index = 0; index < 120; index += 1) {
      vi.setSystemTime(start + index);
      await take(limiter, from(`198.51.100.${index}`));
    }
    await restart(limiter);
    const { networks } = await limiter.usage("KEY");
    expect(networks).toHaveLength(100);
    expect([networks[0]!.network, networks[99]!.network]).toEqual(["198.51.100.119", "198.51.100.20"]);
  });
});

describe("unusual use", () => {
  it("R031 from an address that is new to a key makes a notice; its first one is what it is used to", async () => {
    const limiter = newLimiter();
    expect((await take(limiter, from("203.0.113.1"))).notices).toEqual([]);
    expect((await take(limiter, from(null))).notices).toEqual([]);
    const { notices } = await take(limiter, from("203.0.113.2"));
    expect(notices).toEqual([
      {
        keyId: "KEY",
        hour: Math.floor(start / hour),
        at: start,
        reasons: ["new_address"],
        address: "203.0.113.2",
        requestsThisHour: 3,
        hourlyMean: 0,
      },
    ]);
    await limiter.acknowledge(notices);
    vi.setSystemTime(start + hour);
    expect(await times(limiter, 3, from("203.0.113.2"))).toEqual([]);
  });

  it("R031 of another key of the tenant from that address makes one, too", async () => {
    const limiter = newLimiter();
    for (const keyId of ["A", "B"]) await take(limiter, { keyId, ...from("203.0.113.1") });
    const keys = [];
    for (const keyId of ["A", "B"]) {
      const { notices } = await take(limiter, { keyId, ...from("203.0.113.2") });
      keys.push(notices.map((notice) => notice.keyId));
    }
    expect(keys).toEqual([["A"], ["B"]]);
  });

  it("R031 by a key without history begins at its 100th request of an hour", async () => {
    const limiter = newLimiter();
    expect(await times(limiter, 99)).toEqual([]);
    const notices = await times(limiter, 1);
    expect(notices).toMatchObject([{ reasons: ["many_requests"], requestsThisHour: 100, hourlyMean: 0 }]);
  });

  it("R031 is more than ten times the hourly mean of the seven days before", async () => {
    const limiter = newLimiter();
    // The first of them an hour too early to count.
    for (const [back, count] of [
      [7 * 24 + 1, 100],
      [7 * 24, 1680],
    ] as const) {
      vi.setSystemTime(start - back * hour);
      await atOnce(limiter, count);
    }
    vi.setSystemTime(start);
    expect(await times(limiter, 100)).toEqual([]);
    expect(await times(limiter, 1)).toMatchObject([
      { reasons: ["many_requests"], requestsThisHour: 101, hourlyMean: 10 },
    ]);
  });

  it("R031 is more than ten times the hourly mean since the first hour of a younger key", async () => {
    const limiter = newLimiter();
    vi.setSystemTime(start - 4 * hour);
    await take(limiter, { cost: 0, policies });
    vi.setSystemTime(start - 3 * hour);
    await atOnce(limiter, 30);
    vi.setSystemTime(start);
    expect(await times(limiter, 100)).toEqual([]);
    expect(await times(limiter, 1)).toMatchObject([{ requestsThisHour: 101, hourlyMean: 10 }]);
  });

  it.each([
    [120, [0]],
    [60, []],
    [5, [1]],
  ])(
    "R031 is not the steady use of a key that made %i requests in its first hour",
    { timeout: 20_000 },
    async (count, hours) => {
      const limiter = newLimiter();
      const noticed = await atOnce(limiter, count);
      for (let later = 1; later <= 18; later += 1) {
        vi.setSystemTime(start + later * hour);
        noticed.push(...(await atOnce(limiter, 120)));
      }
      expect(noticed.map((notice) => notice.hour - Math.floor(start / hour))).toEqual(hours);
    },
  );

  it("R031 makes one notice an hour, whatever else happens in it, and one in the next", async () => {
    const limiter = newLimiter();
    await take(limiter, from("203.0.113.1"));
    expect(await times(limiter, 1, from("203.0.113.2"))).toHaveLength(1);
    await limiter.acknowledge([{ keyId: "KEY", hour: Math.floor(start / hour) }]);
    vi.setSystemTime(start + 59 * minute);
    await restart(limiter);
    expect(await times(limiter, 100, from("203.0.113.3"))).toEqual([]);
    vi.setSystemTime(start + 60 * minute);
    expect(await times(limiter, 1, from("203.0.113.4"))).toMatchObject([{ hour: Math.floor(start / hour) + 1 }]);
  });

  it("R031 is handed out again until it is acknowledged, though not with each answer, and survives an eviction", async () => {
    const limiter = newLimiter();
    await take(limiter, from("203.0.113.1"));
    const [first] = await times(limiter, 1, from("203.0.113.2"));
    expect(await times(limiter, 5)).toEqual([]);
    vi.setSystemTime(start + 9999);
    expect(await times(limiter, 1)).toEqual([]);
    vi.setSystemTime(start + 10_000);
    expect(await times(limiter, 3)).toEqual([first]);
    await restart(limiter);
    expect(await times(limiter, 3)).toEqual([first]);
    await limiter.acknowledge([first!]);
    vi.setSystemTime(start + minute);
    await restart(limiter);
    expect(await times(limiter, 3)).toEqual([]);
  });

  it("R031 is noticed once of many requests at once", async () => {
    const limiter = newLimiter();
    await take(limiter, from("203.0.113.1"));
    const taken = await Promise.all(Array.from({ length: 200 }, () => take(limiter, from("203.0.113.2"))));
    expect(taken.flatMap(({ notices }) => notices)).toHaveLength(1);
  });
});

describe("what is known of keys", () => {
  it("R031 is kept in memory for the 500 that were used last", async () => {
    const read = await runInDurableObject(newLimiter(), (_, { storage }) => {
      let reads = 0;
      const sql = {
        exec: (query: string, ...values: never[]) => {
          if (query.startsWith("select")) reads += 1;
          return storage.sql.exec(query, ...values);
        },
      };
      const ledger = new KeyUsageLedger(sql as unknown as SqlStorage);
      const note = (key: number) => {
        const before = reads;
        ledger.note({ keyId: `key ${key}`, address: null, network: null, requests: 1 }, start);
        return reads > before;
      };
      for (let key = 0; key <= 500; key += 1) note(key);
      note(0);
      ledger.save(start);
      return Array.from({ length: 501 }, (__, key) => key).filter(note);
    });
    expect(read).toEqual([1]);
  });
});
