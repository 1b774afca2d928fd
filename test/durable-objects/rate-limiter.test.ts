import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RateLimiter } from "../../src/durable-objects/rate-limiter";
import { asked, burst, daily, newLimiter, take, usedOf, type Limiter } from "../support/limiter";

const start = Date.parse("2040-01-01T00:00:00Z");

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the windows", () => {
  it("R210 R215 allow the limit, refuse what is beyond, and say what was used and when each ends", async () => {
    const limiter = newLimiter();
    const taken = [];
    for (let second = 0; second < 5; second += 1) {
      vi.setSystemTime(start + second * 1000);
      taken.push(await take(limiter));
    }
    expect(taken.map(({ allowed, violated }) => [allowed, violated])).toEqual([
      [true, []],
      [true, []],
      [true, []],
      [false, ["burst"]],
      [false, ["burst"]],
    ]);
    expect(taken[0]!.windows).toEqual([
      { ...burst(3), used: 1, resetMs: 60_000 },
      { ...daily(10), used: 1, resetMs: 86_400_000 },
    ]);
    expect(taken[4]!.windows).toEqual([
      { ...burst(3), used: 3, resetMs: 56_000 },
      { ...daily(10), used: 3, resetMs: 86_396_000 },
    ]);
  });

  it("R215 start anew when they have ended, to the millisecond, and each by itself", async () => {
    const limiter = newLimiter();
    for (let count = 0; count < 3; count += 1) await take(limiter);
    vi.setSystemTime(start + 59_999);
    const before = await take(limiter);
    expect([before.allowed, before.windows[0]!.resetMs]).toEqual([false, 1]);
    vi.setSystemTime(start + 60_000);
    const after = await take(limiter);
    expect(after.windows).toEqual([
      { ...burst(3), used: 1, resetMs: 60_000 },
      { ...daily(10), used: 4, resetMs: 86_340_000 },
    ]);
    vi.setSystemTime(start + 86_400_000);
    expect((await take(limiter)).windows).toEqual([
      { ...burst(3), used: 1, resetMs: 60_000 },
      { ...daily(10), used: 1, resetMs: 86_400_000 },
    ]);
  });

  it("R210 are opened by the first request that counts in them", async () => {
    const limiter = newLimiter();
    await take(limiter, { cost: 0 });
    vi.setSystemTime(start + 5000);
    expect((await take(limiter)).windows[0]).toEqual({ ...burst(3), used: 1, resetMs: 60_000 });
  });

  it("R210 count a request in all or in none", async () => {
    const limiter = newLimiter();
    const policies = [burst(3), daily(2)];
    for (let count = 0; count < 2; count += 1) await take(limiter, { policies });
    const refused = await take(limiter, { policies });
    expect([refused.violated, usedOf(refused)]).toEqual([["daily"], [2, 2]]);
    expect(usedOf(await take(limiter, { cost: 0, policies }))).toEqual([2, 2]);
  });

  it("R210 name every limit that has no room", async () => {
    const limiter = newLimiter();
    const policies = [burst(1), daily(1)];
    await take(limiter, { policies });
    expect((await take(limiter, { policies })).violated).toEqual(["burst", "daily"]);
  });

  it("R210 take a cost whole or not at all, and tell how they stand for nothing", async () => {
    const limiter = newLimiter();
    expect(usedOf(await take(limiter, { cost: 2 }))).toEqual([2, 2]);
    const refused = await take(limiter, { cost: 2 });
    expect([refused.allowed, usedOf(refused)]).toEqual([false, [2, 2]]);
    expect(usedOf(await take(limiter, { cost: 1 }))).toEqual([3, 3]);
    const looked = await take(limiter, { cost: 0 });
    expect([looked.allowed, looked.violated, usedOf(looked)]).toEqual([true, [], [3, 3]]);
  });

  it("R213 take another quota in the middle of a window, in which what was used stays used", async () => {
    const limiter = newLimiter();
    for (let count = 0; count < 3; count += 1) await take(limiter);
    expect((await take(limiter)).allowed).toBe(false);
    const raised = await take(limiter, { policies: [burst(4), daily(10)] });
    expect([raised.allowed, usedOf(raised)]).toEqual([true, [4, 4]]);
    const lowered = await take(limiter, { policies: [burst(2), daily(10)] });
    expect([lowered.violated, usedOf(lowered)]).toEqual([["burst"], [4, 4]]);
  });

  it("R210 are shared by all keys of the tenant, and by no other tenant", async () => {
    const [limiter, other] = [newLimiter(), newLimiter()];
    await take(limiter, { cost: 3, keyId: "A" });
    expect((await take(limiter, { keyId: "B" })).allowed).toBe(false);
    expect((await take(other, { keyId: "B" })).allowed).toBe(true);
  });

  it("R210 admit of 1,000 requests at once exactly the limit", { timeout: 30_000 }, async () => {
    const limiter = newLimiter();
    const policies = [burst(100), daily(10_000)];
    const taken = await Promise.all(Array.from({ length: 1000 }, () => take(limiter, { policies })));
    expect(taken.filter(({ allowed }) => allowed)).toHaveLength(100);
    expect(taken.filter(({ violated }) => violated.includes("burst"))).toHaveLength(900);
  });

  it("R211 admit 10,000 requests of a day and not the 10,001st", async () => {
    const limiter = newLimiter();
    const policies = [burst(100_000), daily(10_000)];
    await take(limiter, { policies, cost: 9_999 });
    expect((await take(limiter, { policies })).allowed).toBe(true);
    expect((await take(limiter, { policies })).violated).toEqual(["daily"]);
  });

  it("R210 do not last beyond their length when a clock is set back", async () => {
    const limiter = newLimiter();
    for (let count = 0; count < 3; count += 1) await take(limiter);
    vi.setSystemTime(start - 3_600_000);
    const earlier = await take(limiter);
    expect(earlier.windows.map(({ used, resetMs }) => [used, resetMs])).toEqual([
      [1, 60_000],
      [1, 86_400_000],
    ]);
  });
});

describe("an eviction", () => {
  const policies = [burst(1000), daily(10_000)];
  const savedUsed = (limiter: Limiter) =>
    runInDurableObject(limiter, (_, { storage }) => {
      const { state } = storage.sql.exec<{ state: string }>("select state from limit_windows").one();
      return (JSON.parse(state) as { daily: { used: number } }).daily.used;
    });
  const dailyUsed = async (limiter: Limiter) => usedOf(await take(limiter, { policies, cost: 0 }))[1];

  it("R211 in the middle of a day loses nothing that is a second old", async () => {
    const limiter = newLimiter();
    for (let count = 0; count < 25; count += 1) {
      vi.setSystemTime(start + count * 400);
      await take(limiter, { policies });
    }
    vi.setSystemTime(start + 25 * 400 + 1000);
    await take(limiter, { policies });
    await evictDurableObject(limiter);
    expect(await dailyUsed(limiter)).toBe(26);
    const { windows } = await take(limiter, { policies, cost: 0 });
    expect(windows[1]!.resetMs).toBe(86_400_000 - 11_000);
  });

  it("R211 loses at most what one second counted, for the good of the caller", async () => {
    const limiter = newLimiter();
    await take(limiter, { policies });
    vi.setSystemTime(start + 1000);
    for (let count = 0; count < 5; count += 1) await take(limiter, { policies });
    await evictDurableObject(limiter);
    // The first of these five was written with what came before it.
    expect(await dailyUsed(limiter)).toBe(2);
  });

  it("R215 of an object that idles while its client waits does not open the minute again", async () => {
    const limiter = newLimiter();
    await take(limiter, { policies: [burst(3)], cost: 3 });
    for (const waited of [11_000, 30_000, 59_999]) {
      await evictDurableObject(limiter);
      vi.setSystemTime(start + waited);
      const { violated, windows } = await take(limiter, { policies: [burst(3)] });
      expect([violated, windows[0]!.resetMs]).toEqual([["burst"], 60_000 - waited]);
    }
    await evictDurableObject(limiter);
    vi.setSystemTime(start + 60_000);
    expect((await take(limiter, { policies: [burst(3)] })).allowed).toBe(true);
  });

  it("R211 is written by a timer if no request comes after", async () => {
    const limiter = newLimiter();
    for (let count = 0; count < 3; count += 1) await take(limiter, { policies });
    expect(await savedUsed(limiter)).toBe(1);
    await vi.waitFor(async () => expect(await savedUsed(limiter)).toBe(3), { timeout: 5000, interval: 50 });
    await evictDurableObject(limiter);
    expect(await dailyUsed(limiter)).toBe(3);
  });

  it("R211 costs one write a second at most, however many requests there are", async () => {
    const limiter = newLimiter();
    const seen = [];
    for (let tenth = 0; tenth <= 30; tenth += 1) {
      vi.setSystemTime(start + tenth * 100);
      await take(limiter, { policies });
      seen.push(await savedUsed(limiter));
    }
    expect([...new Set(seen)]).toEqual([1, 11, 21, 31]);
  });
});

describe("the credential epoch", () => {
  it("is the highest that anybody told, and never lower", async () => {
    const limiter = newLimiter();
    expect((await take(limiter, { epoch: 1 })).epoch).toBe(1);
    await limiter.raiseEpoch(5);
    await limiter.raiseEpoch(3);
    expect((await take(limiter, { epoch: 5 })).epoch).toBe(5);
    expect((await take(limiter, { epoch: 7 })).epoch).toBe(7);
  });

  it("R033 turns away who knows an older one, without counting anything", async () => {
    const limiter = newLimiter();
    await limiter.raiseEpoch(5);
    expect(await limiter.take(asked({ epoch: 4 }))).toEqual({ stale: true, epoch: 5 });
    expect(usedOf(await take(limiter, { epoch: 5, cost: 0 }))).toEqual([0, 0]);
    expect(await limiter.lastUses()).toHaveLength(1);
  });

  it("R033 counts who has read just now, though a change is announced", async () => {
    const limiter = newLimiter();
    await limiter.raiseEpoch(5);
    const taken = await take(limiter, { epoch: 4, isFresh: true });
    expect([taken.epoch, taken.allowed, usedOf(taken)]).toEqual([5, true, [1, 1]]);
  });

  const minutes = 60_000;
  const announced = { isAnnounced: true };
  const isStale = async (limiter: Limiter) => (await limiter.take(asked({ epoch: 4 }))).stale;

  it("R033 of a change that never came about is given up after five minutes, by who has read just now", async () => {
    const limiter = newLimiter();
    await limiter.raiseEpoch(4);
    await limiter.raiseEpoch(5, announced);
    await evictDurableObject(limiter);
    vi.setSystemTime(start + 5 * minutes);
    expect((await take(limiter, { epoch: 4, isFresh: true })).epoch).toBe(5);
    vi.setSystemTime(start + 5 * minutes + 1);
    expect(await isStale(limiter)).toBe(true);
    expect((await take(limiter, { epoch: 4, isFresh: true })).epoch).toBe(4);
    await evictDurableObject(limiter);
    expect(await isStale(limiter)).toBe(false);
  });

  it("R033 of a change that is announced again is waited for again", async () => {
    const limiter = newLimiter();
    await limiter.raiseEpoch(4);
    await limiter.raiseEpoch(5, announced);
    vi.setSystemTime(start + 5 * minutes);
    await limiter.raiseEpoch(5, announced);
    vi.setSystemTime(start + 10 * minutes);
    expect((await take(limiter, { epoch: 4, isFresh: true })).epoch).toBe(5);
  });

  it("R033 of a change that was made is never given up, whoever told of it", async () => {
    for (const tell of [
      (limiter: Limiter) => limiter.raiseEpoch(5),
      (limiter: Limiter) => take(limiter, { epoch: 5 }),
    ]) {
      const limiter = newLimiter();
      vi.setSystemTime(start);
      await limiter.raiseEpoch(5, announced);
      await tell(limiter);
      await evictDurableObject(limiter);
      vi.setSystemTime(start + 24 * 60 * minutes);
      expect((await take(limiter, { epoch: 4, isFresh: true })).epoch).toBe(5);
      expect(await isStale(limiter)).toBe(true);
    }
  });

  it("survives an eviction and the erasing of the tenant", async () => {
    const limiter = newLimiter();
    await limiter.raiseEpoch(5);
    await evictDurableObject(limiter);
    expect(await limiter.take(asked({ epoch: 1 }))).toEqual({ stale: true, epoch: 5 });
    await limiter.erase();
    await evictDurableObject(limiter);
    expect(await limiter.take(asked({ epoch: 1 }))).toEqual({ stale: true, epoch: 5 });
  });
});

describe("the erasing of the tenant", () => {
  it("R226 leaves no row but the epoch, also not by what was still to be written", async () => {
    const limiter = newLimiter();
    await take(limiter, { address: "203.0.113.1", network: "203.0.113.1" });
    await take(limiter, { address: "203.0.113.2", network: "203.0.113.2" });
    await take(limiter, { keyId: "B" });
    await limiter.erase();
    const rows = () =>
      runInDurableObject(limiter, (_, { storage }) =>
        ["limit_windows", "key_use", "key_hours", "key_networks", "notices"].map(
          (table) => storage.sql.exec<{ rows: number }>(`select count(*) as rows from ${table}`).one().rows,
        ),
      );
    expect(await rows()).toEqual([0, 0, 0, 0, 0]);
    expect(await limiter.lastUses()).toEqual([]);
    expect(await rows()).toEqual([0, 0, 0, 0, 0]);
  });
});

describe("the version before", () => {
  it("an alarm that it has set finds its method", async () => {
    const limiter = newLimiter();
    await runInDurableObject(limiter, (_, { storage }) => storage.setAlarm(start + 60_000));
    expect(await runDurableObjectAlarm(limiter)).toBe(true);
  });

  it("a caller of it is refused before anything is counted, and so reads its credentials anew", async () => {
    const limiter = newLimiter();
    const former = { cost: 1, limit: 10_000, windowSeconds: 60, keyId: "KEY", address: null, epoch: 1 };
    const answer = await runInDurableObject(limiter, (instance) => {
      try {
        return (instance as RateLimiter).take(former as never);
      } catch (error) {
        return error;
      }
    });
    expect(answer).toBeInstanceOf(TypeError);
    expect(await limiter.lastUses()).toEqual([]);
    expect(usedOf(await take(limiter, { cost: 0 }))).toEqual([0, 0]);
  });
});
