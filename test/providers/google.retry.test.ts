import { describe, expect, it, vi } from "vitest";
import {
  addMessage,
  apiUrl,
  get,
  insert,
  newGoogle,
  ok,
  patch,
  refused,
  standStill,
  start,
  type Answer,
} from "./fake-google";

standStill();

describe("R120 a request", () => {
  it("carries its call", async () => {
    const google = newGoogle([ok]);
    const api = google.as();
    for (const call of [get, insert, patch, addMessage]) await api.call(call);
    await api.getIssuer("3388000000012345678");
    expect(
      google.calls.map(({ method, url, body }) => [method, url.replace(apiUrl, ""), body && JSON.parse(body)]),
    ).toEqual([
      ["GET", "/walletobjects/v1/loyaltyObject/1.a", ""],
      ["POST", "/walletobjects/v1/loyaltyObject", { id: "1.a", classId: "1.c" }],
      ["PATCH", "/walletobjects/v1/loyaltyObject/1.a", { state: "INACTIVE" }],
      ["POST", "/walletobjects/v1/loyaltyObject/1.a/addMessage", { message: { body: "Hi" } }],
      ["GET", "/walletobjects/v1/issuer/3388000000012345678", ""],
    ]);
    expect(google.calls.map(({ headers }) => headers.get("content-type"))).toEqual([
      null,
      "application/json",
      "application/json",
      "application/json",
      null,
    ]);
  });

  it.each([500, 502, 503, 504, 429])("is sent three times on %i, ever later", async (status) => {
    const google = newGoogle([() => refused(status)]);
    expect(await google.as().call(get)).toMatchObject({ ok: false, error: { status } });
    expect([google.calls.length, google.slept]).toEqual([3, [250, 500]]);
  });

  it("waits for any time up to the whole delay", async () => {
    for (const [random, slept] of [
      [0, []],
      [0.999, [499.5, 999]],
    ] as const) {
      const google = newGoogle([() => refused(503)], [], { random: () => random });
      await google.as().call(get);
      expect(google.slept).toEqual(slept);
    }
  });

  it.each([400, 403, 404, 409, 412])("is sent once on %i", async (status) => {
    const google = newGoogle([() => refused(status)]);
    expect(await google.as().call(get)).toMatchObject({ ok: false, error: { status } });
    expect([google.calls.length, google.slept]).toEqual([1, []]);
  });

  it.each([400, 403, 429, 500, 503])("is sent once if %i means the quota of notifications", async (status) => {
    const google = newGoogle([() => refused(status, "QuotaExceededException")]);
    expect(await google.as().call(patch)).toMatchObject({ ok: false, error: { kind: "notification_quota", status } });
    expect(google.calls).toHaveLength(1);
  });

  it.each([
    ["seconds", "3"],
    ["a date", new Date(start + 3000).toUTCString()],
  ])("comes back when it is told to, in %s", async (_, header) => {
    const google = newGoogle([() => refused(503, "x", { "retry-after": header }), ok]);
    expect(await google.as().call(get)).toMatchObject({ ok: true });
    expect(google.slept).toEqual([3250]);
  });

  it.each([
    [503, "busy"],
    [500, "unreachable"],
  ])("does not wait for longer than five seconds after %i", async (status, kind) => {
    const google = newGoogle([() => refused(status, "x", { "retry-after": "120" })]);
    expect(await google.as().call(get)).toMatchObject({
      ok: false,
      error: { kind, status, retryAfterSeconds: 120 },
    });
    expect([google.calls.length, google.slept]).toEqual([1, []]);
  });

  it.each<[string, Answer]>([
    ["a lost connection", () => Promise.reject(new Error("Network connection lost."))],
    ["a broken body", () => new Response(new ReadableStream({ pull: (to) => to.error(new Error("lost")) }))],
    ["half an answer", () => new Response('{"id":"1.')],
    ["a page", () => new Response("<html>")],
  ])("is sent again after %s", async (_, fails) => {
    const google = newGoogle([fails, ok]);
    expect(await google.as().call(insert)).toEqual({ ok: true, value: { id: "1.a" } });
    const never = newGoogle([fails]);
    expect(await never.as().call(insert)).toMatchObject({ ok: false, error: { kind: "unreachable" } });
    expect(never.calls).toHaveLength(3);
  });

  it("is given up after ten seconds, whether its answer began or not", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], now: start });
    const hangs: Answer[] = [
      () => new Promise<never>(() => {}),
      () => new Response(new ReadableStream({ start: (to) => to.enqueue(new TextEncoder().encode("{")) })),
    ];
    for (const hang of hangs) {
      let isAsked = () => {};
      const asked = new Promise<void>((resolve) => (isAsked = resolve));
      const google = newGoogle([
        (request, sent) => {
          isAsked();
          return hang(request, sent);
        },
      ]);
      const answer = google.as().call(addMessage);
      await asked;
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await answer).toMatchObject({ ok: false, error: { kind: "unreachable", status: null } });
    }
  });

  it("reads no more than a megabyte", async () => {
    const large = new Uint8Array(1024 * 1024 + 1).fill(0x20);
    const streamed = () =>
      new Response(
        new ReadableStream({
          pull: (to) => to.enqueue(new Uint8Array(65_536)),
        }),
      );
    for (const answer of [() => new Response(large), streamed]) {
      const google = newGoogle([answer]);
      expect(await google.as().call(get)).toMatchObject({ ok: false, error: { kind: "unreachable", status: 200 } });
      expect(google.calls).toHaveLength(1);
    }
  });
});

describe("R122 a message, which would be shown twice", () => {
  it.each([429, 503])("is sent again after %i, which is said instead of doing it", async (status) => {
    const google = newGoogle([() => refused(status), ok]);
    expect(await google.as().call(addMessage)).toMatchObject({ ok: true });
    expect(google.calls).toHaveLength(2);
  });

  it.each<[string, Answer]>([
    ["500", () => refused(500)],
    ["502", () => refused(502)],
    ["504", () => refused(504)],
    ["a lost connection", () => Promise.reject(new Error("lost"))],
    ["half an answer", () => new Response("{")],
  ])("is not sent again after %s, for it may have arrived", async (_, answer) => {
    const google = newGoogle([answer]);
    expect(await google.as().call(addMessage)).toMatchObject({ ok: false, error: { kind: "unreachable" } });
    expect(google.calls).toHaveLength(1);
  });

  it("is sent again with another token", async () => {
    const google = newGoogle([() => refused(401), ok]);
    expect(await google.as().call(addMessage)).toMatchObject({ ok: true });
  });
});
