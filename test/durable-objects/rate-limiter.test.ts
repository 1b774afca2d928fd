import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RateLimiter, TakeInput } from "../../src/durable-objects/rate-limiter";

const start = Date.parse("2040-01-01T00:00:00Z");

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

const newLimiter = () => env.RATE_LIMITER.getByName(`test ${crypto.randomUUID()}`) as DurableObjectStub<RateLimiter>;

const request = (overrides: Partial<TakeInput> = {}): TakeInput => ({
  cost: 1,
  limit: 3,
  windowSeconds: 60,
  keyId: "KEY",
  address: "203.0.113.7",
  epoch: 1,
  ...overrides,
});

describe("the window", () => {
  it("allows the limit, refuses what is beyond, and says what is left and when the window ends", async () => {
    const limiter = newLimiter();
    const taken = [];
    for (let second = 0; second < 5; second += 1) {
      vi.setSystemTime(start + second * 1000);
      taken.push(await limiter.take(request()));
    }
    expect(taken.map(({ allowed, remaining, resetMs }) => [allowed, remaining, resetMs])).toEqual([
      [true, 2, 60_000],
      [true, 1, 59_000],
      [true, 0, 58_000],
      [false, 0, 57_000],
      [false, 0, 56_000],
    ]);
    expect(taken[0]!.limit).toBe(3);
  });

  it("starts anew when it has ended, to the millisecond", async () => {
    const limiter = newLimiter();
    for (let count = 0; count < 3; count += 1) await limiter.take(request());
    vi.setSystemTime(start + 59_999);
    expect(await limiter.take(request())).toMatchObject({ allowed: false, resetMs: 1 });
    vi.setSystemTime(start + 60_000);
    expect(await limiter.take(request())).toMatchObject({ allowed: true, remaining: 2, resetMs: 60_000 });
  });

  it("takes a cost whole or not at all", async () => {
    const limiter = newLimiter();
    expect(await limiter.take(request({ cost: 2 }))).toMatchObject({ allowed: true, remaining: 1 });
    expect(await limiter.take(request({ cost: 2 }))).toMatchObject({ allowed: false, remaining: 1 });
    expect(await limiter.take(request({ cost: 1 }))).toMatchObject({ allowed: true, remaining: 0 });
  });

  it("is shared by all keys of the tenant, and by no other tenant", async () => {
    const [limiter, other] = [newLimiter(), newLimiter()];
    await limiter.take(request({ cost: 3, keyId: "A" }));
    expect(await limiter.take(request({ keyId: "B" }))).toMatchObject({ allowed: false });
    expect(await other.take(request({ keyId: "B" }))).toMatchObject({ allowed: true });
  });

  it("allows exactly the limit of many requests at once", async () => {
    const limiter = newLimiter();
    const taken = await Promise.all(Array.from({ length: 50 }, () => limiter.take(request({ limit: 20 }))));
    expect(taken.filter(({ allowed }) => allowed)).toHaveLength(20);
  });
});

describe("the credential epoch", () => {
  it("is the highest that anybody told, and never lower", async () => {
    const limiter = newLimiter();
    expect((await limiter.take(request({ epoch: 1 }))).epoch).toBe(1);
    await limiter.raiseEpoch(5);
    expect((await limiter.take(request({ epoch: 1 }))).epoch).toBe(5);
    await limiter.raiseEpoch(3);
    expect((await limiter.take(request({ epoch: 4 }))).epoch).toBe(5);
    expect((await limiter.take(request({ epoch: 7 }))).epoch).toBe(7);
  });

  it("survives an eviction and the erasing of the tenant", async () => {
    const limiter = newLimiter();
    await limiter.raiseEpoch(5);
    await evictDurableObject(limiter);
    expect((await limiter.take(request({ epoch: 1 }))).epoch).toBe(5);
    await limiter.erase();
    await evictDurableObject(limiter);
    expect((await limiter.take(request({ epoch: 1 }))).epoch).toBe(5);
  });
});

describe("the last use of keys", () => {
  it("is known at once, written by the alarm a minute after the first use, and survives an eviction", async () => {
    const limiter = newLimiter();
    await limiter.take(request({ keyId: "A", address: "203.0.113.1" }));
    vi.setSystemTime(start + 5000);
    await limiter.take(request({ keyId: "B", address: null }));
    vi.setSystemTime(start + 7000);
    await limiter.take(request({ keyId: "A", address: "203.0.113.2" }));
    const expected = [
      { keyId: "A", lastUsedAt: start + 7000, lastUsedAddress: "203.0.113.2" },
      { keyId: "B", lastUsedAt: start + 5000, lastUsedAddress: null },
    ];
    const uses = async () => (await limiter.lastUses()).toSorted((a, b) => (a.keyId < b.keyId ? -1 : 1));
    expect(await uses()).toEqual(expected);
    expect(await runInDurableObject(limiter, (_, { storage }) => storage.getAlarm())).toBe(start + 60_000);
    expect(await runDurableObjectAlarm(limiter)).toBe(true);
    expect(await uses()).toEqual(expected);
    await evictDurableObject(limiter);
    expect(await uses()).toEqual(expected);
  });

  it("is written at most once a minute, and not while nobody comes", async () => {
    const limiter = newLimiter();
    await limiter.take(request());
    expect(await runDurableObjectAlarm(limiter)).toBe(true);
    expect(await runDurableObjectAlarm(limiter)).toBe(false);
    vi.setSystemTime(start + 90_000);
    await limiter.take(request());
    vi.setSystemTime(start + 100_000);
    await limiter.take(request());
    expect(await runInDurableObject(limiter, (_, { storage }) => storage.getAlarm())).toBe(start + 150_000);
    await runDurableObjectAlarm(limiter);
    expect(await limiter.lastUses()).toEqual([expect.objectContaining({ lastUsedAt: start + 100_000 })]);
  });

  it("is forgotten with the tenant, alarm and all", async () => {
    const limiter = newLimiter();
    await limiter.take(request({ keyId: "A" }));
    await runDurableObjectAlarm(limiter);
    await limiter.take(request({ keyId: "B" }));
    await limiter.erase();
    expect(await limiter.lastUses()).toEqual([]);
    expect(await runDurableObjectAlarm(limiter)).toBe(false);
  });

  it("an eviction forgives the window, and loses at most the uses of the last minute", async () => {
    const limiter = newLimiter();
    await limiter.take(request({ cost: 3 }));
    await evictDurableObject(limiter);
    expect(await limiter.take(request())).toMatchObject({ allowed: true, remaining: 2 });
  });
});
