import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { NonceLedger } from "../../src/durable-objects/nonce-ledger";

const start = Date.parse("2040-01-01T00:00:00Z");
const hour = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

const newLedger = () => env.NONCE_LEDGER.getByName(`test ${crypto.randomUUID()}`) as DurableObjectStub<NonceLedger>;

const noncesIn = (ledger: DurableObjectStub<NonceLedger>) =>
  runInDurableObject(ledger, (_, { storage }) =>
    storage.sql
      .exec<{ nonce: string }>("select nonce from nonces order by nonce")
      .toArray()
      .map(({ nonce }) => nonce),
  );

const alarmOf = (ledger: DurableObjectStub<NonceLedger>) =>
  runInDurableObject(ledger, (_, { storage }) => storage.getAlarm());

describe("a nonce", () => {
  it("R263 is new once, in flight until it is completed, and a duplicate from then on", async () => {
    const ledger = newLedger();
    expect(await ledger.claim("a", start + hour)).toBe("new");
    expect(await ledger.claim("a", start + hour)).toBe("inFlight");
    expect(await ledger.claim("b", start + hour)).toBe("new");
    await ledger.complete("a");
    expect(await ledger.claim("a", start + hour)).toBe("duplicate");
    expect(await ledger.claim("b", start + hour)).toBe("inFlight");
  });

  it("R263 that nobody completes is free again after its lease of 15 seconds", async () => {
    const ledger = newLedger();
    await ledger.claim("a", start + hour);
    vi.setSystemTime(start + 14_999);
    expect(await ledger.claim("a", start + hour)).toBe("inFlight");
    vi.setSystemTime(start + 15_000);
    expect(await ledger.claim("a", start + hour)).toBe("new");
    expect(await ledger.claim("a", start + hour)).toBe("inFlight");
    // The first one, late.
    await ledger.complete("a");
    expect(await ledger.claim("a", start + hour)).toBe("duplicate");
  });

  it("R263 is new for one of two hundred that ask at once", async () => {
    const ledger = newLedger();
    const claims = await Promise.all(Array.from({ length: 200 }, () => ledger.claim("a", start + hour)));
    expect(claims.filter((claim) => claim === "new")).toHaveLength(1);
    expect(claims.filter((claim) => claim === "inFlight")).toHaveLength(199);
  });

  it("R263 outlives an eviction, claimed or used", async () => {
    const ledger = newLedger();
    await ledger.claim("claimed", start + hour);
    await ledger.claim("used", start + hour);
    await ledger.complete("used");
    await evictDurableObject(ledger);
    expect(await ledger.claim("claimed", start + hour)).toBe("inFlight");
    expect(await ledger.claim("used", start + hour)).toBe("duplicate");
  });
});

describe("the sweep", () => {
  it("R263 forgets what has expired, and sets no alarm when nothing is left", async () => {
    const ledger = newLedger();
    await ledger.claim("soon", start + hour);
    await ledger.claim("later", start + 2 * hour);
    await ledger.complete("soon");
    expect(await alarmOf(ledger)).toBe(start + hour);
    vi.setSystemTime(start + hour);
    expect(await runDurableObjectAlarm(ledger)).toBe(true);
    expect(await noncesIn(ledger)).toEqual(["later"]);
    expect(await alarmOf(ledger)).toBe(start + 2 * hour);
    vi.setSystemTime(start + 2 * hour);
    await runDurableObjectAlarm(ledger);
    expect(await noncesIn(ledger)).toEqual([]);
    expect(await alarmOf(ledger)).toBeNull();
    expect(await runDurableObjectAlarm(ledger)).toBe(false);
  });

  it("R263 comes once for all that expire within ten minutes, and earlier for what expires earlier", async () => {
    const ledger = newLedger();
    await ledger.claim("a", start + hour + 1);
    await ledger.claim("b", start + hour + 500_000);
    expect(await alarmOf(ledger)).toBe(start + hour + 600_000);
    await ledger.claim("c", start + 60_000);
    expect(await alarmOf(ledger)).toBe(start + 600_000);
    await evictDurableObject(ledger);
    await ledger.claim("d", start + hour);
    expect(await alarmOf(ledger)).toBe(start + 600_000);
  });

  it("R263 looks a day ahead at most, however late a nonce expires", async () => {
    const ledger = newLedger();
    await ledger.claim("a", Number.MAX_SAFE_INTEGER);
    expect(await alarmOf(ledger)).toBe(start + 24 * hour);
    vi.setSystemTime(start + 24 * hour);
    await runDurableObjectAlarm(ledger);
    expect(await noncesIn(ledger)).toEqual(["a"]);
    expect(await alarmOf(ledger)).toBe(start + 48 * hour);
  });

  it("R263 works in slices of a thousand, and goes on at once while there is more", async () => {
    const ledger = newLedger();
    await ledger.claim("kept", start + 10 * hour);
    await runInDurableObject(ledger, (_, { storage }) =>
      storage.sql.exec(
        `with recursive n (i) as (select 1 union all select i + 1 from n where i < 2500)
         insert into nonces select 'n' || i, ?, null from n`,
        start + hour,
      ),
    );
    vi.setSystemTime(start + 10 * hour - 1);
    for (const left of [1501, 501]) {
      await runDurableObjectAlarm(ledger);
      expect(await noncesIn(ledger)).toHaveLength(left);
      expect(await alarmOf(ledger)).toBe(start + 10 * hour - 1);
    }
    await runDurableObjectAlarm(ledger);
    expect(await noncesIn(ledger)).toEqual(["kept"]);
    expect(await alarmOf(ledger)).toBe(start + 10 * hour);
  });

  it("R263 does not forget a claim that is under way", async () => {
    const ledger = newLedger();
    await ledger.claim("a", start + 1);
    expect(await alarmOf(ledger)).toBe(start + 600_000);
    expect(await ledger.claim("a", start + 1)).toBe("inFlight");
  });
});

describe("refusals", () => {
  it("R262 are counted by reason, each at once: an idle object is evicted before long", async () => {
    const ledger = newLedger();
    await ledger.refuse("bad_signature");
    vi.setSystemTime(start + 5);
    await ledger.refuse("bad_signature");
    await evictDurableObject(ledger);
    await ledger.refuse("jwt");
    await evictDurableObject(ledger);
    expect(await ledger.refusals()).toEqual([
      { reason: "bad_signature", count: 2, lastAt: start + 5 },
      { reason: "jwt", count: 1, lastAt: start + 5 },
    ]);
    expect(await alarmOf(ledger)).toBeNull();
  });
});

it("R274 erases everything, and works on", async () => {
  const ledger = newLedger();
  await ledger.claim("a", start + hour);
  await ledger.complete("a");
  await ledger.refuse("jwt");
  await ledger.erase();
  expect(await noncesIn(ledger)).toEqual([]);
  expect(await ledger.refusals()).toEqual([]);
  expect(await alarmOf(ledger)).toBeNull();
  expect(await ledger.claim("a", start + hour)).toBe("new");
  expect(await alarmOf(ledger)).toBe(start + hour);
});
