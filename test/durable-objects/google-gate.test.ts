import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { GoogleGate } from "../../src/durable-objects/google-gate";
import type { Gate, GoogleError } from "../../src/google-wallet/client/types";

const start = Date.parse("2040-01-01T00:00:00Z");

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

const newGate = () => env.GOOGLE_GATE.getByName(`test ${crypto.randomUUID()}`) as DurableObjectStub<GoogleGate>;

/** A caller's mint, which counts; `lifeMs` is how long its tokens live. */
function newMint({ lifeMs = 3_599_000 } = {}) {
  let count = 0;
  const mint: Parameters<Gate["admit"]>[1] = async () => {
    count += 1;
    return { ok: true, value: { token: `token-${count}`, expiresAt: Date.now() + lifeMs } };
  };
  return { mint, count: () => count };
}

const one = { cost: 1, rejected: null, waitMsMax: 5000 };
const at = (ms: number) => vi.setSystemTime(start + ms);
const refusal: GoogleError = {
  kind: "credentials",
  status: 400,
  reason: "invalid_grant",
  message: "Invalid JWT Signature.",
  retryAfterSeconds: null,
};

describe("R120 the token", () => {
  it("is minted once for a hundred callers at once", async () => {
    const gate = newGate();
    const { mint, count } = newMint();
    const admissions = await Promise.all(Array.from({ length: 100 }, () => gate.admit(one, mint)));
    expect(count()).toBe(1);
    expect(admissions.every((admission) => admission.ok && admission.token === "token-1")).toBe(true);
  });

  it("is minted again five minutes before it ends", async () => {
    const gate = newGate();
    const { mint, count } = newMint();
    await gate.admit(one, mint);
    at(3_599_000 - 300_001);
    expect(await gate.admit(one, mint)).toMatchObject({ token: "token-1" });
    at(3_599_000 - 300_000);
    expect(await gate.admit(one, mint)).toMatchObject({ token: "token-2" });
    expect(count()).toBe(2);
  });

  it("is used for half of its life if it lives shorter than ten minutes", async () => {
    const gate = newGate();
    const { mint } = newMint({ lifeMs: 60_000 });
    await gate.admit(one, mint);
    at(29_999);
    expect(await gate.admit(one, mint)).toMatchObject({ token: "token-1" });
    at(30_000);
    expect(await gate.admit(one, mint)).toMatchObject({ token: "token-2" });
  });

  it("is minted again if Google did not take it, once for all who say so", async () => {
    const gate = newGate();
    const { mint, count } = newMint();
    await gate.admit(one, mint);
    const again = Array.from({ length: 10 }, () => gate.admit({ ...one, rejected: "token-1" }, mint));
    for (const admission of await Promise.all(again)) expect(admission).toMatchObject({ token: "token-2" });
    expect(count()).toBe(2);
  });

  it("is never written down", async () => {
    const gate = newGate();
    await gate.admit(one, newMint().mint);
    expect(await runInDurableObject(gate, (_, state) => state.storage.list())).toEqual(new Map());
  });

  it("is not shared with another account", async () => {
    const { mint, count } = newMint();
    expect(await newGate().admit(one, mint)).toMatchObject({ token: "token-1" });
    expect(await newGate().admit(one, mint)).toMatchObject({ token: "token-2" });
    expect(count()).toBe(2);
  });
});

describe("R120 a mint that fails", () => {
  it("is told to all who wait, and tried again after a second", async () => {
    const gate = newGate();
    let count = 0;
    const fails: Parameters<Gate["admit"]>[1] = async () => {
      count += 1;
      return { ok: false, error: refusal };
    };
    const refused = await Promise.all(Array.from({ length: 10 }, () => gate.admit(one, fails)));
    for (const admission of refused) expect(admission).toMatchObject({ ok: false, error: refusal });
    at(999);
    expect(await gate.admit(one, fails)).toMatchObject({ error: refusal });
    expect(count).toBe(1);
    at(1000);
    expect(await gate.admit(one, newMint().mint)).toMatchObject({ ok: true, token: "token-1" });
  });

  it("takes no place from those who may send", async () => {
    const gate = newGate();
    const fails: Parameters<Gate["admit"]>[1] = async () => ({ ok: false, error: refusal });
    for (let count = 0; count < 30; count += 1) await gate.admit(one, fails);
    at(1000);
    expect(await gate.admit({ ...one, cost: 20 }, newMint().mint)).toMatchObject({ waitMs: 0 });
  });

  it("keeps nobody from minting if the one who minted is gone", async () => {
    const gate = newGate();
    const { mint, count } = newMint();
    const gone: Parameters<Gate["admit"]>[1] = () => Promise.reject(new Error("the client disconnected"));
    const [first, second, third] = await Promise.all([
      gate.admit(one, gone),
      gate.admit(one, mint),
      gate.admit(one, mint),
    ]);
    expect(first).toMatchObject({ ok: false, error: { kind: "unreachable" } });
    expect(second).toMatchObject({ ok: true, token: "token-1" });
    expect(third).toMatchObject({ ok: true, token: "token-1" });
    expect(count()).toBe(1);
  });

  it("does not hold up the account for ever if it never ends", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], now: start });
    const gate = newGate();
    let isAsked = () => {};
    const asked = new Promise<void>((resolve) => (isAsked = resolve));
    const stuck = gate.admit(one, () => {
      isAsked();
      return new Promise<never>(() => {});
    });
    await asked;
    // In the object's own context, in which its timer was set.
    await runInDurableObject(gate, () => vi.advanceTimersByTime(60_000));
    expect(await stuck).toMatchObject({ ok: false, error: { kind: "unreachable" } });
    expect(await gate.admit(one, newMint().mint)).toMatchObject({ ok: true });
  });
});

describe("R138 the rate", () => {
  const waits = async (gate: DurableObjectStub<GoogleGate>, costs: number[]) => {
    const { mint } = newMint();
    const admissions = [];
    for (const cost of costs) admissions.push(await gate.admit({ ...one, cost }, mint));
    return admissions.map((admission) =>
      admission.ok
        ? admission.waitMs
        : "error" in admission
          ? admission.error
          : { refusedForMs: admission.refusedForMs },
    );
  };
  const ones = (count: number) => Array<number>(count).fill(1);

  it("lets twenty go at once, the next when the first are a second and a margin past", async () => {
    const gate = newGate();
    expect(await waits(gate, ones(21))).toEqual([...Array<number>(20).fill(0), 1050]);
    at(1049);
    expect(await waits(gate, ones(1))).toEqual([1]);
    at(3000);
    expect(await waits(gate, ones(1))).toEqual([0]);
  });

  it("slides: each waits for the twentieth before it", async () => {
    const gate = newGate();
    for (let count = 0; count < 20; count += 1) {
      at(count * 10);
      expect(await waits(gate, [1])).toEqual([0]);
    }
    expect(await waits(gate, [1, 1, 1])).toEqual([860, 870, 880]);
  });

  it("counts a batch by its parts", async () => {
    const gate = newGate();
    expect(await waits(gate, [15, 5, 1, 20, 1])).toEqual([0, 0, 1050, 2100, 3150]);
  });

  it("sends away who would wait longer than five seconds or than the caller has, and keeps no place for them", async () => {
    const gate = newGate();
    expect(await waits(gate, ones(100))).toContain(4200);
    expect(await waits(gate, ones(3))).toEqual(Array(3).fill({ refusedForMs: 5250 }));
    const hurried = { ...one, waitMsMax: 2000 };
    expect(await gate.admit(hurried, newMint().mint)).toMatchObject({ ok: false, refusedForMs: 5250 });
    at(250);
    expect(await waits(gate, ones(2))).toEqual([5000, 5000]);
    at(3250);
    expect(await gate.admit(hurried, newMint().mint)).toMatchObject({ ok: true, waitMs: 2000 });
  });

  it("does not count from before the token was there", async () => {
    const gate = newGate();
    const mint: Parameters<Gate["admit"]>[1] = async () => {
      at(4000);
      return { ok: true, value: { token: "t", expiresAt: start + 3_600_000 } };
    };
    const admissions = await Promise.all(Array.from({ length: 40 }, () => gate.admit(one, mint)));
    expect(admissions.map((admission) => (admission.ok ? admission.waitMs : null))).toEqual([
      ...Array<number>(20).fill(0),
      ...Array<number>(20).fill(1050),
    ]);
  });

  it("never lets more than twenty leave in a second, whatever comes when", async () => {
    const gate = newGate();
    const { mint } = newMint();
    const departures: number[] = [];
    let seed = 7;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    let now = 0;
    for (let count = 0; count < 300; count += 1) {
      now += Math.floor(random() * 90);
      at(now);
      const cost = random() < 0.2 ? 1 + Math.floor(random() * 20) : 1;
      const admission = await gate.admit({ ...one, cost }, mint);
      if (admission.ok) departures.push(...Array<number>(cost).fill(now + admission.waitMs));
    }
    expect(departures.length).toBeGreaterThan(200);
    expect(departures).toEqual(departures.toSorted((a, b) => a - b));
    for (const [index, time] of departures.entries()) {
      expect((departures[index + 20] ?? Infinity) - time).toBeGreaterThan(1000);
    }
  });
});
