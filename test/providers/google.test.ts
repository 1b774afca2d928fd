import { Buffer } from "node:buffer";
import { createPublicKey, verify } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { googleWallet, type GoogleWalletOptions } from "../../src/providers/google/driver";
import { rsaPair } from "../google-wallet/keys";
import {
  addMessage,
  apiUrl,
  get,
  insert,
  json,
  minted,
  newAccount,
  newGoogle,
  ok,
  patch,
  refused,
  standStill,
  start,
  tokenUrl,
  until,
  type Answer,
  type Sent,
} from "./fake-google";

standStill();

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
    const spki = Buffer.from((await crypto.subtle.exportKey("spki", (await rsaPair()).publicKey)) as ArrayBuffer);
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
    const sleepers: { at: number; wake: () => void }[] = [];
    const google = newGoogle([ok], [], {
      sleep: (ms) => new Promise((wake) => sleepers.push({ at: Date.now() + ms, wake })),
    });
    const account = newAccount();
    const calling = Array.from({ length: 100 }, () => google.as(account).call(get));
    await until(() => sleepers.length === 80);
    for (const [index, { at, wake }] of sleepers.toSorted((a, b) => a.at - b.at).entries()) {
      if (at > Date.now()) {
        await until(() => google.calls.length === 20 + index);
        vi.setSystemTime(at);
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
