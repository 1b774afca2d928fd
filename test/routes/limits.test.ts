import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { newApiKey } from "../../src/db/tokens";
import { newWorld, productionEnv } from "../openapi/operations";
import {
  adminToken,
  asTenant,
  call,
  newPass,
  newTemplate,
  newTenant,
  type Answer,
  type TestTenant,
} from "../support/api";
import { countingEnv } from "../support/costs";
import { burst, daily, limiterEnv, limiterOf, take, usedOf } from "../support/limiter";
import { parseLimits } from "../support/structured-fields";

const start = Date.parse("2040-06-01T12:00:00.400Z");

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Authenticated, and no query of D1 behind it. */
const nothing = "/v2/nothing";
const ask = (tenant: TestTenant, bindings: Cloudflare.Env = env) => tenant.get(nothing, { env: bindings });

async function newLiveTenant(settings: Record<string, unknown> = {}): Promise<TestTenant> {
  const { status, body, text } = await call("POST", "/admin/tenants", {
    token: adminToken,
    body: { name: "Live", ...settings },
    env: productionEnv,
  });
  expect(status, text).toBe(201);
  return asTenant(body.id, body.code, body.apiKey.token, body.apiKey.id);
}

const changeLimits = async ({ id }: TestTenant, limits: Record<string, number | null>) => {
  const { status, text } = await call("PATCH", `/admin/tenants/${id}`, { token: adminToken, body: { limits } });
  expect(status, text).toBe(200);
};

/** What a tenant has used, under the limits of production; asked without counting. */
const used = async (tenant: TestTenant) =>
  usedOf(await take(limiterOf(tenant), { cost: 0, policies: [burst(100), daily(10_000)], isFresh: true }));

/** The headers of an answer, each by its own standard. */
function limitsOf({ headers }: Answer) {
  const number = (name: string) => {
    expect(headers.get(name), name).toMatch(/^\d+$/);
    return Number(headers.get(name));
  };
  return {
    policy: parseLimits(headers.get("ratelimit-policy")),
    left: parseLimits(headers.get("ratelimit")),
    limit: number("x-ratelimit-limit"),
    used: number("x-ratelimit-used"),
    remaining: number("x-ratelimit-remaining"),
    reset: number("x-ratelimit-reset"),
  };
}

const standard = { burst: { q: 100, w: 60 }, daily: { q: 10_000, w: 86_400 } };

describe("limits", { timeout: 30_000 }, () => {
  it("R210 R215 answer the 101st request of a minute with 429, until the minute has ended", async () => {
    const tenant = await newLiveTenant();
    for (let count = 1; count <= 100; count += 1) {
      const answer = await ask(tenant, productionEnv);
      expect(answer.status).toBe(404);
      expect(limitsOf(answer)).toMatchObject({
        left: { burst: { r: 100 - count, t: 60 }, daily: { r: 10_000 - count, t: 86_400 } },
        limit: 100,
        used: count,
        remaining: 100 - count,
      });
    }
    vi.setSystemTime(start + 22_000);
    const refused = await ask(tenant, productionEnv);
    const { requestId } = refused.body;
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "38"]);
    expect(refused.body).toEqual({
      type: "https://api.example.com/problems/rate-limited",
      title: "Too many requests",
      status: 429,
      code: "rate_limited",
      detail: "This account may make 100 requests per minute.",
      instance: `urn:wepass:request:${requestId}`,
      requestId,
      violatedPolicies: ["burst"],
    });
    expect(limitsOf(refused)).toEqual({
      policy: standard,
      left: { burst: { r: 0, t: 38 }, daily: { r: 9900, t: 86_378 } },
      limit: 100,
      used: 100,
      remaining: 0,
      reset: Math.ceil((start + 60_000) / 1000),
    });
    vi.setSystemTime(start + 60_000);
    expect((await ask(tenant, productionEnv)).status).toBe(404);
  });

  it("R211 R215 answer the 10,001st request of a day with 429, until the day has ended", async () => {
    const tenant = await newLiveTenant();
    expect((await ask(tenant, productionEnv)).status).toBe(404);
    vi.setSystemTime(start + 3_600_000);
    const day = { policies: [burst(1_000_000), daily(10_000)], isFresh: true };
    await take(limiterOf(tenant), { ...day, cost: 9998 });
    vi.setSystemTime(start + 7_200_000);
    expect((await ask(tenant, productionEnv)).status).toBe(404);
    const refused = await ask(tenant, productionEnv);
    expect(refused).toMatchObject({ status: 429, body: { violatedPolicies: ["daily"] } });
    expect(refused.body.detail).toBe("This account may make 10000 requests per day.");
    expect(refused.headers.get("retry-after")).toBe("79200");
    expect(limitsOf(refused)).toMatchObject({ left: { burst: { r: 99 }, daily: { r: 0, t: 79_200 } }, limit: 10_000 });
    vi.setSystemTime(start + 86_400_000 - 1);
    expect((await ask(tenant, productionEnv)).status).toBe(429);
    vi.setSystemTime(start + 86_400_000);
    expect((await ask(tenant, productionEnv)).status).toBe(404);
  });

  it("R215 name all limits that refuse, and the time at which none does", async () => {
    const tenant = await newTenant({ limits: { requestsPerMinute: 1, requestsPerDay: 1 } });
    await ask(tenant);
    const refused = await ask(tenant);
    expect(refused.body).toMatchObject({
      violatedPolicies: ["burst", "daily"],
      detail: "This account may make 1 requests per minute. This account may make 1 requests per day.",
    });
    expect(refused.headers.get("retry-after")).toBe("86400");
  });

  it("R215 keep Retry-After to the second: then the request passes, and a second earlier it does not", async () => {
    for (const refusedAt of [1, 999, 1000, 1001, 30_250, 58_999, 59_000, 59_001, 59_999]) {
      const tenant = await newTenant({ limits: { requestsPerMinute: 2 } });
      vi.setSystemTime(start);
      for (let count = 0; count < 2; count += 1) expect((await ask(tenant)).status).toBe(404);
      vi.setSystemTime(start + refusedAt);
      const refused = await ask(tenant);
      const seconds = Number(refused.headers.get("retry-after"));
      expect([refused.status, seconds], String(refusedAt)).toEqual([429, Math.ceil((60_000 - refusedAt) / 1000)]);
      vi.setSystemTime(start + refusedAt + (seconds - 1) * 1000);
      expect((await ask(tenant)).status, String(refusedAt)).toBe(429);
      vi.setSystemTime(start + refusedAt + seconds * 1000);
      expect((await ask(tenant)).status, String(refusedAt)).toBe(404);
    }
  });

  it("R210 admit exactly what is left, of 1,000 requests at once that all ask the limiter", async () => {
    // Nobody loses patience.
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], now: start });
    const tenant = await newTenant({ limits: { requestsPerMinute: 70 } });
    await ask(tenant);
    let openGate = () => {};
    const gate = new Promise<void>((resolve) => (openGate = resolve));
    // All have come before the first is answered, so that no isolate answers any by itself.
    const { env: bindings, called } = limiterEnv(async (input, real) => {
      if (called.length === 1000) openGate();
      await gate;
      return real.take(input);
    });
    const answers = await Promise.all(Array.from({ length: 1000 }, () => ask(tenant, bindings)));
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(69);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(931);
    expect([called.length, (await used(tenant))[0]]).toEqual([1000, 70]);
  });

  it("R210 are of one tenant: another goes on, counted by itself and with one call", async () => {
    const [full, other] = [await newTenant({ limits: { requestsPerMinute: 1 } }), await newTenant()];
    await ask(full);
    expect((await ask(full)).status).toBe(429);
    const { env: bindings, called } = limiterEnv();
    const answer = await ask(other, bindings);
    expect([answer.status, limitsOf(answer).used, called]).toEqual([404, 1, ["take"]]);
  });

  it("R210 count several passes in one file as one request", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const passIds = [pass.id, (await newPass(tenant, { templateId: pass.templateId })).id];
    const before = limitsOf(await ask(tenant)).used;
    const bundle = await tenant.post("/v2/passes/pkpasses", { passIds });
    expect(bundle.status).toBe(200);
    expect(limitsOf(bundle).used).toBe(before + 1);
  });
});

describe("plans", { timeout: 20_000 }, () => {
  const policyOf = async (tenant: TestTenant, bindings = productionEnv) => limitsOf(await ask(tenant, bindings)).policy;
  const shown = async (tenant: TestTenant, bindings = productionEnv) =>
    (await tenant.get("/v2/account", { env: bindings })).body.limits;

  it("R210 R211 R212 have limits of their own, which the account shows", async () => {
    const [plain, premium] = [await newLiveTenant(), await newLiveTenant({ plan: "premium" })];
    expect(await policyOf(plain)).toEqual(standard);
    expect(await shown(plain)).toEqual({ requestsPerMinute: 100, requestsPerDay: 10_000 });
    expect(await policyOf(premium)).toEqual({ burst: { q: 1000, w: 60 }, daily: { q: 200_000, w: 86_400 } });
    expect(await shown(premium)).toEqual({ requestsPerMinute: 1000, requestsPerDay: 200_000 });
  });

  it("R213 yield to numbers of one account, from the next request on and in the running window", async () => {
    const tenant = await newLiveTenant();
    for (let count = 0; count < 3; count += 1) await ask(tenant, productionEnv);
    await changeLimits(tenant, { requestsPerMinute: 3 });
    const refused = await ask(tenant, productionEnv);
    expect([refused.status, limitsOf(refused).policy]).toEqual([429, { ...standard, burst: { q: 3, w: 60 } }]);
    await changeLimits(tenant, { requestsPerMinute: 4, requestsPerDay: 50 });
    const passed = await ask(tenant, productionEnv);
    expect(passed.status).toBe(404);
    expect(limitsOf(passed)).toMatchObject({
      policy: { burst: { q: 4, w: 60 }, daily: { q: 50, w: 86_400 } },
      left: { burst: { r: 0 }, daily: { r: 46 } },
    });
    await changeLimits(tenant, { requestsPerMinute: null });
    expect(await policyOf(tenant)).toEqual({ ...standard, daily: { q: 50, w: 86_400 } });
    expect(await shown(tenant)).toEqual({ requestsPerMinute: 100, requestsPerDay: 50 });
  });

  it("R212 hold from the next request on when the plan changes", async () => {
    const tenant = await newLiveTenant();
    expect(await policyOf(tenant)).toEqual(standard);
    await call("PATCH", `/admin/tenants/${tenant.id}`, { token: adminToken, body: { plan: "premium" } });
    expect((await policyOf(tenant)).burst).toEqual({ q: 1000, w: 60 });
  });

  it("R042 a sandbox has a guard of 1,000 a minute and no quota of a day, whatever the plan", async () => {
    for (const plan of ["standard", "premium"]) {
      vi.setSystemTime(start);
      const tenant = await newTenant({ plan });
      await take(limiterOf(tenant), { cost: 999, policies: [burst(1000)] });
      const last = await ask(tenant);
      expect([last.status, limitsOf(last)]).toEqual([
        404,
        {
          policy: { burst: { q: 1000, w: 60 } },
          left: { burst: { r: 0, t: 60 } },
          limit: 1000,
          used: 1000,
          remaining: 0,
          reset: Math.ceil((start + 60_000) / 1000),
        },
      ]);
      expect(await ask(tenant)).toMatchObject({ status: 429, body: { violatedPolicies: ["burst"] } });
      vi.setSystemTime(Date.now() + 60_000);
      expect(await shown(tenant, env)).toEqual({ requestsPerMinute: 1000, requestsPerDay: null });
    }
  });

  it("R042 R213 numbers of an account's own hold in a sandbox, too", async () => {
    const tenant = await newTenant({ limits: { requestsPerMinute: 5, requestsPerDay: 2 } });
    expect(await policyOf(tenant, env)).toEqual({ burst: { q: 5, w: 60 }, daily: { q: 2, w: 86_400 } });
    await ask(tenant);
    expect((await ask(tenant)).body.violatedPolicies).toEqual(["daily"]);
  });
});

describe("the headers", { timeout: 20_000 }, () => {
  it("R214 are on every answer to a right key, whatever it is", async () => {
    const { tenant, ids } = await newWorld();
    const limited = async (code: number | string, answer: Promise<Answer>) => {
      const got = await answer;
      expect([got.status, got.body?.code], got.text.slice(0, 200)).toContain(code);
      expect(limitsOf(got).policy.burst!.w).toBe(60);
      return got;
    };
    await limited(200, tenant.get("/v2/account"));
    await limited(201, tenant.post("/v2/api-keys", { name: "Key", scopes: ["passes:read"] }));
    await limited(200, tenant.get(`/v2/passes/${ids.pass}/pkpass`));
    await limited(204, tenant.delete(`/v2/templates/${await newTemplate(tenant)}`));
    await limited("validation_error", tenant.post("/v2/passes", { templateId: 7 }));
    await limited("malformed_json", tenant.post("/v2/passes", "{"));
    await limited("not_found", tenant.get("/v2/passes/pass_x"));
    await limited("not_found", tenant.get(nothing));
    await limited("method_not_allowed", tenant.put("/v2/account", {}));
    await limited(
      "unsupported_media_type",
      tenant.post("/v2/passes", "x", { headers: { "content-type": "text/css" } }),
    );
    const { body: weak } = await tenant.post("/v2/api-keys", { name: "Weak", scopes: ["passes:read"] });
    await limited("insufficient_scope", call("GET", "/v2/account", { token: weak.token }));
    const broken = { ...env, DATA_DB: { prepare: () => { throw new Error("away"); } } } as unknown as Cloudflare.Env; // prettier-ignore
    await limited("internal_error", tenant.get("/v2/account", { env: broken }));
    await call("PATCH", `/admin/tenants/${tenant.id}`, { token: adminToken, body: { status: "suspended" } });
    await limited("tenant_suspended", tenant.get("/v2/account"));
  });

  it("R214 are on no answer that is of no account", async () => {
    for (const answer of [
      await call("GET", "/v2/account"),
      await call("GET", "/v2/account", { token: "wp_test_x" }),
      await call("GET", "/v2/openapi.json"),
      await call("GET", "/admin/tenants", { token: adminToken }),
    ]) {
      expect([...answer.headers.keys()].filter((name) => name.includes("ratelimit"))).toEqual([]);
    }
  });
});

describe("what a request costs", () => {
  it("R033 hot: one call of the limiter and no query of D1 before the service", async () => {
    const tenant = await newTenant();
    await ask(tenant);
    const { env: counted, costs } = countingEnv();
    const { env: bindings, called } = limiterEnv(undefined, counted);
    expect((await ask(tenant, bindings)).status).toBe(404);
    expect([called, costs]).toEqual([["take"], { reads: 0, writeBatches: 0, rowsRead: 0, rowsWritten: 0 }]);
  });

  it("R033 cold: one query of D1 and one call", async () => {
    const tenant = await newTenant();
    const { env: counted, costs } = countingEnv();
    const { env: bindings, called } = limiterEnv(undefined, counted);
    await ask(tenant, bindings);
    expect([called, costs.reads]).toEqual([["take"], 1]);
  });

  it("R215 refused: no query of D1, and no call within a second of the last refusal", async () => {
    const tenant = await newTenant({ limits: { requestsPerMinute: 1 } });
    await ask(tenant);
    const { env: counted, costs } = countingEnv();
    const { env: bindings, called } = limiterEnv(undefined, counted);
    const refusals = [];
    for (const time of [0, 500, 999, 1000, 59_500, 59_999]) {
      vi.setSystemTime(start + time);
      const { status, headers } = await ask(tenant, bindings);
      refusals.push([status, headers.get("retry-after"), called.length]);
    }
    expect(refusals).toEqual([
      [429, "60", 1],
      [429, "60", 1],
      [429, "60", 1],
      [429, "59", 2],
      [429, "1", 3],
      [429, "1", 3],
    ]);
    expect(costs.reads).toBe(0);
    vi.setSystemTime(start + 60_000);
    expect((await ask(tenant, bindings)).status).toBe(404);
  });

  it("R215 refused without a call: Retry-After is kept though an answer of the limiter takes its time", async () => {
    const latencyMs = 300;
    const { env: slow } = limiterEnv(async (input, real) => {
      vi.setSystemTime(Date.now() + latencyMs);
      return real.take(input);
    });
    for (const later of [0, 100, 400, 699, 700, 999]) {
      vi.setSystemTime(start);
      const tenant = await newTenant({ limits: { requestsPerMinute: 1 } });
      await ask(tenant);
      vi.setSystemTime(start + 10_000);
      expect((await ask(tenant, slow)).headers.get("retry-after")).toBe("50");
      const blockedAt = start + 10_000 + latencyMs + later;
      vi.setSystemTime(blockedAt);
      const { env: bindings, called } = limiterEnv();
      const blocked = await ask(tenant, bindings);
      const seconds = Number(blocked.headers.get("retry-after"));
      expect([called, seconds], String(later)).toEqual([[], Math.ceil((start + 60_000 - blockedAt) / 1000)]);
      expect(limitsOf(blocked)).toMatchObject({
        left: { burst: { t: seconds } },
        reset: Math.ceil((start + 60_000) / 1000),
      });
      vi.setSystemTime(blockedAt + seconds * 1000);
      expect((await ask(tenant)).status, String(later)).toBe(404);
    }
  });

  it("R033 a wrong key asks no limiter and uses nothing up", async () => {
    const tenant = await newTenant();
    await ask(tenant);
    const { env: bindings, called } = limiterEnv();
    const { token: unknown } = newApiKey("test", tenant.code);
    for (const token of [unknown, `${tenant.token}x`, "wp_test_x"]) {
      expect((await call("GET", nothing, { token, env: bindings })).status).toBe(401);
    }
    expect([called, (await used(tenant))[0]]).toEqual([[], 1]);
  });

  it("R033 R215 a key that was revoked or has expired uses nothing up, and is remembered as such", async () => {
    const tenant = await newTenant();
    const { body: revoked } = await tenant.post("/v2/api-keys", { name: "Gone", scopes: ["account:read"] });
    await tenant.delete(`/v2/api-keys/${revoked.id}`);
    const expiresAt = new Date(start + 1000).toISOString();
    const { body: expired } = await tenant.post("/v2/api-keys", { name: "Old", scopes: ["account:read"], expiresAt });
    vi.setSystemTime(start + 1000);
    const before = await used(tenant);
    const { env: counted, costs } = countingEnv();
    const { env: bindings, called } = limiterEnv(undefined, counted);
    for (const [{ token }, code] of [
      [revoked, "revoked_key"],
      [expired, "expired_key"],
    ] as const) {
      for (let count = 0; count < 3; count += 1) {
        expect((await call("GET", nothing, { token, env: bindings })).body.code).toBe(code);
      }
    }
    expect([called, costs.reads, await used(tenant)]).toEqual([[], 2, before]);
  });

  it("R215 a suspended account uses nothing up, and is let in as soon as it is active again", async () => {
    const tenant = await newTenant();
    const turn = (status: string) =>
      call("PATCH", `/admin/tenants/${tenant.id}`, { token: adminToken, body: { status } });
    await ask(tenant);
    await turn("suspended");
    for (let count = 0; count < 3; count += 1) {
      const refused = await ask(tenant);
      expect([refused.body.code, limitsOf(refused).used]).toEqual(["tenant_suspended", 1]);
    }
    await turn("active");
    const answer = await ask(tenant);
    expect([answer.status, limitsOf(answer).used]).toEqual([404, 2]);
  });
});
