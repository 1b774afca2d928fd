import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Attempt, Begun, IdempotencyLedger, KeptAnswer } from "../../src/durable-objects/idempotency-ledger";
import { ledgerNamed } from "../support/idempotency";

const start = Date.parse("2040-01-01T00:00:00Z");
const second = 1000;
const hour = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

type Ledger = DurableObjectStub<IdempotencyLedger>;

const newLedger = (): Ledger => ledgerNamed(`test ${crypto.randomUUID()}`);
const mark = (keyHash = "a", fingerprint = "request") => ({ keyHash, fingerprint });
const answer = (status: number, body: string | null = "sealed"): KeptAnswer => ({
  status,
  headers: { "content-type": "application/json" },
  errorCode: null,
  body,
  file: null,
});

async function begin(ledger: Ledger, of = mark()): Promise<Attempt> {
  const begun: Begun = await ledger.begin(of);
  if (begun.kind !== "new") throw new Error(begun.kind);
  return begun.attempt;
}

const alarmOf = (ledger: Ledger) => runInDurableObject(ledger, (_, { storage }) => storage.getAlarm());
const countOf = (ledger: Ledger, table: "requests" | "files") =>
  runInDurableObject(
    ledger,
    (_, { storage }) => storage.sql.exec<{ count: number }>(`select count(*) as count from ${table}`).one().count,
  );

describe("a request under a key", () => {
  it("R217 begins once, is in progress until it is answered, and is replayed from then on", async () => {
    const ledger = newLedger();
    const attempt = await begin(ledger);
    expect(attempt).toEqual({ keyHash: "a", startedAt: start, number: 1 });
    expect(await ledger.begin(mark())).toEqual({ kind: "inProgress", retryAfterSeconds: 1 });
    await ledger.complete(attempt, answer(201));
    expect(await ledger.begin(mark())).toEqual({ kind: "replay", answer: answer(201) });
    await evictDurableObject(ledger);
    expect(await ledger.begin(mark())).toEqual({ kind: "replay", answer: answer(201) });
    expect(await begin(ledger, mark("b"))).toEqual({ keyHash: "b", startedAt: start, number: 1 });
  });

  it("R217 is none of another payload, while it runs, when it crashed, and when it is answered", async () => {
    const ledger = newLedger();
    await begin(ledger);
    expect(await ledger.begin(mark("a", "other"))).toEqual({ kind: "mismatch" });
    vi.setSystemTime(start + 30_000);
    expect(await ledger.begin(mark("a", "other"))).toEqual({ kind: "mismatch" });
    await ledger.complete(await begin(ledger), answer(400));
    expect(await ledger.begin(mark("a", "other"))).toEqual({ kind: "mismatch" });
    vi.setSystemTime(start + 30_000 + 24 * hour);
    expect(await begin(ledger, mark("a", "other"))).toMatchObject({ startedAt: Date.now(), number: 1 });
  });

  it("R217 that failed can be corrected: another payload takes the key over, with a beginning of its own", async () => {
    const ledger = newLedger();
    const failed = await begin(ledger);
    await ledger.release(failed);
    const corrected = await begin(ledger, mark("a", "other"));
    expect(corrected).toEqual({ keyHash: "a", startedAt: start + 1, number: 2 });
    expect(await ledger.begin(mark())).toEqual({ kind: "mismatch" });
    // The one that failed has nothing to say any more.
    await ledger.complete(failed, answer(201));
    await ledger.release(failed);
    expect(await ledger.begin(mark("a", "other"))).toMatchObject({ kind: "inProgress" });
    await ledger.complete(corrected, answer(201));
    expect(await ledger.begin(mark("a", "other"))).toEqual({ kind: "replay", answer: answer(201) });
  });

  it("R217 begins once of two hundred that come at once", async () => {
    const ledger = newLedger();
    const begun = await Promise.all(Array.from({ length: 200 }, () => ledger.begin(mark())));
    expect(begun.filter(({ kind }) => kind === "new")).toHaveLength(1);
    expect(begun.filter(({ kind }) => kind === "inProgress")).toHaveLength(199);
  });

  it("R217 is free after its lease of 30 seconds, also after an eviction, and keeps its beginning", async () => {
    const ledger = newLedger();
    await begin(ledger);
    await evictDurableObject(ledger);
    vi.setSystemTime(start + 29_999);
    expect(await ledger.begin(mark())).toEqual({ kind: "inProgress", retryAfterSeconds: 1 });
    vi.setSystemTime(start + 30_000);
    expect(await begin(ledger)).toEqual({ keyHash: "a", startedAt: start, number: 2 });
    expect(await ledger.begin(mark())).toEqual({ kind: "inProgress", retryAfterSeconds: 1 });
  });

  it.each([
    [0, 1],
    [1, 1],
    [4, 4],
    [15, 15],
    [20, 10],
    [29, 1],
  ])("R217 that has run for %i seconds is asked for again in %i", async (ran, expected) => {
    const ledger = newLedger();
    await begin(ledger);
    vi.setSystemTime(start + ran * second);
    expect(await ledger.begin(mark())).toEqual({ kind: "inProgress", retryAfterSeconds: expected });
  });

  it("R217 that is released is free at once, and keeps its beginning", async () => {
    const ledger = newLedger();
    await ledger.release(await begin(ledger));
    vi.setSystemTime(start + hour);
    expect(await begin(ledger)).toEqual({ keyHash: "a", startedAt: start, number: 2 });
  });

  it("R217 that failed is kept for 24 hours from its latest attempt, whose answer may have been lost", async () => {
    const ledger = newLedger();
    await ledger.release(await begin(ledger));
    vi.setSystemTime(start + 23.5 * hour);
    const later = await begin(ledger);
    expect(later).toEqual({ keyHash: "a", startedAt: start, number: 2 });
    await ledger.complete(later, answer(201));
    vi.setSystemTime(start + 47.5 * hour - 1);
    expect(await ledger.begin(mark())).toEqual({ kind: "replay", answer: answer(201) });
    vi.setSystemTime(start + 47.5 * hour);
    expect(await begin(ledger)).toEqual({ keyHash: "a", startedAt: start + 47.5 * hour, number: 1 });
  });

  it("R217 that is repeated in the last second of its day is not overtaken while it runs", async () => {
    const ledger = newLedger();
    await ledger.release(await begin(ledger));
    vi.setSystemTime(start + 24 * hour - second);
    const last = await begin(ledger);
    vi.setSystemTime(start + 24 * hour);
    expect(await ledger.begin(mark())).toEqual({ kind: "inProgress", retryAfterSeconds: 1 });
    await ledger.complete(last, answer(201));
    expect(await ledger.begin(mark())).toEqual({ kind: "replay", answer: answer(201) });
  });

  it("R217 that crashed before the clock was set back is free at once", async () => {
    const ledger = newLedger();
    await begin(ledger);
    vi.setSystemTime(start - hour);
    expect(await begin(ledger)).toEqual({ keyHash: "a", startedAt: start, number: 2 });
    expect(await ledger.begin(mark())).toEqual({ kind: "inProgress", retryAfterSeconds: 1 });
  });

  it("R217 is forgotten 24 hours after its beginning, whatever became of it", async () => {
    const ledger = newLedger();
    await ledger.complete(await begin(ledger), answer(201));
    vi.setSystemTime(start + 24 * hour - 1);
    expect(await ledger.begin(mark())).toEqual({ kind: "replay", answer: answer(201) });
    vi.setSystemTime(start + 24 * hour);
    expect(await begin(ledger)).toEqual({ keyHash: "a", startedAt: start + 24 * hour, number: 1 });
  });
});

describe("of two attempts that run at once", () => {
  async function twoAttempts() {
    const ledger = newLedger();
    const first = await begin(ledger);
    vi.setSystemTime(Date.now() + 30 * second);
    const latest = await begin(ledger);
    return { ledger, first, latest };
  }

  const kept = async (ledger: Ledger) => {
    const begun: Begun = await ledger.begin(mark());
    return begun.kind === "replay" ? [begun.answer.status, begun.answer.body] : begun.kind;
  };

  it("R217 the first success stays, whoever had it", async () => {
    const one = await twoAttempts();
    await one.ledger.complete(one.first, answer(201, "first"));
    expect(await kept(one.ledger)).toEqual([201, "first"]);
    await one.ledger.complete(one.latest, answer(200, "latest"));
    expect(await kept(one.ledger)).toEqual([201, "first"]);

    const other = await twoAttempts();
    await other.ledger.complete(other.latest, answer(200, "latest"));
    await other.ledger.complete(other.first, answer(201, "first"));
    expect(await kept(other.ledger)).toEqual([200, "latest"]);
  });

  it("R217 a success takes the place of a refusal, and no refusal that of a success", async () => {
    const one = await twoAttempts();
    await one.ledger.complete(one.latest, answer(409, "latest"));
    await one.ledger.complete(one.first, answer(201, "first"));
    expect(await kept(one.ledger)).toEqual([201, "first"]);
    await one.ledger.complete(one.latest, answer(409, "latest"));
    expect(await kept(one.ledger)).toEqual([201, "first"]);
  });

  it("R217 a refusal of the first, and its release, say nothing of the latest", async () => {
    const { ledger, first, latest } = await twoAttempts();
    await ledger.complete(first, answer(404));
    expect(await kept(ledger)).toBe("inProgress");
    await ledger.release(first);
    expect(await kept(ledger)).toBe("inProgress");
    await ledger.complete(latest, answer(404, "latest"));
    expect(await kept(ledger)).toEqual([404, "latest"]);
    await ledger.complete(first, answer(409));
    expect(await kept(ledger)).toEqual([404, "latest"]);
  });

  it("R217 one that is a day late answers no request of today", async () => {
    const ledger = newLedger();
    const yesterday = await begin(ledger);
    vi.setSystemTime(start + 24 * hour);
    const today = await begin(ledger);
    await ledger.complete(yesterday, answer(201));
    await ledger.release(yesterday);
    expect(await kept(ledger)).toBe("inProgress");
    await ledger.complete(today, answer(200, "today"));
    expect(await kept(ledger)).toEqual([200, "today"]);
  });
});

describe("the sweep", () => {
  it("R217 erases what has expired with its files in R2, and sets no alarm when nothing is left", async () => {
    const ledger = newLedger();
    const names = ["early", "late"].map((name) => `test/idempotency/${crypto.randomUUID()}-${name}`);
    const early = await begin(ledger, mark("early"));
    await ledger.announceFile(early, names[0]!);
    vi.setSystemTime(start + hour);
    const late = await begin(ledger, mark("late"));
    await ledger.announceFile(late, names[1]!);
    for (const name of names) await env.FILES.put(name, "sealed");
    const there = async () => Promise.all(names.map(async (name) => (await env.FILES.head(name)) !== null));

    expect(await alarmOf(ledger)).toBe(start + 24 * hour);
    vi.setSystemTime(start + 24 * hour);
    expect(await runDurableObjectAlarm(ledger)).toBe(true);
    expect(await there()).toEqual([false, true]);
    expect(await countOf(ledger, "requests")).toBe(1);
    expect(await alarmOf(ledger)).toBe(start + 25 * hour);

    vi.setSystemTime(start + 25 * hour);
    await runDurableObjectAlarm(ledger);
    expect(await there()).toEqual([false, false]);
    expect([await countOf(ledger, "requests"), await countOf(ledger, "files")]).toEqual([0, 0]);
    expect(await alarmOf(ledger)).toBeNull();
  });

  it("R217 erases the file of a request whose key came again before it", async () => {
    const ledger = newLedger();
    const name = `test/idempotency/${crypto.randomUUID()}`;
    await ledger.announceFile(await begin(ledger), name);
    await env.FILES.put(name, "sealed");
    vi.setSystemTime(start + 24 * hour);
    await begin(ledger);
    await runDurableObjectAlarm(ledger);
    expect(await env.FILES.head(name)).toBeNull();
    expect(await ledger.begin(mark())).toMatchObject({ kind: "inProgress" });
    expect(await alarmOf(ledger)).toBe(start + 48 * hour);
  });

  it("R217 leaves a file as long as its request, of which a later attempt may have begun meanwhile", async () => {
    const ledger = newLedger();
    const names = ["first", "later"].map((name) => `test/idempotency/${crypto.randomUUID()}-${name}`);
    for (const name of names) await env.FILES.put(name, "sealed");
    const there = async () => Promise.all(names.map(async (name) => (await env.FILES.head(name)) !== null));
    const first = await begin(ledger);
    await ledger.announceFile(first, names[0]!);
    vi.setSystemTime(start + hour);
    await begin(ledger);
    vi.setSystemTime(start + hour + second);
    await ledger.complete(first, { ...answer(201, null), file: names[0]! });
    await ledger.announceFile(first, names[1]!);

    for (const [time, left] of [
      [start + 24 * hour, [true, true]],
      [start + 25 * hour - 1, [true, true]],
      [start + 25 * hour, [false, false]],
    ] as const) {
      vi.setSystemTime(time);
      await runDurableObjectAlarm(ledger);
      expect(await there()).toEqual(left);
    }
  });

  it("R217 works in slices of 200, and goes on at once while there is more", async () => {
    const ledger = newLedger();
    await begin(ledger, mark("kept"));
    await runInDurableObject(ledger, (_, { storage }) =>
      storage.sql.exec(
        `with recursive n (i) as (select 1 union all select i + 1 from n where i < 450)
         insert into requests select 'n' || i, '', 0, 1, 1, 0, null, null, null, null, null from n`,
      ),
    );
    await runInDurableObject(ledger, (_, { storage }) =>
      storage.sql.exec(
        `with recursive n (i) as (select 1 union all select i + 1 from n where i < 250)
         insert into files select 'test/idempotency/none-' || i, 1 from n`,
      ),
    );
    const left = [];
    for (let alarm = 0; alarm < 3; alarm += 1) {
      await runDurableObjectAlarm(ledger);
      left.push([await countOf(ledger, "requests"), await countOf(ledger, "files")]);
    }
    expect(left).toEqual([
      [251, 50],
      [51, 0],
      [1, 0],
    ]);
    expect(await alarmOf(ledger)).toBe(start + 24 * hour);
  });

  it("R217 tries files that R2 does not take away again ten minutes later, and erases the rest meanwhile", async () => {
    const ledger = newLedger();
    const name = `test/idempotency/${crypto.randomUUID()}`;
    await ledger.announceFile(await begin(ledger), name);
    await env.FILES.put(name, "sealed");
    vi.setSystemTime(start + 24 * hour);
    const errors = vi.spyOn(console, "error").mockImplementation(() => {});
    await runInDurableObject(ledger, (instance) => {
      const broken = { delete: () => Promise.reject(new Error("R2 is away")) };
      Object.defineProperty(instance, "env", { value: { FILES: broken }, configurable: true });
    });
    await runDurableObjectAlarm(ledger);
    expect([await countOf(ledger, "requests"), await countOf(ledger, "files")]).toEqual([0, 1]);
    // Once more for the slice that went, and then no sooner than others.
    expect(await alarmOf(ledger)).toBe(start + 24 * hour);
    await runDurableObjectAlarm(ledger);
    expect(errors).toHaveBeenCalledWith({ msg: "expired answers not erased", error: "Error: R2 is away" });
    expect(errors).toHaveBeenCalledTimes(2);
    errors.mockRestore();
    expect(await alarmOf(ledger)).toBe(start + 24 * hour + 600 * second);
    await runInDurableObject(ledger, (instance) => {
      Object.defineProperty(instance, "env", { value: env, configurable: true });
    });
    await runDurableObjectAlarm(ledger);
    expect(await env.FILES.head(name)).toBeNull();
    expect(await countOf(ledger, "files")).toBe(0);
  });
});

describe("erasing", () => {
  it("R217 forgets everything, and works from then on as a new one", async () => {
    const ledger = newLedger();
    await ledger.announceFile(await begin(ledger), "test/idempotency/none");
    await ledger.erase();
    expect([await countOf(ledger, "requests"), await countOf(ledger, "files")]).toEqual([0, 0]);
    expect(await alarmOf(ledger)).toBeNull();
    expect(await begin(ledger)).toMatchObject({ number: 1 });
    expect(await alarmOf(ledger)).toBe(start + 24 * hour);
  });
});
