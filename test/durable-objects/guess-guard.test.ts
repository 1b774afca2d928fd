import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { GuessGuard, Guesses } from "../../src/durable-objects/guess-guard";
import { linkGuesses } from "../../src/services/public-limits";

const start = Date.parse("2040-01-01T00:00:00Z");
const minute = 60_000;
const hour = 60 * minute;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

type Stub = DurableObjectStub<GuessGuard>;

const newGuard = () => env.GUESS_GUARD.getByName(`test ${crypto.randomUUID()}`) as Stub;

async function count(guard: Stub, times = 1, about: string | null = null): Promise<Guesses> {
  let last: Guesses | undefined;
  for (let time = 0; time < times; time += 1) last = await guard.count(about, linkGuesses);
  return last!;
}

const stored = (guard: Stub) =>
  runInDurableObject(guard, async (_, { storage }) => ({
    entries: [...storage.kv.list()].length,
    alarm: await storage.getAlarm(),
  }));

const free = { blockedUntil: null, about: null, isNoted: false };

describe("guesses of a minute", () => {
  it("R235 the 30th blocks until the minute ends that the first one opened", async () => {
    const guard = newGuard();
    expect(await count(guard)).toEqual({ attempts: 1, ...free });
    vi.setSystemTime(start + 20_000);
    expect(await count(guard, 28)).toEqual({ attempts: 29, ...free });
    const blocked = { blockedUntil: start + minute, about: "K7X2M9QA", isNoted: false };
    expect(await count(guard, 1, "K7X2M9QA")).toEqual({ attempts: 30, ...blocked });
    vi.setSystemTime(start + minute - 1);
    expect(await count(guard, 1, "another")).toEqual({ attempts: 31, ...blocked });
    vi.setSystemTime(start + minute);
    expect(await count(guard)).toEqual({ attempts: 1, ...free });
  });

  it("R235 a minute that was quiet forgives: 29 and 29 block nothing", async () => {
    const guard = newGuard();
    await count(guard, 29);
    vi.setSystemTime(start + minute);
    expect(await count(guard, 29)).toEqual({ attempts: 29, ...free });
  });

  it("R235 the 100th blocks for fifteen minutes, in which nothing counts and nothing extends it", async () => {
    const guard = newGuard();
    vi.setSystemTime(start);
    expect((await count(guard, 99)).blockedUntil).toBe(start + minute);
    vi.setSystemTime(start + minute - 1);
    const end = start + minute - 1 + 15 * minute;
    expect(await count(guard, 1, "a")).toEqual({ attempts: 100, blockedUntil: end, about: "a", isNoted: false });
    vi.setSystemTime(end - 1);
    expect(await count(guard, 50, "b")).toEqual({ attempts: 100, blockedUntil: end, about: "a", isNoted: false });
    vi.setSystemTime(end);
    expect(await count(guard)).toEqual({ attempts: 1, ...free });
  });

  it("R235 a hundred at once are counted one by one, and one of them is the hundredth", async () => {
    const guard = newGuard();
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => count(guard, 1, String(index))));
    expect(answers.map(({ attempts }) => attempts).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    const last = answers.findIndex(({ attempts }) => attempts === 100);
    expect((await count(guard)).about).toBe(String(last));
  });

  it("R235 an eviction forgives nothing", async () => {
    const guard = newGuard();
    await count(guard, 29);
    await evictDurableObject(guard);
    expect((await count(guard)).attempts).toBe(30);
    await count(guard, 70);
    await evictDurableObject(guard);
    expect(await count(guard)).toMatchObject({ attempts: 100, blockedUntil: start + 15 * minute });
  });
});

describe("a clock that is set back", () => {
  it.each([
    ["29 guesses", 29],
    ["a block until the minute's end", 30],
    ["a block for fifteen minutes", 100],
  ])("R235 begins a new minute after %s", async (_, times) => {
    const guard = newGuard();
    await count(guard, times);
    vi.setSystemTime(start - hour);
    expect(await count(guard)).toEqual({ attempts: 1, ...free });
  });

  it("R235 goes on by one that differs by little, as those of two machines do", async () => {
    const guard = newGuard();
    const { blockedUntil } = await count(guard, 100);
    vi.setSystemTime(start - 1000);
    expect(await count(guard)).toMatchObject({ attempts: 100, blockedUntil });
  });

  it("R235 by little more than a minute leaves no block that lasts longer than one does", async () => {
    const guard = newGuard();
    await count(guard);
    vi.setSystemTime(start + 20_000);
    const { blockedUntil } = await count(guard, 99);
    expect(blockedUntil).toBe(start + 20_000 + 15 * minute);
    vi.setSystemTime(start - 40_001);
    expect(await count(guard)).toEqual({ attempts: 1, ...free });
  });
});

describe("whether a block is noted", () => {
  it("R235 is known once somebody says so of this block, and again to be done for the longer one", async () => {
    const guard = newGuard();
    const short = (await count(guard, 30)).blockedUntil!;
    await guard.noted(short - 1);
    expect((await count(guard)).isNoted).toBe(false);
    await guard.noted(short);
    await evictDurableObject(guard);
    expect((await count(guard)).isNoted).toBe(true);
    const { blockedUntil, isNoted } = await count(guard, 68);
    expect({ blockedUntil, isNoted }).toEqual({ blockedUntil: start + 15 * minute, isNoted: false });
    await guard.noted(blockedUntil!);
    expect((await count(guard)).isNoted).toBe(true);
  });
});

describe("the alarm", () => {
  it("R235 forgets everything an hour after the last minute, and the object works on", async () => {
    const guard = newGuard();
    await count(guard, 5);
    expect(await stored(guard)).toEqual({ entries: 1, alarm: start + hour });
    vi.setSystemTime(start + 30 * minute);
    await count(guard);
    expect(await stored(guard)).toEqual({ entries: 1, alarm: start + 90 * minute });
    vi.setSystemTime(start + 90 * minute);
    expect(await runDurableObjectAlarm(guard)).toBe(true);
    expect(await stored(guard)).toEqual({ entries: 0, alarm: null });
    expect(await count(guard)).toEqual({ attempts: 1, ...free });
  });

  it("R235 that comes while a minute is young waits for its hour", async () => {
    const guard = newGuard();
    await count(guard, 30);
    vi.setSystemTime(start + minute - 1);
    expect(await runDurableObjectAlarm(guard)).toBe(true);
    expect(await stored(guard)).toEqual({ entries: 1, alarm: start + hour });
    expect((await count(guard)).attempts).toBe(31);
  });
});
