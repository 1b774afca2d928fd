import { Buffer } from "node:buffer";
import { createPublicKey, verify } from "node:crypto";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { GoogleGate } from "../../src/durable-objects/google-gate";
import { googleWallet, type GoogleWalletOptions } from "../../src/providers/google/driver";
import type { GoogleCall, ServiceAccount } from "../../src/providers/google/contract";
import { rsaPair } from "../google-wallet/keys";

const start = Date.parse("2040-01-01T00:00:00Z");
const tokenUrl = "https://oauth2.googleapis.com/token";
const apiUrl = "https://walletobjects.googleapis.com";

let key: CryptoKeyPair;
beforeAll(async () => {
  key = await rsaPair();
});
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

const newAccount = (more: Partial<ServiceAccount> = {}): ServiceAccount => ({
  clientEmail: `wallet@${crypto.randomUUID()}.iam.gserviceaccount.com`,
  privateKeyId: "key-1",
  keyFingerprint: "f".repeat(64),
  signingKey: async () => key.privateKey,
  ...more,
});

type Answer = (request: Request, sent: Sent) => Response | Promise<Response>;

interface Sent {
  method: string;
  url: string;
  headers: Headers;
  body: string;
  at: number;
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
const minted = (token: string, headers = {}) =>
  json({ access_token: token, expires_in: 3599, token_type: "Bearer" }, 200, headers);
const refused = (status: number, reason = "x", headers = {}) =>
  json(
    { error: { code: status, message: `${reason}.`, errors: [{ domain: "walletobjects", reason }] } },
    status,
    headers,
  );

/** Google as these answers, each given once and the last one for ever; a clock that moves only when somebody sleeps. */
function newGoogle(answers: Answer[] = [], tokens: Answer[] = [], more: Partial<GoogleWalletOptions> = {}) {
  const calls: Sent[] = [];
  const mints: Sent[] = [];
  const slept: number[] = [];
  const options: GoogleWalletOptions = {
    apiUrl,
    tokenUrl,
    saveUrl: "https://pay.google.com/gp/v/save",
    fetch: async (request) => {
      const { method, url, headers } = request;
      const sent = { method, url, headers, body: await request.text(), at: Date.now() };
      const isMint = url === tokenUrl;
      const list = isMint ? mints : calls;
      const scripted = isMint ? (tokens.length > 0 ? tokens : [() => minted(`token-${mints.length}`)]) : answers;
      list.push(sent);
      return scripted[Math.min(list.length, scripted.length) - 1]!(request, sent);
    },
    gate: (name) => env.GOOGLE_GATE.getByName(name) as DurableObjectStub<GoogleGate>,
    now: () => Date.now(),
    sleep: async (ms) => {
      slept.push(ms);
      vi.setSystemTime(Date.now() + ms);
    },
    random: () => 0.5,
    ...more,
  };
  return { as: (account = newAccount()) => googleWallet(options).as(account), options, calls, mints, slept };
}

const ok: Answer = () => json({ id: "1.a" });
const get: GoogleCall = { method: "get", kind: "object", vertical: "loyalty", id: "1.a" };
const insert: GoogleCall = {
  method: "insert",
  kind: "object",
  vertical: "loyalty",
  body: { id: "1.a", classId: "1.c" },
};
const patch: GoogleCall = {
  method: "patch",
  kind: "object",
  vertical: "loyalty",
  id: "1.a",
  body: { state: "INACTIVE" },
};
const addMessage: GoogleCall = {
  method: "addMessage",
  kind: "object",
  vertical: "loyalty",
  id: "1.a",
  message: { body: "Hi" },
};

describe("R120 the token", () => {
  it("is asked for by an assertion that the account's key has signed", async () => {
    const google = newGoogle([ok]);
    const account = newAccount();
    await google.as(account).call(get);
    const [{ method, headers, body } = {} as Sent] = google.mints;
    expect([method, headers.get("content-type")]).toEqual(["POST", "application/x-www-form-urlencoded"]);
    const form = new URLSearchParams(body);
    expect([...form.keys()]).toEqual(["grant_type", "assertion"]);
    expect(form.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    const [header, claims, signature] = form.get("assertion")!.split(".");
    const spki = Buffer.from((await crypto.subtle.exportKey("spki", key.publicKey)) as ArrayBuffer);
    const publicKey = createPublicKey({ key: spki, format: "der", type: "spki" });
    const isSigned = verify(
      "RSA-SHA256",
      Buffer.from(`${header}.${claims}`),
      publicKey,
      Buffer.from(signature!, "base64url"),
    );
    expect(isSigned).toBe(true);
    expect(JSON.parse(Buffer.from(header!, "base64url").toString())).toEqual({
      alg: "RS256",
      typ: "JWT",
      kid: "key-1",
    });
    expect(JSON.parse(Buffer.from(claims!, "base64url").toString())).toEqual({
      iss: account.clientEmail,
      scope: "https://www.googleapis.com/auth/wallet_object.issuer",
      aud: tokenUrl,
      iat: start / 1000,
      exp: start / 1000 + 3600,
    });
  });

  it("goes with every request, is minted once, and follows no redirect", async () => {
    const google = newGoogle([
      ok,
      () => new Response(null, { status: 307, headers: { location: "https://evil.com/" } }),
    ]);
    const api = google.as();
    await api.call(get);
    expect(await api.call(get)).toMatchObject({ ok: false, error: { kind: "unreachable", status: 307 } });
    expect(google.calls.map(({ headers }) => headers.get("authorization"))).toEqual([
      "Bearer token-1",
      "Bearer token-1",
    ]);
    expect(google.mints).toHaveLength(1);
  });

  it("is renewed once if Google does not take it", async () => {
    const google = newGoogle([ok, () => refused(401, "authError"), ok]);
    const api = google.as();
    await api.call(get);
    expect(await api.call(get)).toMatchObject({ ok: true });
    expect(google.calls.map(({ headers }) => headers.get("authorization"))).toEqual([
      "Bearer token-1",
      "Bearer token-1",
      "Bearer token-2",
    ]);
    expect(google.slept).toEqual([]);
  });

  it("is not renewed for ever", async () => {
    const google = newGoogle([() => refused(401, "authError")]);
    expect(await google.as().call(get)).toMatchObject({ ok: false, error: { kind: "credentials", status: 401 } });
    expect([google.calls.length, google.mints.length]).toEqual([2, 2]);
  });

  it("is renewed by one for all whose requests it failed", async () => {
    const google = newGoogle([
      (_, { headers }) => (headers.get("authorization") === "Bearer token-1" ? refused(401) : json({})),
    ]);
    const api = google.as();
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.call(get)));
    expect(answers.every((answer) => answer.ok)).toBe(true);
    expect(google.mints).toHaveLength(2);
  });

  it.each([
    [400, { error: "invalid_grant", error_description: "Invalid JWT Signature." }],
    [401, { error: "invalid_client" }],
    [403, { error: "access_denied" }],
  ])("is not asked for again after %i", async (status, body) => {
    const google = newGoogle([ok], [() => json(body, status)]);
    const answer = await google.as().call(get);
    expect(answer).toMatchObject({ ok: false, error: { status, reason: body.error } });
    expect([google.mints.length, google.calls.length]).toEqual([1, 0]);
  });

  it.each<[string, Answer]>([
    ["500", () => json({}, 500)],
    ["503", () => json({}, 503)],
    ["429", () => json({}, 429)],
    ["a lost connection", () => Promise.reject(new TypeError("lost"))],
    ["half an answer", () => new Response('{"access_token":"ya29.secret')],
  ])("is asked for again after %s", async (_, fails) => {
    const google = newGoogle([ok], [fails, fails, () => minted("token-3")]);
    expect(await google.as().call(get)).toMatchObject({ ok: true });
    expect([google.mints.length, google.slept]).toEqual([3, [250, 500]]);
  });

  it("is none if Google does not answer one", async () => {
    for (const body of [
      {},
      { access_token: 7, expires_in: 1 },
      { access_token: "t" },
      { access_token: "t", expires_in: -1 },
    ]) {
      const google = newGoogle([ok], [() => json(body)]);
      expect(await google.as().call(get)).toMatchObject({ ok: false, error: { kind: "unreachable" } });
      expect([google.mints.length, google.calls.length]).toEqual([1, 0]);
    }
  });

  it("is not had without the key", async () => {
    const google = newGoogle([ok]);
    const account = newAccount({ signingKey: () => Promise.reject(new Error("sealed under another master key")) });
    expect(await google.as(account).call(get)).toMatchObject({
      ok: false,
      error: { kind: "credentials", status: null },
    });
    expect(google.mints).toEqual([]);
  });
});

describe("R120 authorize", () => {
  it("mints in any case, and tells how far the clock is ahead", async () => {
    const at =
      (ms: number): Answer =>
      () =>
        minted("t", { date: new Date(start + ms).toUTCString() });
    const google = newGoogle([ok], [at(0), at(300_000), at(-300_000), at(-1000), () => minted("t")]);
    const api = google.as();
    const skews = [];
    for (let count = 0; count < 5; count += 1) {
      const answer = await api.authorize();
      skews.push(answer.ok ? answer.value.clockSkewMs : "refused");
    }
    expect(skews).toEqual([0, -300_000, 299_001, 1, null]);
    expect(google.mints).toHaveLength(5);
  });

  it("tells it of a refusal, too", async () => {
    const date = new Date(start - 3_600_000).toUTCString();
    const google = newGoogle([ok], [() => json({ error: "invalid_grant" }, 400, { date })]);
    expect(await google.as().authorize()).toMatchObject({
      ok: false,
      error: { kind: "credentials", reason: "invalid_grant" },
      clockSkewMs: 3_599_001,
    });
  });
});

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

  it.each([503, 500])("does not wait for longer than five seconds after %i", async (status) => {
    const google = newGoogle([() => refused(status, "x", { "retry-after": "120" })]);
    expect(await google.as().call(get)).toMatchObject({
      ok: false,
      error: { kind: "busy", status, retryAfterSeconds: 120 },
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

describe("R120 put", () => {
  const body = { id: "1.c", issuerName: "Shop", reviewStatus: "APPROVED" };

  it("inserts, and patches what is there already with the whole body", async () => {
    const google = newGoogle([() => refused(409, "existingResource"), ok]);
    expect(await google.as().put("class", "loyalty", body)).toEqual({ ok: true, value: { id: "1.a" } });
    const whole = { ...body, reviewStatus: "UNDER_REVIEW" };
    expect(
      google.calls.map(({ method, url, body: sent }) => [method, url.replace(apiUrl, ""), JSON.parse(sent)]),
    ).toEqual([
      ["POST", "/walletobjects/v1/loyaltyClass", whole],
      ["PATCH", "/walletobjects/v1/loyaltyClass/1.c", whole],
    ]);
  });

  it("patches if the first insert arrived and its answer did not", async () => {
    const google = newGoogle([() => Promise.reject(new Error("lost")), () => refused(409), ok]);
    expect(await google.as().put("class", "loyalty", body)).toMatchObject({ ok: true });
    expect(google.calls.map(({ method }) => method)).toEqual(["POST", "POST", "PATCH"]);
  });

  it("answers any other refusal", async () => {
    const google = newGoogle([() => refused(403, "permissionDenied")]);
    expect(await google.as().put("class", "loyalty", body)).toMatchObject({ error: { kind: "permission" } });
    expect(google.calls).toHaveLength(1);
  });
});

describe("R138 what an account's isolates share", () => {
  it("is one token and twenty requests a second, for a hundred calls at once", async () => {
    const sleepers: { until: number; wake: () => void }[] = [];
    const google = newGoogle([ok], [], {
      sleep: (ms) => new Promise((wake) => sleepers.push({ until: Date.now() + ms, wake })),
    });
    const account = newAccount();
    const calling = Array.from({ length: 100 }, () => google.as(account).call(get));
    await vi.waitFor(() => expect([google.calls.length, sleepers.length]).toEqual([20, 80]));
    for (const { until, wake } of sleepers.toSorted((a, b) => a.until - b.until)) {
      if (until > Date.now()) {
        const due = sleepers.filter((one) => one.until < until).length;
        await vi.waitFor(() => expect(google.calls.length).toBe(20 + due));
        vi.setSystemTime(until);
      }
      wake();
    }
    expect((await Promise.all(calling)).every((answer) => answer.ok)).toBe(true);
    expect(google.mints).toHaveLength(1);
    const times = google.calls.map(({ at }) => at);
    for (const [index, time] of times.entries()) expect((times[index + 20] ?? Infinity) - time).toBeGreaterThan(1000);
    expect(times.at(-1)! - start).toBeLessThan(5000);
  });

  it("is not enough for all, and who is too many hears when to come back", async () => {
    const google = newGoogle([ok], [], { sleep: async () => {} });
    const account = newAccount();
    const answers = await Promise.all(Array.from({ length: 110 }, () => google.as(account).call(get)));
    const busy = answers.filter((answer) => !answer.ok);
    expect(busy).toHaveLength(10);
    for (const answer of busy)
      expect(answer).toMatchObject({ error: { kind: "busy", status: null, retryAfterSeconds: 6 } });
    expect(google.calls).toHaveLength(100);
  });

  it("is not shared with who writes the same address into a file with another key", async () => {
    const google = newGoogle([ok]);
    const owner = newAccount();
    const other = { ...owner, keyFingerprint: "0".repeat(64) };
    for (let count = 0; count < 20; count += 1) await google.as(owner).call(get);
    await google.as(other).call(get);
    expect(google.mints).toHaveLength(2);
    expect(google.calls.at(-1)!.headers.get("authorization")).toBe("Bearer token-2");
    expect(google.slept).toEqual([]);
  });

  it("is asked once for each request", async () => {
    let asked = 0;
    const gate: GoogleWalletOptions["gate"] = () => ({
      admit: async () => {
        asked += 1;
        return { ok: true, token: "t", waitMs: 0 };
      },
    });
    const google = newGoogle([() => refused(503), ok], [], { gate });
    const api = google.as();
    await api.call(get);
    await api.batch([get, insert, patch]);
    expect([asked, google.calls.length]).toEqual([google.calls.length, google.calls.length]);
  });

  it("is waited for if it moves", async () => {
    let asked = 0;
    const gate: GoogleWalletOptions["gate"] = () => ({
      admit: async () => {
        asked += 1;
        if (asked < 3) throw new Error("Durable Object reset because its code was updated.");
        return { ok: true, token: "t", waitMs: 0 };
      },
    });
    const google = newGoogle([ok], [], { gate });
    expect(await google.as().call(addMessage)).toMatchObject({ ok: true });
    const never = newGoogle([ok], [], { gate: () => ({ admit: () => Promise.reject(new Error("overloaded")) }) });
    expect(await never.as().call(get)).toMatchObject({ ok: false, error: { kind: "busy", status: null } });
  });
});

describe("R120 a batch", () => {
  /** Answers each part by the id that it names. */
  const parts =
    (answer: (id: string, index: number) => [status: number, body: unknown] | null): Answer =>
    (_, { body }) => {
      const ids = body
        .split("--batch_wepass\n")
        .slice(1)
        .map((part) => /(?:Object\/|"id":")([^"\s/]+)/.exec(part)![1]!);
      const written = ids.flatMap((id, index) => {
        const [status, json] = answer(id, index) ?? [0, null];
        if (!status) return [];
        const head = `Content-Type: application/http\r\nContent-ID: <response-call-${index}>\r\n\r\n`;
        return [
          `--b\r\n${head}HTTP/1.1 ${status} S\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(json)}\r\n`,
        ];
      });
      return new Response(`${written.join("")}--b--`, { headers: { "content-type": "multipart/mixed; boundary=b" } });
    };
  const gets = (count: number): GoogleCall[] =>
    Array.from({ length: count }, (_, index) => ({ ...get, id: `1.${index}` }) as GoogleCall);
  const sizes = (calls: Sent[]) => calls.map(({ body }) => body.split("--batch_wepass\n").length - 1);

  it("goes in requests of twenty calls, at the rate of calls, and answers in order", async () => {
    const google = newGoogle([parts((id) => [200, { id }])]);
    const answers = await google.as().batch(gets(45));
    expect(answers.map((answer) => answer.ok && answer.value.id)).toEqual(gets(45).map((call: any) => call.id));
    expect(sizes(google.calls)).toEqual([20, 20, 5]);
    expect(google.calls.map(({ at }) => at - start)).toEqual([0, 1050, 2100]);
    expect(google.calls[0]).toMatchObject({ method: "POST", url: `${apiUrl}/batch` });
    expect(google.calls[0]!.headers.get("content-type")).toBe("multipart/mixed; boundary=batch_wepass");
    expect(google.mints).toHaveLength(1);
  });

  it("of nothing asks nobody", async () => {
    const google = newGoogle([ok]);
    expect(await google.as().batch([])).toEqual([]);
    expect(google.calls).toEqual([]);
  });

  it("sends again only those of its parts that need it", async () => {
    const tries = new Map<string, number>();
    const google = newGoogle([
      parts((id) => {
        const count = (tries.get(id) ?? 0) + 1;
        tries.set(id, count);
        if (id === "1.1" && count < 3) return [503, {}];
        if (id === "1.2" && count < 2) return [429, {}];
        if (id === "1.3" && count < 2) return null;
        if (id === "1.4") return [404, { error: { code: 404, message: "No." } }];
        if (id === "1.5") return [500, {}];
        return [200, { id }];
      }),
    ]);
    const answers = await google.as().batch(gets(7));
    expect(answers.map((answer) => (answer.ok ? answer.value.id : answer.error.status))).toEqual([
      "1.0",
      "1.1",
      "1.2",
      "1.3",
      404,
      500,
      "1.6",
    ]);
    expect(sizes(google.calls)).toEqual([7, 4, 2]);
  });

  it("is sent again with another token, whole or in part", async () => {
    const whole = newGoogle([() => refused(401), parts((id) => [200, { id }])]);
    expect((await whole.as().batch(gets(3))).every((answer) => answer.ok)).toBe(true);
    expect([sizes(whole.calls), whole.mints.length, whole.slept]).toEqual([[3, 3], 2, []]);
    const some = newGoogle([parts((id) => (id === "1.1" ? [401, {}] : [200, { id }])), parts((id) => [200, { id }])]);
    expect((await some.as().batch(gets(3))).every((answer) => answer.ok)).toBe(true);
    expect([sizes(some.calls), some.mints.length]).toEqual([[3, 1], 2]);
  });

  it("repeats no message that may have arrived", async () => {
    const google = newGoogle([() => refused(502), parts((id) => [200, { id }])]);
    const answers = await google.as().batch([insert, addMessage, patch]);
    expect(answers).toMatchObject([
      { ok: true },
      { ok: false, error: { kind: "unreachable", status: 502 } },
      { ok: true },
    ]);
    expect(sizes(google.calls)).toEqual([3, 2]);
    expect(google.calls[1]!.body).not.toContain("addMessage");
  });

  it("fails whole if the whole fails", async () => {
    const google = newGoogle([() => refused(403, "permissionDenied")]);
    const answers = await google.as().batch(gets(3));
    expect(answers).toHaveLength(3);
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, error: { kind: "permission" } });
    expect(google.calls).toHaveLength(1);
  });
});

describe("R109 a save link", () => {
  it("is Google's URL and the JWT", () => {
    expect(googleWallet(newGoogle().options).saveUrl("a.b.c")).toBe("https://pay.google.com/gp/v/save/a.b.c");
  });
});

describe("R120 no error", () => {
  it("quotes a token, an assertion or a key", async () => {
    const echo: Answer = (_, { headers, body }) =>
      json({ error: { code: 400, message: `${headers.get("authorization")} ${decodeURIComponent(body)}` } }, 400);
    const google = newGoogle([echo], [() => minted("ya29.a0secret-token_1")]);
    const answer = await google.as().call(insert);
    expect(JSON.stringify(answer)).not.toMatch(/ya29|secret/);
    const minting = newGoogle([ok], [echo]);
    expect(JSON.stringify(await minting.as().call(get))).not.toContain("eyJ");
  });
});
