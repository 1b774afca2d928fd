import { runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  ask,
  api,
  base,
  expectRefused,
  newIssuer,
  newKey,
  newSimulator,
  postToken,
  type Issuer,
  type Simulator,
} from "./client";
import { issued } from "./passes";

const start = Date.parse("2040-01-01T00:00:00Z");
const seconds = start / 1000;
let issuer: Issuer;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
  issuer = await newIssuer(newSimulator());
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the token endpoint", () => {
  it("R021 answers an opaque token, and says what time it is", async () => {
    const { status, body, headers } = await issuer.requestToken();
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^ya29\.[\w-]{43}$/),
      expires_in: 3599,
      token_type: "Bearer",
    });
    expect(headers.get("date")).toBe("Sun, 01 Jan 2040 00:00:00 GMT");
  });

  it("R021 takes its own address for an audience, too", async () => {
    expect((await issuer.requestToken({ aud: `${base}/token` })).status).toBe(200);
  });

  it.each([
    ["another audience", { aud: "https://example.com" }, "invalid_grant"],
    ["a clock that is ahead", { iat: seconds + 301, exp: seconds + 900 }, "invalid_grant"],
    ["a clock that is behind", { iat: seconds - 7200, exp: seconds - 3600 }, "invalid_grant"],
    ["a life of more than an hour", { exp: seconds + 3601 }, "invalid_grant"],
    ["no times", { iat: undefined, exp: undefined }, "invalid_grant"],
    ["times that are no numbers", { iat: "now", exp: "later" }, "invalid_grant"],
    ["another scope", { scope: "https://www.googleapis.com/auth/drive" }, "invalid_scope"],
    ["an account that nobody knows", { iss: "stranger@example.com" }, "invalid_grant"],
    ["no account", { iss: undefined }, "invalid_grant"],
  ])("R021 refuses %s", async (_what, claims, error) => {
    const { status, body } = await issuer.requestToken(claims);
    expect(status).toBe(400);
    expect(body).toEqual({ error, error_description: expect.any(String) });
  });

  it("R021 refuses what the account did not sign", async () => {
    const imposter = await newIssuer(issuer.simulator, { key: await newKey() });
    const { status, body } = await imposter.requestToken({ iss: issuer.email });
    expect([status, body.error]).toEqual([400, "invalid_grant"]);
  });

  it.each([
    [{}, "unsupported_grant_type"],
    [{ grant_type: "client_credentials" }, "unsupported_grant_type"],
    [{ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer" }, "invalid_request"],
    [{ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: "x" }, "invalid_grant"],
    [{ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: "a.b.c" }, "invalid_grant"],
    [{ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: "e30.bnVsbA.e30" }, "invalid_grant"],
  ])("R021 refuses the form %j", async (form, error) => {
    const { status, body } = await postToken(issuer.simulator, form as Record<string, string>);
    expect([status, body.error]).toEqual([400, error]);
  });

  it("R021 takes no unsigned assertion", async () => {
    const part = (json: object) => btoa(JSON.stringify(json)).replaceAll("=", "");
    const claims = { iss: issuer.email, aud: `${base}/token`, iat: seconds, exp: seconds + 60 };
    const { body } = await postToken(issuer.simulator, {
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: `${part({ alg: "none" })}.${part(claims)}.e30`,
    });
    expect(body.error).toBe("invalid_grant");
  });
});

describe("a bearer token", () => {
  const list = (authorization?: string) =>
    ask(issuer.simulator, "GET", `${api}/issuer`, { headers: authorization ? { authorization } : {} });

  it("R021 is needed, has to be known, and ends after an hour", async () => {
    expectRefused(await list(), 401, "required");
    expectRefused(await list("Basic eDp5"), 401, "required");
    expectRefused(await list("Bearer ya29.made-up"), 401, "authError");
    expect((await list(`Bearer ${issuer.token}`)).status).toBe(200);
    vi.setSystemTime(start + 3_598_999);
    expect((await list(`Bearer ${issuer.token}`)).status).toBe(200);
    vi.setSystemTime(start + 3_599_000);
    expectRefused(await list(`Bearer ${issuer.token}`), 401, "authError");
  });

  it("R021 of an address with another key opens nothing of the first one's issuer", async () => {
    const pass = await issued(issuer, "generic");
    const imposter = await newIssuer(issuer.simulator, { email: issuer.email, key: await newKey() });
    expectRefused(await imposter.call("GET", `/genericClass/${pass.class.id}`), 403, "permissionDenied");
    expect((await issuer.call("GET", `/genericClass/${pass.class.id}`)).status).toBe(200);
  });
});

describe("the rate", () => {
  it("R138 allows 20 requests in a second, to each account", async () => {
    const other = await newIssuer(issuer.simulator);
    const answers = [];
    for (let count = 0; count < 21; count += 1) answers.push(await issuer.call("GET", "/issuer"));
    expect(answers.slice(0, 20).every(({ status }) => status === 200)).toBe(true);
    expectRefused(answers[20]!, 429, "rateLimitExceeded");
    expect((await other.call("GET", "/issuer")).status).toBe(200);
    vi.setSystemTime(start + 1000);
    expect((await issuer.call("GET", "/issuer")).status).toBe(200);
  });
});

const madeIssuer = async (by: Issuer): Promise<string> =>
  (await by.call("POST", "/issuer", { name: "Made" })).body.issuerId;

const keysOf = async (email: string): Promise<object[]> =>
  (await ask(issuer.simulator, "GET", `/service_accounts/v1/jwk/${email}`)).body.keys;

const rowsOf = (simulator: Simulator) =>
  runInDurableObject(simulator, (_, { storage }) => {
    const tables = ["issuers", "members", "accounts", "registrants", "resources"];
    return Object.fromEntries(
      tables.map((table) => [table, storage.sql.exec<{ n: number }>(`select count(*) as n from ${table}`).one().n]),
    );
  });

describe("an account", () => {
  it("R021 is registered as often as one likes", async () => {
    const { issuerId, email, key } = issuer;
    await issuer.simulator.register({ issuerId, clientEmail: email, publicKey: key.publicKey });
    expect((await issuer.call("GET", "/issuer")).body.resources).toEqual([{ issuerId, name: `Issuer ${issuerId}` }]);
  });

  it("R021 is forgotten with its issuer, and no other with it", async () => {
    const other = await newIssuer(issuer.simulator);
    const [mine, theirs] = [await issued(issuer, "transit"), await issued(other, "transit")];
    await issuer.simulator.erase(issuer.issuerId);
    await issuer.simulator.erase(issuer.issuerId);
    expectRefused(await issuer.call("GET", `/transitClass/${mine.class.id}`), 401, "authError");
    expect((await issuer.requestToken()).body.error).toBe("invalid_grant");
    expect((await other.call("GET", `/transitObject/${theirs.object.id}`)).status).toBe(200);
    expect((await issued(await newIssuer(issuer.simulator, { issuerId: issuer.issuerId }), "transit")).object.id).toBe(
      mine.object.id,
    );
  });

  it("R274 has one key at an issuer, and keeps what it has when that is replaced", async () => {
    const pass = await issued(issuer, "generic");
    const made = (await issuer.call("POST", "/issuer", { name: "Second" })).body.issuerId;
    const { issuerId, email } = issuer;
    const next = await newIssuer(issuer.simulator, { issuerId, email, key: await newKey() });
    expectRefused(await issuer.call("GET", `/genericClass/${pass.class.id}`), 401, "authError");
    expect((await issuer.requestToken()).body.error).toBe("invalid_grant");
    expect((await next.call("GET", `/genericClass/${pass.class.id}`)).status).toBe(200);
    expect((await next.call("GET", `/issuer/${made}`)).status).toBe(200);
    expect(await keysOf(email)).toHaveLength(1);
  });

  it("R274 whose key is replaced at one issuer uses it at the others as before", async () => {
    const { email } = issuer;
    const [elsewhere, key] = [await newIssuer(issuer.simulator, { email }), await newKey()];
    const next = await newIssuer(issuer.simulator, { issuerId: issuer.issuerId, email, key });
    expectRefused(await elsewhere.call("GET", `/issuer/${issuer.issuerId}`), 403, "permissionDenied");
    expect((await elsewhere.call("GET", `/issuer/${elsewhere.issuerId}`)).status).toBe(200);
    expectRefused(await next.call("GET", `/issuer/${elsewhere.issuerId}`), 403, "permissionDenied");
    expect(await keysOf(email)).toHaveLength(2);
    await issuer.simulator.erase(elsewhere.issuerId);
    expect(await keysOf(email)).toHaveLength(1);
  });

  it("R226 takes the issuers that it made with it, and nothing of anybody else", async () => {
    const other = await newIssuer(issuer.simulator);
    const [mine, theirs] = [await madeIssuer(issuer), await madeIssuer(other)];
    const { body } = await issuer.call("POST", "/genericClass", { id: `${mine}.class` });
    await issuer.call("PUT", `/permissions/${mine}`, {
      permissions: [issuer, other].map(({ email }) => ({ emailAddress: email, role: "OWNER" })),
    });
    expect((await other.call("GET", `/genericClass/${body.id}`)).status).toBe(200);
    await issuer.simulator.erase(issuer.issuerId);
    expectRefused(await other.call("GET", `/genericClass/${body.id}`), 403, "permissionDenied");
    expect((await other.call("GET", `/issuer/${theirs}`)).status).toBe(200);
  });

  it("R226 goes with who registered it, unless somebody else did so too", async () => {
    const { simulator } = issuer;
    const registered = async (registrant: string, by: Issuer) => {
      const { issuerId, email: clientEmail, key } = by;
      await simulator.register({ issuerId, clientEmail, publicKey: key.publicKey, registrant });
      return by;
    };
    const alone = await registered("one", await newIssuer(simulator));
    const second = await registered("one", await newIssuer(simulator, { email: alone.email }));
    const shared = await registered("two", await registered("one", await newIssuer(simulator)));
    const made = await madeIssuer(alone);
    const status = async (by: Issuer, issuerId = by.issuerId) => (await by.call("GET", `/issuer/${issuerId}`)).status;
    await simulator.eraseRegistrant("three");
    expect(await status(second, made)).toBe(200);
    await simulator.eraseRegistrant("one");
    await simulator.eraseRegistrant("one");
    expect([await status(alone), await status(second), await status(alone, made)]).toEqual([401, 401, 401]);
    expect([await status(shared), await status(issuer)]).toEqual([200, 200]);
    await simulator.eraseRegistrant("two");
    expect([await status(shared), await status(issuer)]).toEqual([401, 200]);
    expect(await rowsOf(simulator)).toEqual({ issuers: 1, members: 1, accounts: 1, registrants: 0, resources: 0 });
  });

  it("R021 is not handed out where the simulator does not run alone", async () => {
    const answer = await ask(issuer.simulator, "POST", "/service-accounts", { body: {} });
    expectRefused(answer, 404, "notFound");
  });
});
