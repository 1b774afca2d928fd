import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { adminToken, call, type Answer } from "../support/api";
import { countingEnv } from "../support/costs";
import {
  encodeProfile,
  getSignup,
  locationOf,
  newPrefill,
  newSignupTenant,
  postSignup,
  prefillOf,
  redeem,
  signupPath,
  site,
  zoe,
} from "../support/signup";

afterEach(() => {
  vi.useRealTimers();
});

const encoded = encodeProfile(zoe);
const values = { object: "signupPrefill", firstName: "Zoë", lastName: "Winter", email: "zoe@example.com" };
const gone = "There is nothing behind this token: it was redeemed, or has expired.";

const rowsOf = async ({ id }: { id: string }) =>
  (await env.DATA_DB.prepare("select * from signup_prefills where tenant_id = ?").bind(id).all()).results;

function assertGone(answer: Answer, detail = gone): void {
  expect(answer.status, answer.text).toBe(404);
  expect(answer.body).toMatchObject({ code: "not_found", detail });
}

describe("a token in place of the values", () => {
  it("R273 stands alone in the redirect, and is exchanged for the values once", async () => {
    const tenant = await newSignupTenant({ signupPrefill: "token" });
    const posted = await postSignup(tenant, { userProfile: encoded }, { url: "/join?campaign=wallet#form" });
    expect(posted.status).toBe(303);
    const location = locationOf(posted);
    expect(location.href).toMatch(/^https:\/\/shop\.example\/app\/join\?campaign=wallet&prefill=[0-9A-Za-z]{32}#form$/);
    const token = location.searchParams.get("prefill");
    const redeemed = await redeem(tenant, token);
    expect(redeemed.status).toBe(200);
    expect(redeemed.body).toEqual(values);
    expect(redeemed.headers.get("cache-control")).toBe("no-store");
    expect(redeemed.headers.get("referrer-policy")).toBe("no-referrer");
    assertGone(await redeem(tenant, token));
    const got = await getSignup(tenant, { userProfile: encoded });
    expect(prefillOf(got)).not.toBe(token);
    expect((await redeem(tenant, prefillOf(got))).body).toEqual(values);
    expect(await rowsOf(tenant)).toEqual([]);
  });

  it("R273 is not made where nothing was shared, nor for who only looks", async () => {
    const tenant = await newSignupTenant({ signupPrefill: "token" });
    const answers = [
      await getSignup(tenant, { url: "/join" }),
      await postSignup(tenant, { userProfile: "e30=" }, { url: "/join" }),
      await call("HEAD", signupPath(tenant, { userProfile: encoded, url: "/join" })),
    ];
    for (const { headers } of answers) expect(headers.get("location")).toBe(`${site}/join`);
    for (const refused of [
      await getSignup(tenant, { userProfile: encoded, url: "//other.example" }),
      await postSignup(tenant, { userProfile: `${encoded}!` }),
    ]) {
      expect(refused.status).toBe(400);
    }
    expect(await rowsOf(tenant)).toEqual([]);
  });

  it("R273 is kept as a hash, with the values sealed", async () => {
    const { tenant, token } = await newPrefill();
    const [row, ...others] = await rowsOf(tenant);
    expect(others).toEqual([]);
    const stored = JSON.stringify(row);
    for (const secret of [token, "Zoë", "Winter", "zoe@", btoa("Winter").slice(0, 6)]) {
      expect(stored).not.toContain(secret);
    }
    expect(row!.token_hash).toMatch(/^[\da-f]{64}$/);
    expect(JSON.parse(row!.sealed as string)).toMatchObject({ kid: expect.any(String), data: expect.any(String) });
  });

  it("R273 lives for ten minutes", async () => {
    const [early, late] = [await newPrefill(), await newPrefill()];
    const [{ expires_at: expiresAt }] = (await rowsOf(late.tenant)) as [{ expires_at: number }];
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(expiresAt - 1000);
    expect((await redeem(early.tenant, early.token)).status).toBe(200);
    vi.setSystemTime(expiresAt);
    assertGone(await redeem(late.tenant, late.token));
    expect(expiresAt - Date.now()).toBe(0);
    vi.useRealTimers();
    expect(expiresAt - Date.now()).toBeGreaterThan(9 * 60_000);
    expect(expiresAt - Date.now()).toBeLessThanOrEqual(10 * 60_000);
  });

  it("R273 R274 is of its tenant alone, and answers nobody while that is suspended", async () => {
    const [{ tenant, token }, other] = [await newPrefill(), await newSignupTenant({ signupPrefill: "token" })];
    assertGone(await redeem(other, token));
    const nowhere = "There is no sign-up page at this path.";
    assertGone(await redeem({ id: "tenant_00000000000000000000000000" }, token), nowhere);
    const setStatus = (status: string) =>
      call("PATCH", `/admin/tenants/${tenant.id}`, { token: adminToken, body: { status } });
    await setStatus("suspended");
    assertGone(await redeem(tenant, token), nowhere);
    await setStatus("active");
    expect((await redeem(tenant, token)).body).toEqual(values);
  });

  it("R273 of any number of redemptions at once answers one", async () => {
    const { tenant, token } = await newPrefill();
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(tenant, token)));
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 404)]);
  });

  it("R273 is refused as no token", async () => {
    const tenant = await newSignupTenant();
    for (const token of ["", "x".repeat(201), 7, null, ["x"], undefined]) {
      const answer = await redeem(tenant, token);
      expect(answer.status, String(token)).toBe(400);
      expect(answer.body).toMatchObject({ code: "validation_error", errors: [{ pointer: "#/token" }] });
    }
    for (const token of ["x", "x".repeat(200), "' or 1=1 --", "\u0000", "🦊"]) assertGone(await redeem(tenant, token));
  });

  it("R273 costs two reads and a write to make, and a read and a write to redeem", async () => {
    const tenant = await newSignupTenant({ signupPrefill: "token" });
    const making = countingEnv();
    const made = await postSignup(tenant, { userProfile: encoded }, {}, { env: making.env });
    expect(making.costs).toMatchObject({ reads: 2, writeBatches: 1, rowsWritten: 2 });
    expect(making.costs.rowsRead).toBeLessThanOrEqual(4);
    const redeeming = countingEnv();
    const headers = { origin: "https://shop.example" };
    expect((await redeem(tenant, prefillOf(made), { env: redeeming.env, headers })).status).toBe(200);
    expect(redeeming.costs).toMatchObject({ reads: 1, writeBatches: 1, rowsWritten: 1 });
    expect(redeeming.costs.rowsRead).toBeLessThanOrEqual(3);
  });
});

describe("who may redeem a token from a browser", () => {
  const preflight = (tenant: { id: string }, origin: string) =>
    call("OPTIONS", `${signupPath(tenant)}/redeem`, {
      headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type" },
    });
  const allowed = ({ headers }: Answer) => headers.get("access-control-allow-origin");

  it("R273 is the origin of the tenant's site, and no other", async () => {
    const { tenant, token } = await newPrefill();
    const asked = await preflight(tenant, "https://shop.example");
    expect(asked.status).toBe(204);
    expect(allowed(asked)).toBe("https://shop.example");
    expect(asked.headers.get("access-control-allow-methods")).toBe("POST");
    expect(asked.headers.get("access-control-allow-headers")).toBe("Content-Type");
    expect(asked.headers.get("access-control-max-age")).toBe("600");
    expect(asked.headers.get("vary")).toMatch(/\bOrigin\b/);
    expect(asked.headers.get("access-control-allow-credentials")).toBeNull();
    for (const origin of [
      "https://shop.example.other.example",
      "https://other.example",
      "http://shop.example",
      "https://shop.example:8443",
      "https://shop.example/app",
      "null",
    ]) {
      expect(allowed(await preflight(tenant, origin)), origin).toBeNull();
      const answer = await redeem(tenant, "x", { headers: { origin } });
      expect(allowed(answer), origin).toBeNull();
      expect(answer.headers.get("vary"), origin).toMatch(/\bOrigin\b/);
    }
    const headers = { origin: "https://shop.example" };
    // The page may read what was wrong, too.
    for (const sent of [token, token, 7]) {
      const answer = await redeem(tenant, sent, { headers });
      expect(allowed(answer), answer.text).toBe("https://shop.example");
      expect(answer.headers.get("vary")).toMatch(/\bOrigin\b/);
      expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    }
    expect(allowed(await redeem(tenant, "x"))).toBeNull();
  });

  it("R273 R274 is nobody where there is no site, and another where the site moved", async () => {
    const { tenant, token } = await newPrefill();
    const move = (publicUri: string | null) =>
      call("PATCH", `/admin/tenants/${tenant.id}`, { token: adminToken, body: { publicUri } });
    await move(null);
    expect(allowed(await preflight(tenant, "https://shop.example"))).toBeNull();
    expect(allowed(await preflight(tenant, "null"))).toBeNull();
    await move("http://localhost:5173/signup");
    expect(allowed(await preflight(tenant, "https://shop.example"))).toBeNull();
    const headers = { origin: "http://localhost:5173" };
    expect(allowed(await redeem(tenant, token, { headers }))).toBe("http://localhost:5173");
    expect((await preflight({ id: "tenant_none" }, "https://shop.example")).status).toBe(404);
  });

  it("R269 takes no other method, nor gives the sign-up page itself to scripts", async () => {
    const { tenant } = await newPrefill();
    for (const method of ["GET", "PUT", "DELETE"]) {
      const answer = await call(method, `${signupPath(tenant)}/redeem`);
      expect(answer.status, method).toBe(405);
      expect(answer.headers.get("allow")).toBe("POST");
    }
    const headers = { origin: "https://shop.example" };
    expect(allowed(await getSignup(tenant, {}, { headers }))).toBeNull();
  });
});
