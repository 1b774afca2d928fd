import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ghostIds } from "../openapi/operations";
import { adminToken, asTenant, call, newPass, newTenant, type TestTenant } from "../support/api";
import { burst, limiterEnv, limiterOf, take } from "../support/limiter";

const start = Date.parse("2040-03-10T12:00:00Z");
const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

const from = (address: string) => ({ headers: { "cf-connecting-ip": address } });
const nothing = "/v2/nothing";

async function newKey(tenant: TestTenant): Promise<TestTenant & { publicId: string }> {
  const { status, body } = await tenant.post("/v2/api-keys", { name: "Till", scopes: ["account:read"] });
  expect(status).toBe(201);
  return { ...asTenant(tenant.id, tenant.code, body.token, body.id), publicId: body.keyId };
}

const usageOf = (tenant: TestTenant, id: string) => tenant.get(`/v2/api-keys/${id}/usage`);

const unusual = async (tenant: TestTenant) => {
  const { data } = (await tenant.get("/v2/events?limit=100")).body;
  return data.filter(({ type }: { type: string }) => type === "key.unusual_usage");
};

describe("the usage of API keys", () => {
  it("R031 tells the requests of each of the last 30 days and the addresses, newest first", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant);
    vi.setSystemTime(start - 29 * day);
    await key.get(nothing, from("203.0.113.1"));
    vi.setSystemTime(start - day);
    for (let count = 0; count < 3; count += 1) await key.get(nothing, from("2001:db8:1:2::a"));
    vi.setSystemTime(start);
    await key.get(nothing, from("2001:db8:1:2:ffff::b"));
    await key.get(nothing);
    const { status, body } = await usageOf(tenant, key.keyId);
    expect(status).toBe(200);
    expect(body).toMatchObject({ object: "apiKeyUsage", id: key.keyId });
    expect(body.days).toHaveLength(30);
    expect(body.days[0]).toEqual({ date: "2040-03-10", requests: 2 });
    expect(body.days[1]).toEqual({ date: "2040-03-09", requests: 3 });
    expect(body.days[29]).toEqual({ date: "2040-02-10", requests: 1 });
    expect(body.days.slice(2, 29).every(({ requests }: { requests: number }) => requests === 0)).toBe(true);
    expect(body.addresses).toEqual([
      {
        address: "2001:db8:1:2::/64",
        firstSeenAt: "2040-03-09T12:00:00.000Z",
        lastSeenAt: "2040-03-10T12:00:00.000Z",
      },
      { address: "203.0.113.1", firstSeenAt: "2040-02-10T12:00:00.000Z", lastSeenAt: "2040-02-10T12:00:00.000Z" },
    ]);
  });

  it("R031 is of a key that was never used nothing, and of no key 404", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant);
    const { body } = await usageOf(tenant, key.keyId);
    expect([body.addresses, body.days.length]).toEqual([[], 30]);
    expect((await usageOf(tenant, ghostIds.key)).status).toBe(404);
    expect((await usageOf(await newTenant(), key.keyId)).status).toBe(404);
    expect((await usageOf(key, key.keyId)).body.code).toBe("insufficient_scope");
  });

  it("R031 leaves the last use of a key known when the limiter was evicted, idle as it is", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant);
    vi.setSystemTime(start + 2 * second);
    await key.get(nothing, from("203.0.113.7"));
    await evictDurableObject(limiterOf(tenant));
    expect((await tenant.get(`/v2/api-keys/${key.keyId}`)).body).toMatchObject({
      lastUsedAt: "2040-03-10T12:00:02.000Z",
      lastUsedAddress: "203.0.113.7",
    });
  });
});

describe("unusual usage", { timeout: 20_000 }, () => {
  it("R031 from an address that is new to a key makes an event, once an hour", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant);
    await key.get(nothing, from("203.0.113.1"));
    expect(await unusual(tenant)).toEqual([]);
    const { headers } = await key.get(nothing, from("203.0.113.2"));
    await key.get(nothing, from("203.0.113.3"));
    const events = await unusual(tenant);
    expect(events).toMatchObject([
      {
        type: "key.unusual_usage",
        passId: null,
        data: {
          keyId: key.keyId,
          reasons: ["new_address"],
          address: "203.0.113.2",
          requestsThisHour: 2,
          hourlyMean: 0,
        },
        actor: "system",
        requestId: headers.get("x-request-id"),
        createdAt: "2040-03-10T12:00:00.000Z",
      },
    ]);
    vi.setSystemTime(start + hour);
    // What was new in an hour that had its event is told in the next, whoever comes then.
    const addresses = async () => (await unusual(tenant)).map(({ data }: any) => data.address);
    await limiterOf(tenant).lastUses();
    await evictDurableObject(limiterOf(tenant));
    await key.get(nothing, from("203.0.113.1"));
    expect(await addresses()).toEqual(["203.0.113.3", "203.0.113.2"]);
    await key.get(nothing, from("203.0.113.4"));
    vi.setSystemTime(start + 2 * hour);
    await key.get(nothing, from("203.0.113.1"));
    expect(await addresses()).toEqual(["203.0.113.4", "203.0.113.3", "203.0.113.2"]);
    vi.setSystemTime(start + 3 * hour);
    await key.get(nothing, from("203.0.113.4"));
    expect(await addresses()).toHaveLength(3);
  });

  it("R031 is written after the request was handled", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    await tenant.get(nothing, from("203.0.113.1"));
    const asked: string[] = [];
    const noting = (name: "CONTROL_DB" | "DATA_DB") =>
      new Proxy(env[name], {
        get: (database, method: keyof D1Database) => {
          asked.push(name);
          return database[method].bind(database);
        },
      });
    const bindings = { ...env, CONTROL_DB: noting("CONTROL_DB"), DATA_DB: noting("DATA_DB") };
    expect((await tenant.get(`/v2/passes/${pass.id}`, { ...from("203.0.113.2"), env: bindings })).status).toBe(200);
    // The ids of keys are in the control database.
    expect(asked.indexOf("CONTROL_DB")).toBeGreaterThan(0);
    const afterwards = asked.slice(asked.indexOf("CONTROL_DB"));
    await tenant.get(nothing, from("203.0.113.2"));
    expect([afterwards, (await unusual(tenant)).length]).toEqual([["CONTROL_DB", "DATA_DB", "DATA_DB"], 1]);
  });

  it("R031 is written of a refused request, too", async () => {
    const tenant = await newTenant({ limits: { requestsPerMinute: 1 } });
    await tenant.get(nothing, from("203.0.113.1"));
    expect((await tenant.get(nothing, from("203.0.113.2"))).status).toBe(429);
    vi.setSystemTime(start + minute);
    expect(await unusual(tenant)).toMatchObject([{ data: { address: "203.0.113.2", requestsThisHour: 1 } }]);
  });

  it("R031 from another host of the same IPv6 network is usual", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant);
    await key.get(nothing, from("2001:db8:1:2::a"));
    await key.get(nothing, from("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    expect(await unusual(tenant)).toEqual([]);
    await key.get(nothing, from("2001:db8:1:3::a"));
    expect(await unusual(tenant)).toHaveLength(1);
  });

  it("R031 by many more requests than before makes an event, one of many at once", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant);
    await Promise.all(Array.from({ length: 99 }, () => key.get(nothing)));
    expect(await unusual(tenant)).toEqual([]);
    await Promise.all(Array.from({ length: 50 }, () => key.get(nothing)));
    expect((await unusual(tenant)).map(({ data }: any) => data)).toEqual([
      { keyId: key.keyId, reasons: ["many_requests"], address: null, requestsThisHour: 100, hourlyMean: 0 },
    ]);
  });

  it("R031 of the days before makes requests usual", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant);
    vi.setSystemTime(start - day);
    const before = { keyId: key.publicId, policies: [burst(100_000)], address: null, network: null };
    await Promise.all(Array.from({ length: 240 }, () => take(limiterOf(tenant), before)));
    vi.setSystemTime(start - day + minute);
    await tenant.get(nothing);
    const [{ id }] = await unusual(tenant);
    vi.setSystemTime(start);
    for (let count = 0; count < 100; count += 1) await key.get(nothing);
    expect((await unusual(tenant)).map((event: { id: string }) => event.id)).toEqual([id]);
    await key.get(nothing);
    const [newest] = await unusual(tenant);
    expect(newest.data).toMatchObject({ reasons: ["many_requests"], requestsThisHour: 101, hourlyMean: 10 });
  });

  it("R031 is written by a later request if the ledger was away, and once only", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant);
    await key.get(nothing, from("203.0.113.1"));
    const away = () => {
      throw new Error("away");
    };
    const broken = { ...env, DATA_DB: { prepare: away, batch: away } } as unknown as Cloudflare.Env;
    await key.get(nothing, { ...from("203.0.113.2"), env: broken });
    vi.setSystemTime(start + 2 * second);
    await tenant.get(nothing);
    expect(await unusual(tenant)).toEqual([]);
    await evictDurableObject(limiterOf(tenant));
    await tenant.get(nothing);
    expect((await unusual(tenant)).map(({ data }: any) => data.keyId)).toEqual([key.keyId]);
    vi.setSystemTime(start + minute);
    for (let count = 0; count < 3; count += 1) await tenant.get(nothing);
    expect(await unusual(tenant)).toHaveLength(1);
  });

  it("R031 is written once though the limiter does not hear that it was", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant);
    await key.get(nothing, from("203.0.113.1"));
    const { env: real } = limiterEnv();
    const deaf = {
      ...real,
      RATE_LIMITER: {
        getByName: (name: string) => ({
          take: (input: never) => env.RATE_LIMITER.getByName(name).take(input),
          acknowledge: () => Promise.reject(new Error("away")),
        }),
      },
    } as unknown as Cloudflare.Env;
    await key.get(nothing, { ...from("203.0.113.2"), env: deaf });
    vi.setSystemTime(start + minute);
    const { env: bindings, called } = limiterEnv();
    await key.get(nothing, { env: bindings });
    expect(called).toEqual(["take", "acknowledge"]);
    expect(await unusual(tenant)).toHaveLength(1);
  });

  it("R226 leaves nothing behind of an account that is deleted meanwhile", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant);
    await key.get(nothing, from("203.0.113.1"));
    const { env: bindings } = limiterEnv(async (input, real) => {
      const taken = await real.take(input);
      await call("DELETE", `/admin/tenants/${tenant.id}`, { token: adminToken });
      return taken;
    });
    await key.get(nothing, { ...from("203.0.113.2"), env: bindings });
    const row = await env.DATA_DB.prepare(
      "select count(*) as rows from events where tenant_id = ? and type = 'key.unusual_usage'",
    )
      .bind(tenant.id)
      .first();
    expect(row).toEqual({ rows: 0 });
  });
});
