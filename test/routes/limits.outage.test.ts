import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from "vitest";
import { exampleBody, newWorld, type World } from "../openapi/operations";
import { adminToken, call, newTenant, type Answer, type TestTenant } from "../support/api";
import { newIssuerId, serviceAccountFile } from "../support/google-account";
import { limiterEnv, limiterlessEnv, limiterOf, take, usedOf, burst } from "../support/limiter";

/** What the API does while the limiter of a tenant cannot be asked, and while its credentials change. */

let lines: MockInstance<typeof console.log>;
const logged = () => lines.mock.calls.flatMap(([entry]) => (entry?.msg === "limiter unreachable" ? [entry] : []));

beforeEach(() => {
  lines = vi.spyOn(console, "log").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const overload = () => Object.assign(new Error("Durable Object is overloaded."), { overloaded: true });

/** What makes wallets act: requests that are right, on a pass that is there. */
async function fanningOut({ tenant, ids }: World): Promise<[string, (bindings: Cloudflare.Env) => Promise<Answer>][]> {
  const { values } = (await exampleBody("issuePass")) as { values: object };
  const connection = { issuerId: newIssuerId(), serviceAccount: serviceAccountFile() };
  const pass = `/v2/passes/${ids.pass}`;
  return [
    ["issue", (bindings) => tenant.post("/v2/passes", { templateId: ids.tmpl, values }, { env: bindings })],
    ["patch", (bindings) => tenant.patch(pass, { values }, { env: bindings })],
    ["replace", (bindings) => tenant.put(pass, { values }, { env: bindings })],
    ["void", (bindings) => tenant.delete(pass, { env: bindings })],
    ["connect", (bindings) => tenant.put("/v2/google/account", connection, { env: bindings })],
    ["check", (bindings) => tenant.post("/v2/google/account/check", undefined, { env: bindings })],
  ];
}

describe("an overloaded limiter", { timeout: 20_000 }, () => {
  it("R210 lets reads pass, without headers of limits, asks it once, and logs", async () => {
    const { tenant, ids } = await newWorld();
    const { env: bindings, called } = limiterEnv(() => Promise.reject(overload()));
    const answer = await tenant.get(`/v2/passes/${ids.pass}`, { env: bindings });
    expect(answer.status).toBe(200);
    expect([...answer.headers.keys()].filter((name) => name.includes("ratelimit"))).toEqual([]);
    expect(called).toEqual(["take"]);
    expect(logged()).toMatchObject([{ level: "error", tenantId: tenant.id, overloaded: true, error: "Error" }]);
    expect(JSON.stringify(logged())).not.toContain(tenant.token);
  });

  it("R210 lets reads of keys pass, which then know of no use", async () => {
    const tenant = await newTenant();
    const bindings = limiterlessEnv();
    const list = await tenant.get("/v2/api-keys", { env: bindings });
    expect([list.status, list.body.data[0].lastUsedAt]).toEqual([200, null]);
    expect((await tenant.get(`/v2/api-keys/${tenant.keyId}`, { env: bindings })).status).toBe(200);
    const usage = await tenant.get(`/v2/api-keys/${tenant.keyId}/usage`, { env: bindings });
    expect([usage.status, usage.headers.get("retry-after")]).toEqual([503, "5"]);
  });

  it("R210 lets writes pass that make nobody else act", async () => {
    const tenant = await newTenant();
    const made = await tenant.post("/v2/api-keys", { name: "Key", scopes: ["passes:read"] }, { env: limiterlessEnv() });
    expect(made.status).toBe(201);
  });

  it("R210 refuses writes that fan out, and nothing is done", async () => {
    const world = await newWorld();
    const before = await world.tenant.get(`/v2/passes/${world.ids.pass}`);
    for (const [name, send] of await fanningOut(world)) {
      const { status, headers, body } = await send(limiterlessEnv(overload()));
      expect([name, status, body.code, headers.get("retry-after")]).toEqual([
        name,
        503,
        "temporarily_unavailable",
        "5",
      ]);
    }
    expect((await world.tenant.get(`/v2/passes/${world.ids.pass}`)).body).toEqual(before.body);
    expect((await world.tenant.get("/v2/passes")).body.data).toHaveLength(1);
    expect((await world.tenant.post("/v2/google/account/check")).status).toBe(200);
  });

  it("R033 does not bring a revoked key back", async () => {
    const tenant = await newTenant();
    const { body } = await tenant.post("/v2/api-keys", { name: "Key", scopes: ["account:read"] });
    const use = (bindings: Cloudflare.Env) => call("GET", "/v2/account", { token: body.token, env: bindings });
    expect((await use(env)).status).toBe(200);
    // Another isolate revoked it.
    await env.CONTROL_DB.prepare("update credentials set revoked_at = 1 where id = ?").bind(body.id).run();
    expect((await use(limiterlessEnv())).body.code).toBe("revoked_key");
  });

  it("R210 lets a suspended account in no more than ever", async () => {
    const tenant = await newTenant();
    await call("PATCH", `/admin/tenants/${tenant.id}`, { token: adminToken, body: { status: "suspended" } });
    expect((await tenant.get("/v2/account", { env: limiterlessEnv() })).body.code).toBe("tenant_suspended");
  });
});

describe("a limiter that is slow or of another version", () => {
  it("R210 is waited for 2.5 seconds and no longer", async () => {
    const tenant = await newTenant();
    await tenant.get("/v2/account");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let wasAsked = () => {};
    let answer: (value: null) => void = () => {};
    const isAsked = new Promise<void>((resolve) => (wasAsked = resolve));
    const { env: bindings } = limiterEnv(() => {
      wasAsked();
      return new Promise((resolve) => (answer = resolve));
    });
    let done = false;
    const asking = tenant.get("/v2/nothing", { env: bindings }).finally(() => (done = true));
    await isAsked;
    await vi.advanceTimersByTimeAsync(2499);
    expect(done).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    const { status, headers } = await asking;
    expect([status, headers.get("ratelimit")]).toEqual([404, null]);
    expect(logged()).toMatchObject([{ overloaded: false, error: "no answer in time" }]);
    answer(null);
  });

  it("R210 leaves no timer behind when it answers", async () => {
    const tenant = await newTenant();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    await tenant.get("/v2/nothing");
    expect(vi.getTimerCount()).toBe(0);
  });

  const former = { allowed: false, limit: undefined, remaining: NaN, resetMs: NaN, epoch: 1 };

  it("R210 of the version before lets everything pass for the length of a rollout, without headers of limits", async () => {
    const world = await newWorld();
    const answers: unknown[] = [];
    for (const [name, send] of await fanningOut(world)) {
      const { env: bindings, called } = limiterEnv(async () => former);
      const { status, body, headers } = await send(bindings);
      answers.push([name, body.code ?? status]);
      expect([headers.get("ratelimit"), called.filter((method) => method === "take")]).toEqual([null, ["take"]]);
    }
    expect(answers).toEqual([
      ["issue", 201],
      ["patch", 200],
      ["replace", 200],
      ["void", 200],
      ["connect", 201],
      ["check", 200],
    ]);
    expect(logged()).toEqual([]);
    expect(lines.mock.calls.map(([entry]) => entry)).toContainEqual(
      expect.objectContaining({ level: "warn", msg: "limiter of another version", tenantId: world.tenant.id }),
    );
  });

  it("R033 of the version before does not bring a revoked key back", async () => {
    const tenant = await newTenant();
    await tenant.get("/v2/account");
    await env.CONTROL_DB.prepare("update credentials set revoked_at = 1 where id = ?").bind(tenant.keyId).run();
    const { env: bindings } = limiterEnv(async () => former);
    expect((await tenant.get("/v2/account", { env: bindings })).body.code).toBe("revoked_key");
  });
});

describe("credentials that change", () => {
  const revokeElsewhere = async (tenant: TestTenant, id: string) => {
    await env.CONTROL_DB.batch([
      env.CONTROL_DB.prepare("update credentials set revoked_at = 1 where id = ?").bind(id),
      env.CONTROL_DB.prepare("update tenants set credential_epoch = 2 where id = ?").bind(tenant.id),
    ]);
    await limiterOf(tenant).raiseEpoch(2);
  };
  const newKey = async (tenant: TestTenant) =>
    (await tenant.post("/v2/api-keys", { name: "Key", scopes: ["account:read"] })).body;
  const usedBy = async (tenant: TestTenant) =>
    usedOf(await take(limiterOf(tenant), { cost: 0, policies: [burst(1000)], epoch: 9 }))[0];

  it("R033 hot: a key that another isolate revoked is refused, and the request is not counted", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant);
    const use = () => call("GET", "/v2/account", { token: key.token });
    expect((await use()).status).toBe(200);
    await revokeElsewhere(tenant, key.id);
    expect((await use()).body.code).toBe("revoked_key");
    expect(await usedBy(tenant)).toBe(2);
  });

  it("R033 cold: a key that is revoked between the read and the limiter's answer is refused", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant);
    const { env: bindings, called } = limiterEnv(async (input, real) => {
      await revokeElsewhere(tenant, key.id);
      return real.take(input);
    });
    const { body } = await call("GET", "/v2/account", { token: key.token, env: bindings });
    expect([body.code, called]).toEqual(["revoked_key", ["take"]]);
    expect(await usedBy(tenant)).toBe(1);
  });

  it("R033 that are announced and not changed yet are read with each request, which counts once", async () => {
    const tenant = await newTenant();
    await tenant.get("/v2/account");
    await limiterOf(tenant).raiseEpoch(2);
    for (let round = 0; round < 2; round += 1) {
      const { env: bindings, called } = limiterEnv();
      expect((await tenant.get("/v2/account", { env: bindings })).status).toBe(200);
      expect(called).toEqual(["take", "take"]);
    }
    expect(await usedBy(tenant)).toBe(3);
  });
});
