import { describe, expect, it, vi } from "vitest";
import type { GoogleWalletOptions } from "../../src/providers/google/driver";
import type { GoogleCall } from "../../src/providers/google/contract";
import {
  get,
  insert,
  minted,
  newAccount,
  newGoogle,
  ok,
  refused,
  standStill,
  start,
  until,
  type Answer,
} from "./fake-google";

standStill();

const by = (ms: number) => ({ deadline: start + ms });
const unsent = { ok: false, error: { kind: "busy", status: null, retryAfterSeconds: 5 } };
const gets = (count: number) => Array<GoogleCall>(count).fill(get);
/** A gate that lets everybody pass after so long. */
const gateOf =
  (waitMs: number): GoogleWalletOptions["gate"] =>
  () => ({ admit: async () => ({ ok: true, token: "t", waitMs }) });

/** Answers after so long by the clock. */
const after =
  (ms: number, answer: Answer): Answer =>
  (request, sent) => {
    vi.setSystemTime(Date.now() + ms);
    return answer(request, sent);
  };

describe("R120 a deadline", () => {
  it("that is past lets nothing out, not even for a token", async () => {
    const google = newGoogle([ok]);
    const api = google.as(newAccount(), by(0));
    expect(await api.call(get)).toMatchObject(unsent);
    expect(await api.batch(gets(25))).toMatchObject(Array(25).fill(unsent));
    expect(await api.put("object", "loyalty", { id: "1.a" })).toMatchObject(unsent);
    expect(await api.getIssuer("1")).toMatchObject(unsent);
    expect(await api.authorize()).toMatchObject({ ...unsent, clockSkewMs: null });
    expect([google.calls, google.mints, google.slept]).toEqual([[], [], []]);
  });

  it("that is not reached changes nothing", async () => {
    const google = newGoogle([() => refused(503), ok]);
    expect(await google.as(newAccount(), by(60_000)).call(get)).toMatchObject({ ok: true });
    expect(google.slept).toEqual([250]);
  });

  it("ends a batch of many requests after those that were in time", async () => {
    const google = newGoogle([after(600, () => refused(403, "permissionDenied"))]);
    const answers = await google.as(newAccount(), by(1000)).batch(gets(45));
    expect(answers.map((answer) => !answer.ok && answer.error.kind)).toEqual([
      ...Array(20).fill("permission"),
      ...Array(25).fill("busy"),
    ]);
    expect(google.calls).toHaveLength(1);
  });

  it("allows no wait for a place that is free after it", async () => {
    const account = newAccount();
    const google = newGoogle([ok]);
    for (let count = 0; count < 20; count += 1) await google.as(account).call(get);
    expect(await google.as(account, by(1000)).call(get)).toMatchObject(unsent);
    expect([google.calls.length, google.slept]).toEqual([20, []]);
    expect(await google.as(account, by(1100)).call(get)).toMatchObject({ ok: true });
    expect(google.slept).toEqual([1050]);
    const careless = newGoogle([ok], [], { gate: gateOf(1000) });
    expect(await careless.as(account, by(1000)).call(get)).toMatchObject(unsent);
    expect([careless.calls, careless.slept]).toEqual([[], []]);
  });

  it("holds if the wait took longer than it was to take", async () => {
    const sleep = async (ms: number) => void vi.setSystemTime(Date.now() + 2 * ms);
    const google = newGoogle([ok], [], { gate: gateOf(600), sleep });
    expect(await google.as(newAccount(), by(1000)).call(get)).toMatchObject(unsent);
    expect(google.calls).toEqual([]);
  });

  it("allows no attempt after it, and what may have been done is not called unsent", async () => {
    for (const [status, kind] of [
      [500, "unreachable"],
      [503, "busy"],
    ] as const) {
      const google = newGoogle([() => refused(status)]);
      expect(await google.as(newAccount(), by(250)).call(insert)).toMatchObject({ ok: false, error: { kind } });
      expect([google.calls.length, google.slept]).toEqual([1, []]);
    }
    let asked = 0;
    const gate: GoogleWalletOptions["gate"] = () => ({
      admit: async () => {
        asked += 1;
        return asked === 1 ? { ok: true, token: "t", waitMs: 0 } : { ok: false, refusedForMs: 700 };
      },
    });
    const google = newGoogle([() => refused(502)], [], { gate });
    expect(await google.as(newAccount(), by(900)).call(insert)).toMatchObject({
      error: { kind: "unreachable", status: 502 },
    });
    expect([google.calls.length, asked]).toEqual([1, 2]);
  });

  it("says nothing against credentials whose token could not be renewed in time", async () => {
    const google = newGoogle([after(1000, () => refused(401, "authError"))]);
    expect(await google.as(newAccount(), by(1000)).call(get)).toMatchObject(unsent);
    expect([google.calls.length, google.mints.length]).toEqual([1, 1]);
  });

  it("cuts an attempt off", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], now: start });
    const hangs: Answer = () => new Promise<never>(() => {});
    const google = newGoogle([hangs], [], { gate: gateOf(0) });
    for (const send of [
      () => google.as(newAccount(), by(Date.now() - start + 3000)).call(get),
      async () => (await google.as(newAccount(), by(Date.now() - start + 3000)).batch([get]))[0],
    ]) {
      const { length } = google.calls;
      const answer = send();
      while (google.calls.length === length) await vi.advanceTimersByTimeAsync(0);
      await vi.advanceTimersByTimeAsync(3000);
      expect(await answer).toMatchObject({ ok: false, error: { kind: "unreachable", status: null } });
      expect(google.calls).toHaveLength(length + 1);
    }
  });

  it("does not wait for what another mints", async () => {
    const google = newGoogle([ok], [() => new Promise<never>(() => {})]);
    const account = newAccount();
    void google.as(account).call(get);
    await until(() => google.mints.length === 1);
    // The timer is a real one here, and short.
    expect(await google.as(account, by(20)).call(get)).toMatchObject(unsent);
    expect(google.calls).toEqual([]);
  });

  it("of the one who mints is not that of others, who mint by themselves", async () => {
    let proceed = () => {};
    const held = new Promise<void>((resolve) => (proceed = resolve));
    const google = newGoogle(
      [ok],
      [
        async () => {
          await held;
          vi.setSystemTime(start + 1000);
          return refused(503);
        },
        () => minted("token-2"),
      ],
    );
    const account = newAccount();
    const hurried = google.as(account, { deadline: start + 1000 }).call(get);
    await until(() => google.mints.length === 1);
    const patient = google.as(account).call(get);
    proceed();
    expect(await hurried).toMatchObject(unsent);
    expect(await patient).toMatchObject({ ok: true });
    expect(google.mints).toHaveLength(2);
  });
});

describe("R138 who can come back later", () => {
  it("is sent away earlier, and leaves places to people", async () => {
    const google = newGoogle([ok], [], { sleep: async () => {} });
    const account = newAccount();
    const bulk = google.as(account, { waitMsMax: 2000 });
    const answers = await Promise.all(Array.from({ length: 60 }, () => bulk.call(get)));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(40);
    expect(answers.find((answer) => !answer.ok)).toMatchObject({
      error: { kind: "busy", status: null, retryAfterSeconds: 3 },
    });
    expect(await google.as(account).call(get)).toMatchObject({ ok: true });
  });
});
