import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { allScopes } from "../../src/services/scopes";
import { adminToken, asTenant, call, newTenant, type TestTenant } from "../support/api";

type Json = Record<string, any>;

afterEach(() => {
  vi.useRealTimers();
});

const working = (token: string) => call("GET", "/v2/account", { token });

async function newKey(tenant: TestTenant, scopes: string[], rest: Json = {}): Promise<TestTenant> {
  const { status, body, text } = await tenant.post("/v2/api-keys", { name: "Key", scopes, ...rest });
  expect(status, text).toBe(201);
  return asTenant(tenant.id, tenant.code, body.token, body.id);
}

describe("making API keys", () => {
  it("makes a key with a part of the scopes, and shows its token this once", async () => {
    const tenant = await newTenant();
    const { status, body } = await tenant.post("/v2/api-keys", {
      name: " Till ",
      scopes: ["passes:read", "account:read", "passes:read"],
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      object: "apiKey",
      name: "Till",
      scopes: ["passes:read", "account:read"],
      status: "active",
      expiresAt: null,
      lastUsedAt: null,
    });
    expect(body.token).toMatch(new RegExp(`^wp_test_${body.keyId}_[0-9A-Za-z]{49}$`));
    expect(body.keyId.startsWith(tenant.code)).toBe(true);
    expect((await working(body.token)).status).toBe(200);
    const { token: _, ...shown } = body;
    const { body: read, text } = await tenant.get(`/v2/api-keys/${body.id}`);
    expect({ ...read, lastUsedAt: null, lastUsedAddress: null }).toEqual(shown);
    expect(text).not.toContain(body.token.slice(-49));
    const { results } = await env.CONTROL_DB.prepare("select * from credentials where tenant_id = ?")
      .bind(tenant.id)
      .all();
    expect(JSON.stringify(results)).not.toContain(body.token.slice(-49));
  });

  it("a key cannot grant a scope that it lacks", async () => {
    const tenant = await newTenant();
    const clerk = await newKey(tenant, ["keys:manage", "passes:read"]);
    expect((await clerk.post("/v2/api-keys", { name: "Same", scopes: ["passes:read"] })).status).toBe(201);
    const refused = await clerk.post("/v2/api-keys", {
      name: "More",
      scopes: ["passes:read", "passes:write", "account:read"],
    });
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({
      code: "insufficient_scope",
      requiredScopes: ["passes:write", "account:read"],
    });
    expect((await tenant.get("/v2/api-keys")).body.data).toHaveLength(3);
  });

  it("a key cannot get a scope that it lacks by rotating a mightier key", async () => {
    const tenant = await newTenant();
    const clerk = await newKey(tenant, ["keys:manage", "account:read"]);
    const refused = await clerk.post(`/v2/api-keys/${tenant.keyId}/rotate`, {});
    expect(refused.status, refused.text.slice(0, 200)).toBe(403);
    expect(refused.body.code).toBe("insufficient_scope");
    expect(refused.body.requiredScopes).toEqual(
      allScopes.filter((scope) => !["keys:manage", "account:read"].includes(scope)),
    );
    const { body } = await tenant.get("/v2/api-keys");
    expect(body.data).toHaveLength(2);
    expect((await tenant.get(`/v2/api-keys/${tenant.keyId}`)).body).toMatchObject({ rotatedTo: null, expiresAt: null });
    expect((await clerk.post(`/v2/api-keys/${clerk.keyId}/rotate`, {})).status).toBe(201);
  });

  it("refuses an expiry in the past, and one without an offset", async () => {
    const tenant = await newTenant();
    for (const expiresAt of [
      "2020-01-01T00:00:00Z",
      new Date(Date.now() - 1000).toISOString(),
      "2099-01-01T00:00:00",
      "2099-01-01",
      "never",
    ]) {
      const refused = await tenant.post("/v2/api-keys", { name: "Dead", scopes: ["passes:read"], expiresAt });
      expect(refused.status, expiresAt).toBe(400);
      expect(refused.body.errors[0].pointer, expiresAt).toBe("#/expiresAt");
    }
    expect((await tenant.get("/v2/api-keys")).body.data).toHaveLength(1);
  });

  it("refuses unknown scopes, none, and unknown members, all at once", async () => {
    const tenant = await newTenant();
    const refused = await tenant.post("/v2/api-keys", { name: "", scopes: ["passes:read", "root"], keyId: "mine" });
    expect(refused.body.errors.map(({ pointer }: Json) => pointer).toSorted()).toEqual([
      "#/keyId",
      "#/name",
      "#/scopes/1",
    ]);
    expect((await tenant.post("/v2/api-keys", { name: "None", scopes: [] })).body.errors[0].pointer).toBe("#/scopes");
  });

  it("stops a key at its expiry, to the millisecond", async () => {
    const tenant = await newTenant();
    const expiresAt = "2040-01-01T00:00:00.000Z";
    const key = await newKey(tenant, ["account:read"], { expiresAt });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(expiresAt) - 1 });
    expect((await working(key.token)).status).toBe(200);
    vi.setSystemTime(Date.parse(expiresAt));
    expect((await working(key.token)).body.code).toBe("expired_key");
    expect((await tenant.get(`/v2/api-keys/${key.keyId}`)).body).toMatchObject({ status: "expired", expiresAt });
  });
});

describe("the use of API keys", () => {
  it("R031 lists when and from where each key was last used, at once and after an eviction", async () => {
    const tenant = await newTenant();
    const used = await newKey(tenant, ["account:read"]);
    const idle = await newKey(tenant, ["account:read"]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2040-05-01T10:00:00Z") });
    await used.get("/v2/account", { headers: { "cf-connecting-ip": "203.0.113.7" } });
    const listed = async () => {
      const { body } = await tenant.get("/v2/api-keys");
      return Object.fromEntries(
        body.data.map(({ id, lastUsedAt, lastUsedAddress }: Json) => [id, [lastUsedAt, lastUsedAddress]]),
      );
    };
    const expected = { [used.keyId]: ["2040-05-01T10:00:00.000Z", "203.0.113.7"], [idle.keyId]: [null, null] };
    expect(await listed()).toMatchObject(expected);
    await evictDurableObject(env.RATE_LIMITER.getByName(tenant.id));
    expect(await listed()).toMatchObject(expected);
    expect((await tenant.get(`/v2/api-keys/${used.keyId}`)).body).toMatchObject({
      lastUsedAt: "2040-05-01T10:00:00.000Z",
      lastUsedAddress: "203.0.113.7",
    });
  });
});

describe("rotating API keys", () => {
  it("makes a key of the same name and scopes; both work until the window ends", async () => {
    const tenant = await newTenant();
    const old = await newKey(tenant, ["account:read", "passes:read"]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2040-01-01T00:00:00Z") });
    const { status, body } = await tenant.post(`/v2/api-keys/${old.keyId}/rotate`, { windowSeconds: 3600 });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: "Key",
      scopes: ["account:read", "passes:read"],
      status: "active",
      expiresAt: null,
      rotatedTo: null,
    });
    expect(body.token).not.toBe(old.token);
    expect((await tenant.get(`/v2/api-keys/${old.keyId}`)).body).toMatchObject({
      status: "active",
      expiresAt: "2040-01-01T01:00:00.000Z",
      rotatedTo: body.id,
    });
    vi.setSystemTime(Date.parse("2040-01-01T00:59:59.999Z"));
    for (const token of [old.token, body.token]) expect((await working(token)).status).toBe(200);
    vi.setSystemTime(Date.parse("2040-01-01T01:00:00Z"));
    expect((await working(old.token)).body.code).toBe("expired_key");
    expect((await working(body.token)).status).toBe(200);
  });

  it("keeps the old key for a day unless told otherwise, and ends it at once with a window of 0", async () => {
    const tenant = await newTenant();
    const [day, now] = [await newKey(tenant, ["account:read"]), await newKey(tenant, ["account:read"])];
    for (const key of [day, now]) expect((await working(key.token)).status).toBe(200);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2040-01-01T00:00:00Z") });
    await tenant.post(`/v2/api-keys/${day.keyId}/rotate`, {});
    expect((await tenant.get(`/v2/api-keys/${day.keyId}`)).body.expiresAt).toBe("2040-01-02T00:00:00.000Z");
    const { body } = await tenant.post(`/v2/api-keys/${now.keyId}/rotate`, { windowSeconds: 0 });
    expect((await working(now.token)).body.code).toBe("expired_key");
    expect((await working(body.token)).status).toBe(200);
  });

  it("never lengthens the life of a key, and a key that expires has a successor that does", async () => {
    const tenant = await newTenant();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2040-01-01T00:00:00Z") });
    const expiresAt = "2040-01-01T00:10:00.000Z";
    const old = await newKey(tenant, ["account:read"], { expiresAt });
    const { body } = await tenant.post(`/v2/api-keys/${old.keyId}/rotate`, { windowSeconds: 3600 });
    expect(body.expiresAt).toBe(expiresAt);
    expect((await tenant.get(`/v2/api-keys/${old.keyId}`)).body.expiresAt).toBe(expiresAt);
  });

  it("a key that is rotated twice has a second successor that outlives the first window", async () => {
    const tenant = await newTenant();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2040-01-01T00:00:00Z") });
    const old = await newKey(tenant, ["account:read"]);
    await tenant.post(`/v2/api-keys/${old.keyId}/rotate`, { windowSeconds: 3600 });
    const { body } = await tenant.post(`/v2/api-keys/${old.keyId}/rotate`, { windowSeconds: 7200 });
    expect(body).toMatchObject({ status: "active", expiresAt: null });
    expect((await tenant.get(`/v2/api-keys/${old.keyId}`)).body).toMatchObject({
      expiresAt: "2040-01-01T01:00:00.000Z",
      rotatedTo: body.id,
    });
  });

  it("refuses a revoked key and windows of less than 0 or more than 30 days", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant, ["account:read"]);
    for (const windowSeconds of [-1, 30 * 86_400 + 1, 1.5, "60"]) {
      const refused = await tenant.post(`/v2/api-keys/${key.keyId}/rotate`, { windowSeconds });
      expect(refused.body.errors, String(windowSeconds)).toEqual([
        expect.objectContaining({ pointer: "#/windowSeconds" }),
      ]);
    }
    await tenant.delete(`/v2/api-keys/${key.keyId}`);
    const refused = await tenant.post(`/v2/api-keys/${key.keyId}/rotate`, {});
    expect(refused.status).toBe(409);
    expect(refused.body.code).toBe("key_revoked");
    expect((await tenant.get("/v2/api-keys")).body.data).toHaveLength(2);
  });
});

describe("revoking API keys", () => {
  it("stops the key with the next request, stays in the list, and a second time is the same", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant, ["account:read"]);
    expect((await working(key.token)).status).toBe(200);
    const first = await tenant.delete(`/v2/api-keys/${key.keyId}`);
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ status: "revoked", revokedAt: expect.any(String) });
    expect((await working(key.token)).body.code).toBe("revoked_key");
    const again = await tenant.delete(`/v2/api-keys/${key.keyId}`);
    expect(again.body.revokedAt).toBe(first.body.revokedAt);
    expect((await tenant.get("/v2/api-keys")).body.data.map(({ id, status }: Json) => [id, status])).toEqual(
      expect.arrayContaining([
        [key.keyId, "revoked"],
        [tenant.keyId, "active"],
      ]),
    );
  });

  it("the operator makes a key for a tenant that revoked its own last one", async () => {
    const tenant = await newTenant();
    expect((await tenant.delete(`/v2/api-keys/${tenant.keyId}`)).status).toBe(200);
    expect((await working(tenant.token)).status).toBe(401);
    const { status, body } = await call("POST", `/admin/tenants/${tenant.id}/api-keys`, {
      token: adminToken,
      body: { name: "Recovered" },
    });
    expect(status).toBe(201);
    expect(body.scopes).toEqual(allScopes);
    expect((await working(body.token)).status).toBe(200);
  });
});
