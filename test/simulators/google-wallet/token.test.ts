import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ask, api, base, expectRefused, newIssuer, newKey, newSimulator, postToken, type Issuer } from "./client";
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
    await newIssuer(issuer.simulator, { issuerId: issuer.issuerId });
    expect((await issued(await newIssuer(issuer.simulator, { issuerId: issuer.issuerId }), "transit")).object.id).toBe(
      mine.object.id,
    );
  });

  it("R021 is not handed out where the simulator does not run alone", async () => {
    const answer = await ask(issuer.simulator, "POST", "/service-accounts", { body: {} });
    expectRefused(answer, 404, "notFound");
  });
});
