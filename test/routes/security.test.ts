import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { crc32 } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { clearIsolateCaches } from "../../src/db/isolate-cache";
import { base62Number } from "../../src/db/ids";
import { hashSecret, parseApiKey } from "../../src/db/tokens";
import { allScopes } from "../../src/services/scopes";
import { allOperations, exampleRequest, newWorld, productionEnv, send } from "../openapi/operations";
import { adminToken, app, baseUrl, call, newTenant, type Answer, type TestTenant } from "../support/api";
import { countingEnv } from "../support/costs";
import { limiterOf, take, usedOf } from "../support/limiter";

afterEach(() => {
  vi.useRealTimers();
});

const codeOf = ({ body }: Answer): string => body.code;

async function newKey(
  tenant: TestTenant,
  scopes: string[] = allScopes,
): Promise<{ id: string; keyId: string; token: string }> {
  const { status, body, text } = await tenant.post("/v2/api-keys", { name: "Another key", scopes });
  expect(status, text).toBe(201);
  return body;
}

const use = (token: string, headers: Record<string, string> = {}) => call("GET", "/v2/account", { token, headers });

/** The token with `change` applied to its random part, and a checksum that fits again. */
function forged(token: string, change: (random: string) => string): string {
  const [, mode, keyId, secret] = token.split("_") as [string, string, string, string];
  const body = `${keyId}_${change(secret.slice(0, 43))}`;
  return `wp_${mode}_${body}${base62Number(crc32(body), 6)}`;
}

describe("the bearer token", { timeout: 20_000 }, () => {
  it("R033 is taken in the Authorization header, whatever the case of its scheme", async () => {
    const { token } = await newTenant();
    for (const scheme of ["Bearer", "bearer", "BEARER", "bEaReR"]) {
      const { status } = await call("GET", "/v2/account", { headers: { authorization: `${scheme} ${token}` } });
      expect(status, scheme).toBe(200);
    }
  });

  it("R033 is refused under any other scheme and in any other place", async () => {
    const { token } = await newTenant();
    const basic = btoa(`${token}:`);
    for (const authorization of [
      token,
      `Basic ${basic}`,
      `Token ${token}`,
      "Bearer",
      "Bearer ",
      `Bearer: ${token}`,
      `xBearer ${token}`,
    ]) {
      const answer = await call("GET", "/v2/account", { headers: { authorization } });
      expect(answer.status, authorization).toBe(401);
      expect(codeOf(answer), authorization).toBe("missing_token");
      expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="wepass"');
    }
    for (const name of ["access_token", "api_key", "apiKey", "key", "token"]) {
      const answer = await call("GET", `/v2/account?${name}=${token}`);
      expect(codeOf(answer), name).toBe("missing_token");
    }
    for (const headers of [
      { "x-api-key": token },
      { cookie: `token=${token}` },
      { "proxy-authorization": `Bearer ${token}` },
    ]) {
      expect(codeOf(await call("GET", "/v2/account", { headers }))).toBe("missing_token");
    }
  });

  it("R032 is refused before any database is asked if it was not copied whole", async () => {
    const { token } = await newTenant();
    const damaged = [
      token.slice(0, -1),
      `${token}A`,
      token.slice(0, 40),
      token.replace("wp_test_", "wp_prod_"),
      token.toLowerCase(),
      // One character of the secret, of the key id and of the checksum.
      token.slice(0, 40) + (token[40] === "x" ? "y" : "x") + token.slice(41),
      token.slice(0, 10) + (token[10] === "7" ? "8" : "7") + token.slice(11),
      token.slice(0, -1) + (token.at(-1) === "0" ? "1" : "0"),
      "x".repeat(5000),
      "'+or+1=1+--",
    ];
    for (const wrong of damaged) {
      const { env: counted, costs } = countingEnv();
      const answer = await call("GET", "/v2/account", { token: wrong, env: counted });
      expect(answer.status).toBe(401);
      expect(codeOf(answer), wrong).toBe("malformed_token");
      expect(costs.reads).toBe(0);
    }
  });

  it("R033 is refused with a wrong secret, whose checksum is right, hot and cold", async () => {
    const { token } = await newTenant();
    const other = forged(token, (random) => (random.startsWith("a") ? "b" : "a") + random.slice(1));
    expect(parseApiKey(other)).not.toBeNull();
    expect(codeOf(await use(other))).toBe("unknown_key");
    expect((await use(token)).status).toBe(200);
    const { env: counted, costs } = countingEnv();
    expect(codeOf(await call("GET", "/v2/account", { token: other, env: counted }))).toBe("unknown_key");
    expect(costs.reads).toBe(0);
    expect((await use(token)).status).toBe(200);
  });

  it("R033 never costs the tenant's quota if its secret is wrong", async () => {
    const tenant = await newTenant();
    const other = forged(tenant.token, (random) => random.split("").reverse().join(""));
    for (let attempt = 0; attempt < 5; attempt += 1) expect(codeOf(await use(other))).toBe("unknown_key");
    expect(usedOf(await take(limiterOf(tenant), { cost: 0, keyId: "x" }))).toEqual([0, 0]);
  });

  it("R040 is refused in the other environment, both ways, before it is looked up", async () => {
    const sandbox = await newTenant();
    const { body } = await call("POST", "/admin/tenants", {
      token: adminToken,
      body: { name: "Live" },
      env: productionEnv,
    });
    const live: string = body.apiKey.token;
    expect(sandbox.token).toMatch(/^wp_test_/);
    expect(live).toMatch(/^wp_live_/);
    expect((await call("GET", "/v2/account", { token: live, env: productionEnv })).body.environment).toBe("production");
    for (const [token, where] of [
      [sandbox.token, productionEnv],
      [live, env],
    ] as const) {
      const answer = await call("GET", "/v2/account", { token, env: where });
      expect(answer.status).toBe(401);
      expect(codeOf(answer)).toBe("key_environment_mismatch");
    }
  });

  it("R040 does not work in the other environment with its prefix exchanged", async () => {
    const { token } = await newTenant();
    const exchanged = token.replace("wp_test_", "wp_live_");
    expect(codeOf(await call("GET", "/v2/account", { token: exchanged }))).toBe("key_environment_mismatch");
    expect(codeOf(await call("GET", "/v2/account", { token: exchanged, env: productionEnv }))).toBe("unknown_key");
  });

  it("R033 is asked for by every operation but the public ones", async () => {
    const world = await newWorld();
    for (const operation of await allOperations()) {
      const request = exampleRequest(operation, world);
      const answer = await send({ ...request, token: null });
      // What else a public one may miss here is not the matter.
      if (operation.access === "public") expect(codeOf(answer), operation.id).not.toBe("missing_token");
      else expect(codeOf(answer), operation.id).toBe("missing_token");
    }
  });
});

describe("scopes", { timeout: 20_000 }, () => {
  it.each(allScopes.map((scope) => [scope]))(
    "R028 R037 of %s alone let a key do what it names and nothing else",
    async (scope) => {
      const world = await newWorld();
      const { token } = await newKey(world.tenant, [scope]);
      for (const operation of (await allOperations()).filter(({ access }) => access === "key")) {
        // An empty body is refused or not, but never for its scope.
        const answer = await send({
          ...exampleRequest(operation, world),
          token,
          body: operation.spec.requestBody && {},
        });
        const lacking = answer.body?.code === "insufficient_scope";
        expect(lacking, `${operation.id} with ${scope}`).toBe(!operation.spec["x-required-scopes"].includes(scope));
      }
    },
  );

  it("R037 cannot be handed on by a key that lacks them", async () => {
    const tenant = await newTenant();
    const { token } = await newKey(tenant, ["keys:manage", "passes:read"]);
    const body = { name: "More than mine", scopes: ["passes:read", "passes:write", "templates:write"] };
    const answer = await call("POST", "/v2/api-keys", { token, body });
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({
      code: "insufficient_scope",
      requiredScopes: ["passes:write", "templates:write"],
    });
    expect(answer.headers.get("www-authenticate")).toContain('scope="passes:write templates:write"');
    const same = await call("POST", "/v2/api-keys", { token, body: { name: "As mine", scopes: ["passes:read"] } });
    expect(same.body.scopes).toEqual(["passes:read"]);
  });

  it("R037 are kept by rotation", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant, ["passes:read"]);
    const { body } = await tenant.post(`/v2/api-keys/${key.id}/rotate`, {});
    expect(body.scopes).toEqual(["passes:read"]);
    expect(codeOf(await use(body.token))).toBe("insufficient_scope");
  });
});

describe("an account", () => {
  it("is refused while suspended, though its key is hot, and let in again after", async () => {
    const tenant = await newTenant();
    expect((await use(tenant.token)).status).toBe(200);
    const set = (status: string) =>
      call("PATCH", `/admin/tenants/${tenant.id}`, { token: adminToken, body: { status } });
    expect((await set("suspended")).status).toBe(200);
    const refused = await use(tenant.token);
    expect(refused.status).toBe(403);
    expect(codeOf(refused)).toBe("tenant_suspended");
    expect((await set("active")).status).toBe(200);
    expect((await use(tenant.token)).status).toBe(200);
  });

  it("is unknown once deleted, though its key is hot, and so are its links", async () => {
    const { tenant, ids } = await newWorld();
    expect((await use(tenant.token)).status).toBe(200);
    expect((await call("GET", `/p/${ids.link}`)).status).toBe(200);
    expect((await call("DELETE", `/admin/tenants/${tenant.id}`, { token: adminToken })).status).toBe(202);
    expect(codeOf(await use(tenant.token))).toBe("unknown_key");
    clearIsolateCaches();
    expect(codeOf(await use(tenant.token))).toBe("unknown_key");
    expect((await call("GET", `/p/${ids.link}`)).status).toBe(404);
    expect((await call("GET", `/p/${ids.link}/apple`)).status).toBe(404);
  });

  it("closes its links while suspended", async () => {
    const { tenant, ids } = await newWorld();
    await call("PATCH", `/admin/tenants/${tenant.id}`, { token: adminToken, body: { status: "suspended" } });
    for (const path of [`/p/${ids.link}`, `/p/${ids.link}/apple`, `/p/${ids.link}/google`])
      expect((await call("GET", path)).status).toBe(404);
  });
});

describe("revocation", () => {
  it("R029 stops a key at once, although it is hot in the isolate's cache", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant);
    expect((await use(key.token)).status).toBe(200);
    const { env: counted, costs } = countingEnv();
    expect((await call("GET", "/v2/events", { token: key.token, env: counted })).status).toBe(200);
    // Hot: the one read is the list itself.
    expect(costs.reads).toBe(1);

    const revoked = await tenant.delete(`/v2/api-keys/${key.id}`);
    expect(revoked.body).toMatchObject({ status: "revoked", id: key.id });
    expect(revoked.body.revokedAt).not.toBeNull();
    const refused = await use(key.token);
    expect(refused.status).toBe(401);
    expect(codeOf(refused)).toBe("revoked_key");
    clearIsolateCaches();
    expect(codeOf(await use(key.token))).toBe("revoked_key");
  });

  it("R029 works on the key that asks for it, and a second time changes nothing", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant);
    expect((await call("DELETE", `/v2/api-keys/${key.id}`, { token: key.token })).status).toBe(200);
    expect(codeOf(await call("DELETE", `/v2/api-keys/${key.id}`, { token: key.token }))).toBe("revoked_key");
    const first = await tenant.get(`/v2/api-keys/${key.id}`);
    const again = await tenant.delete(`/v2/api-keys/${key.id}`);
    expect(again.body.revokedAt).toBe(first.body.revokedAt);
  });

  it("R029 says that a key was revoked only to who has its secret", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant);
    await tenant.delete(`/v2/api-keys/${key.id}`);
    expect(codeOf(await use(forged(key.token, (random) => random.split("").reverse().join(""))))).toBe("unknown_key");
  });
});

describe("rotation", () => {
  it("R030 lets old and new key work together until the window ends", async () => {
    const tenant = await newTenant();
    const old = await newKey(tenant);
    const { status, body: fresh } = await tenant.post(`/v2/api-keys/${old.id}/rotate`, { windowSeconds: 3600 });
    expect(status).toBe(201);
    expect(fresh.token).not.toBe(old.token);
    expect((await use(old.token)).status).toBe(200);
    expect((await use(fresh.token)).status).toBe(200);
    const shown = await tenant.get(`/v2/api-keys/${old.id}`);
    expect(shown.body).toMatchObject({ status: "active", rotatedTo: fresh.id });
    const end = Date.parse(shown.body.expiresAt);
    expect(end - Date.parse(fresh.createdAt)).toBe(3_600_000);

    vi.useFakeTimers({ toFake: ["Date"], now: end - 1 });
    expect((await use(old.token)).status).toBe(200);
    vi.setSystemTime(end);
    const refused = await use(old.token);
    expect(refused.status).toBe(401);
    expect(codeOf(refused)).toBe("expired_key");
    expect((await use(fresh.token)).status).toBe(200);
    expect((await tenant.get(`/v2/api-keys/${old.id}`)).body.status).toBe("expired");
  });

  it("R030 ends the old key at once with a window of 0, although it is hot", async () => {
    const tenant = await newTenant();
    const old = await newKey(tenant);
    expect((await use(old.token)).status).toBe(200);
    const { body: fresh } = await tenant.post(`/v2/api-keys/${old.id}/rotate`, { windowSeconds: 0 });
    expect(codeOf(await use(old.token))).toBe("expired_key");
    expect((await use(fresh.token)).status).toBe(200);
  });

  it("R030 never prolongs a key that ends sooner than the window", async () => {
    const tenant = await newTenant();
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const { body: old } = await tenant.post("/v2/api-keys", { name: "Soon gone", scopes: ["passes:read"], expiresAt });
    await tenant.post(`/v2/api-keys/${old.id}/rotate`, { windowSeconds: 86_400 });
    expect((await tenant.get(`/v2/api-keys/${old.id}`)).body.expiresAt).toBe(expiresAt);
  });

  it("R032 ends a key at its expiresAt", async () => {
    const tenant = await newTenant();
    const end = Date.now() + 60_000;
    const body = { name: "For a minute", scopes: ["account:read"], expiresAt: new Date(end).toISOString() };
    const { body: key } = await tenant.post("/v2/api-keys", body);
    expect((await use(key.token)).status).toBe(200);
    vi.useFakeTimers({ toFake: ["Date"], now: end });
    expect(codeOf(await use(key.token))).toBe("expired_key");
  });
});

describe("the use of a key", () => {
  it("R031 is shown with its time and address", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant);
    expect((await tenant.get(`/v2/api-keys/${key.id}`)).body).toMatchObject({
      lastUsedAt: null,
      lastUsedAddress: null,
    });
    const from = Date.now();
    await use(key.token, { "cf-connecting-ip": "203.0.113.9" });
    await use(key.token, { "cf-connecting-ip": "2001:db8::17" });
    const { body } = await tenant.get(`/v2/api-keys/${key.id}`);
    expect(body.lastUsedAddress).toBe("2001:db8::17");
    expect(Date.parse(body.lastUsedAt)).toBeGreaterThanOrEqual(from);
    expect(Date.parse(body.lastUsedAt)).toBeLessThanOrEqual(Date.now());
    const listed = (await tenant.get("/v2/api-keys")).body.data.find(({ id }: { id: string }) => id === key.id);
    expect(listed).toEqual(body);
  });

  it("R031 is not noted for a wrong secret, nor taken from a header that anybody can send", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant);
    await use(key.token, { "cf-connecting-ip": "203.0.113.9" });
    await use(
      forged(key.token, (random) => random.split("").reverse().join("")),
      { "cf-connecting-ip": "198.51.100.66" },
    );
    await use(key.token, {
      "cf-connecting-ip": "203.0.113.9",
      "x-forwarded-for": "198.51.100.66",
      "x-real-ip": "198.51.100.66",
    });
    expect((await tenant.get(`/v2/api-keys/${key.id}`)).body.lastUsedAddress).toBe("203.0.113.9");
  });
});

describe("secrets", () => {
  it("R026 are shown once and stored as hashes only", async () => {
    const tenant = await newTenant();
    const key = await newKey(tenant);
    const rotated = (await tenant.post(`/v2/api-keys/${key.id}/rotate`, {})).body;
    const secrets = [tenant.token, key.token, rotated.token].map((token) => parseApiKey(token)!.secret);
    const hashes = await Promise.all([tenant.token, key.token, rotated.token].map(hashSecret));
    const { results } = await env.CONTROL_DB.prepare("select * from credentials where tenant_id = ?")
      .bind(tenant.id)
      .all<{ secret_hash: string }>();
    expect(results.map(({ secret_hash }) => secret_hash).toSorted()).toEqual(hashes.toSorted());
    for (const secret of secrets) expect(JSON.stringify(results)).not.toContain(secret.slice(0, 20));

    const answers = [
      await tenant.get("/v2/api-keys"),
      await tenant.get(`/v2/api-keys/${key.id}`),
      await tenant.delete(`/v2/api-keys/${key.id}`),
      await tenant.get("/v2/account"),
      await tenant.get("/v2/events"),
      await call("GET", `/admin/tenants/${tenant.id}`, { token: adminToken }),
    ];
    for (const { status, text, body } of answers) {
      expect(status).toBe(200);
      for (const hidden of [...secrets, ...hashes]) expect(text).not.toContain(hidden.slice(0, 20));
      expect(body).not.toHaveProperty("token");
      expect(body).not.toHaveProperty("secretHash");
    }
  });

  it("R026 never reach an answer of a pass, nor does Apple's authentication token", async () => {
    const { tenant, ids } = await newWorld();
    const row = await env.DATA_DB.prepare("select authentication_token from passes where id = ?")
      .bind(ids.pass)
      .first<{ authentication_token: string }>();
    for (const path of ["", "/projections", "/preview", "/versions"]) {
      const { status, text } = await tenant.get(`/v2/passes/${ids.pass}${path}`);
      expect(status).toBe(200);
      expect(text).not.toContain(row!.authentication_token);
      expect(text).not.toContain(parseApiKey(tenant.token)!.secret);
    }
  });

  it("refuses every admin token but the one, of whatever length", async () => {
    const wrong = [
      adminToken.slice(0, -1),
      `${adminToken}x`,
      adminToken.slice(1),
      adminToken.toUpperCase(),
      "x",
      "x".repeat(5000),
      adminToken.slice(0, -1) + "x",
    ];
    for (const token of wrong) {
      const answer = await call("GET", "/admin/status", { token });
      expect(answer.status).toBe(401);
      expect(codeOf(answer), token.slice(0, 40)).toBe("invalid_admin_token");
      expect(answer.text).not.toContain(adminToken);
    }
    expect((await call("GET", "/admin/status", { token: adminToken })).status).toBe(200);
  });

  it("does not take the admin token for an API key, nor an API key for it", async () => {
    const { token } = await newTenant();
    expect(codeOf(await call("GET", "/v2/account", { token: adminToken }))).toBe("malformed_token");
    expect(codeOf(await call("GET", "/admin/status", { token }))).toBe("invalid_admin_token");
  });

  it("lets nobody in as operator where no ADMIN_TOKEN is set", async () => {
    for (const ADMIN_TOKEN of ["", undefined]) {
      const unset = { ...env, ADMIN_TOKEN } as unknown as Cloudflare.Env;
      for (const token of ["undefined", "null", "x"]) {
        expect(codeOf(await call("GET", "/admin/status", { token, env: unset }))).toBe("invalid_admin_token");
      }
      expect(codeOf(await call("GET", "/admin/status", { headers: { authorization: "Bearer " }, env: unset }))).toBe(
        "missing_token",
      );
    }
  });
});

/** A request outside the document, such as a redirect of the transport. */
async function fetchRaw(url: string, where: Cloudflare.Env, init: RequestInit = {}): Promise<Response> {
  const ctx = createExecutionContext();
  const response = await app.fetch(new Request(url, init), where, ctx);
  await waitOnExecutionContext(ctx);
  return response;
}

const plain = baseUrl.replace("https:", "http:");

describe("transport", () => {
  it("R002 redirects pages and links from plain HTTP to the public origin", async () => {
    for (const path of [
      "/",
      "/docs",
      "/p/K7X2M9QAh4nT0pQ2wX8yZ6bV?a=b",
      "/images/K7X2M9QA/img_01JGFJJZ00CEXQ1RD5D6W0KQYV.png",
      "/problems/not-found",
    ]) {
      for (const method of ["GET", "HEAD"]) {
        const response = await fetchRaw(`http://elsewhere.example.net${path}`, productionEnv, { method });
        expect(response.status, path).toBe(308);
        expect(response.headers.get("location")).toBe(`${baseUrl}${path}`);
        expect(response.headers.has("strict-transport-security")).toBe(false);
      }
    }
  });

  it("R002 refuses the API over plain HTTP, with a good key and before it is looked at", async () => {
    const { body } = await call("POST", "/admin/tenants", {
      token: adminToken,
      body: { name: "Live" },
      env: productionEnv,
    });
    for (const [path, token] of [
      ["/v2/account", body.apiKey.token],
      ["/v2/account", null],
      ["/v2/openapi.json", null],
      ["/v2", null],
      ["/admin/status", adminToken],
    ] as const) {
      const { env: counted, costs } = countingEnv();
      const where = { ...counted, ENVIRONMENT: "production" } as unknown as Cloudflare.Env;
      const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
      const response = await fetchRaw(`${plain}${path}`, where, { headers });
      expect(response.status, path).toBe(403);
      expect(response.headers.has("location")).toBe(false);
      expect(await response.json()).toMatchObject({ code: "https_required" });
      expect(costs.reads + costs.writeBatches).toBe(0);
    }
  });

  it("R002 refuses to redirect what is no reading", async () => {
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
      const response = await fetchRaw(`${plain}/p/K7X2M9QAh4nT0pQ2wX8yZ6bV`, productionEnv, { method });
      expect(response.status, method).toBe(403);
    }
  });

  it("R002 sends HSTS with every answer over HTTPS in production, refusals and faults included, and never in a sandbox", async () => {
    const { body } = await call("POST", "/admin/tenants", {
      token: adminToken,
      body: { name: "Live" },
      env: productionEnv,
    });
    const broken = { ...productionEnv, CONTROL_DB: {} } as unknown as Cloudflare.Env;
    const cases: [string, number, string | null, RequestInit["method"]?, Cloudflare.Env?][] = [
      ["/docs", 200, null],
      ["/v2/account", 200, body.apiKey.token],
      ["/v2/account", 401, null],
      ["/v2/account", 405, body.apiKey.token, "DELETE"],
      ["/nothing", 404, null],
      ["/p/K7X2M9QAh4nT0pQ2wX8yZ6bV", 404, null],
      ["/problems/not-found", 200, null],
      ["/p/K7X2M9QAh4nT0pQ2wX8yZ6bV", 500, null, "GET", broken],
    ];
    for (const [path, status, token, method = "GET", where = productionEnv] of cases) {
      const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
      const response = await fetchRaw(`${baseUrl}${path}`, where, { method, headers });
      expect(response.status, path).toBe(status);
      expect(response.headers.get("strict-transport-security"), `${path} ${status}`).toMatch(
        /^max-age=(\d{8,}); includeSubDomains$/,
      );
    }
    const { token } = await newTenant();
    for (const path of ["/", "/v2/account", "/nothing"]) {
      const { headers } = await call("GET", path, { token });
      expect(headers.has("strict-transport-security"), path).toBe(false);
    }
  });

  it("R002 does not believe a header that says how the request came", async () => {
    const headers = { "x-forwarded-proto": "https", "x-forwarded-ssl": "on", forwarded: "proto=https" };
    const response = await fetchRaw(`${plain}/v2/account`, productionEnv, { headers });
    expect(response.status).toBe(403);
  });

  it("sends no CORS headers from the API, and forbids sniffing and framing", async () => {
    const { token } = await newTenant();
    const { headers } = await call("GET", "/v2/account", { token, headers: { origin: "https://evil.example" } });
    expect([...headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-frame-options")).toBe("SAMEORIGIN");
    expect(headers.get("cache-control")).toBe("no-store");
    const preflight = await fetchRaw(`${baseUrl}/v2/account`, env, {
      method: "OPTIONS",
      headers: { origin: "https://evil.example", "access-control-request-method": "GET" },
    });
    expect(preflight.status).toBeGreaterThanOrEqual(400);
    expect([...preflight.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
  });
});
