import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { buildContext } from "../../src/context";
import { idPattern } from "../../src/db/ids";
import type { RequestLog } from "../../src/durable-objects/request-log";
import { purgeTenantSlice } from "../../src/services/tenants/purge";
import { adminToken, call, newPass, newTenant, type TestTenant } from "../support/api";
import { countingEnv } from "../support/costs";

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

const logOf = async (tenant: TestTenant, query = "") => (await tenant.get(`/v2/request-logs${query}`)).body.data;

/** What every entry of a tenant's first key has. */
const common = (tenant: TestTenant) => ({
  object: "request",
  id: expect.stringMatching(idPattern("req")),
  durationMs: expect.any(Number),
  keyId: tenant.keyId,
  traceId: expect.stringMatching(/^[\da-f]{32}$/),
  idempotentReplayed: false,
  createdAt: expect.any(String),
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("GET /v2/request-logs", () => {
  it("R220 lists each request of the tenant's keys, whatever it was answered, the newest first", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const weak = (await tenant.post("/v2/api-keys", { name: "Till", scopes: ["passes:read"] })).body;
    const answers = [
      await tenant.get(`/v2/passes/${pass.id}?language=de`),
      await tenant.get("/v2/passes/nothing"),
      await tenant.post("/v2/passes", "{"),
      await tenant.delete("/v2/account"),
      await tenant.get("/v2/nothing"),
      await call("HEAD", "/v2/account", { token: tenant.token }),
      await tenant.get("/v2/account", { env: { ...env, DATA_DB: {} } as unknown as Cloudflare.Env }),
      await call("POST", "/v2/passes", { token: weak.token, body: {} }),
    ];
    const rows: [method: string, route: string, status: number, errorCode: string | null, keyId?: string][] = [
      ["GET", "/v2/passes/:id", 200, null],
      ["GET", "/v2/passes/:id", 404, "not_found"],
      ["POST", "/v2/passes", 400, "malformed_json"],
      ["DELETE", "/v2/*", 405, "method_not_allowed"],
      ["GET", "/v2/*", 404, "not_found"],
      ["HEAD", "/v2/account", 200, null],
      ["GET", "/v2/account", 500, "internal_error"],
      ["POST", "/v2/passes", 403, "insufficient_scope", weak.id],
    ];
    expect(answers.map(({ status }) => status)).toEqual(rows.map(([, , status]) => status));
    const listed = await logOf(tenant, "?limit=8");
    expect(listed).toEqual(
      rows
        .map(([method, route, status, errorCode, keyId = tenant.keyId], index) => ({
          ...common(tenant),
          id: answers[index]!.headers.get("x-request-id"),
          method,
          route,
          status,
          errorCode,
          keyId,
        }))
        .toReversed(),
    );
  });

  it("R219 R220 ties an entry to the caller's trace and to the id in its answer, and tells a repeat of a request", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const headers = { traceparent, "idempotency-key": crypto.randomUUID() };
    const send = () => tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 7 } }, { headers });
    const [first, second] = [await send(), await send()];
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    const entry = {
      ...common(tenant),
      method: "PATCH",
      route: "/v2/passes/:id",
      status: 200,
      errorCode: null,
      traceId: traceparent.slice(3, 35),
    };
    expect(await logOf(tenant, "?limit=2")).toEqual([
      { ...entry, id: second.headers.get("x-request-id"), idempotentReplayed: true },
      { ...entry, id: first.headers.get("x-request-id") },
    ]);
  });

  it("R220 lists refusals of keys that were right: revoked, suspended and over the limit", async () => {
    const tenant = await newTenant();
    const { body: key } = await tenant.post("/v2/api-keys", { name: "Till", scopes: ["passes:read"] });
    await tenant.delete(`/v2/api-keys/${key.id}`);
    expect((await call("GET", "/v2/passes", { token: key.token })).body.code).toBe("revoked_key");
    const patch = (status: string) =>
      call("PATCH", `/admin/tenants/${tenant.id}`, { token: adminToken, body: { status } });
    await patch("suspended");
    expect((await tenant.get("/v2/passes")).body.code).toBe("tenant_suspended");
    await patch("active");
    expect(await logOf(tenant, "?limit=2")).toMatchObject([
      { status: 403, errorCode: "tenant_suspended", keyId: tenant.keyId, route: "/v2/passes" },
      { status: 401, errorCode: "revoked_key", keyId: key.id, route: "/v2/passes" },
    ]);
  });

  it("R220 knows nothing of who only guesses a key, of public paths and of the operator", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const before = (await logOf(tenant)).length;
    const guessed = tenant.token.slice(0, -1) + (tenant.token.endsWith("a") ? "b" : "a");
    expect((await call("GET", "/v2/account", { token: guessed })).status).toBe(401);
    expect((await call("GET", new URL(pass.links.page).pathname)).status).toBe(200);
    await call("PATCH", `/admin/tenants/${tenant.id}`, { token: adminToken, body: { name: "Other" } });
    // The request of `before` itself.
    expect(await logOf(tenant)).toHaveLength(before + 1);
  });

  it("R220 R274 lists itself only in later calls, and never another tenant's requests", async () => {
    const [tenant, other] = [await newTenant(), await newTenant()];
    expect(await logOf(tenant)).toEqual([]);
    const account = await tenant.get("/v2/account");
    const id = account.headers.get("x-request-id")!;
    expect((await logOf(tenant)).map(({ route }: any) => route)).toEqual(["/v2/account", "/v2/request-logs"]);
    expect(await logOf(other)).toEqual([]);
    expect(await logOf(other, `?keyId=${tenant.keyId}`)).toEqual([]);
    for (const name of ["startingAfter", "endingBefore"]) {
      const { status, body } = await other.get(`/v2/request-logs?${name}=${id}`);
      expect(status).toBe(400);
      expect(body.errors).toEqual([
        { pointer: `#/${name}`, code: "invalid_cursor", detail: "no object of this list has this id" },
      ]);
      expect((await tenant.get(`/v2/request-logs?${name}=${id}`)).status).toBe(200);
    }
  });

  it("R220 is paged in both directions, with links to the neighbours", async () => {
    const tenant = await newTenant();
    const ids: string[] = [];
    for (let made = 0; made < 5; made += 1) ids.unshift((await tenant.get("/v2/account")).headers.get("x-request-id")!);
    const first = await tenant.get(`/v2/request-logs?limit=2&route=/v2/account`);
    expect(first.body.data.map(({ id }: any) => id)).toEqual(ids.slice(0, 2));
    expect(first.body).toMatchObject({ object: "list", hasMore: true, url: "/v2/request-logs" });
    const follow = (answer: typeof first, rel: string) => {
      const [, url] = new RegExp(`<([^>]+)>; rel="${rel}"`).exec(answer.headers.get("link") ?? "")!;
      return tenant.get(url!.replace("https://api.example.com", ""));
    };
    const second = await follow(first, "next");
    expect(second.body.data.map(({ id }: any) => id)).toEqual(ids.slice(2, 4));
    const third = await follow(second, "next");
    expect(third.body.data.map(({ id }: any) => id)).toEqual(ids.slice(4));
    expect(third.body.hasMore).toBe(false);
    const back = await follow(third, "prev");
    expect(back.body.data.map(({ id }: any) => id)).toEqual(ids.slice(2, 4));
  });

  it("R220 is filtered by status and its class, method, route, key, code and time", async () => {
    const tenant = await newTenant();
    const { body: key } = await tenant.post("/v2/api-keys", { name: "Till", scopes: ["account:read"] });
    await tenant.get("/v2/passes/nothing");
    await call("GET", "/v2/account", { token: key.token });
    await call("GET", "/v2/passes", { token: key.token });
    const found = async (query: string) =>
      (await logOf(tenant, `?${query}`)).map(({ method, route, status }: any) => `${method} ${route} ${status}`);
    expect(await found("status=404")).toEqual(["GET /v2/passes/:id 404"]);
    expect(await found("status=4xx")).toEqual(["GET /v2/passes 403", "GET /v2/passes/:id 404"]);
    expect(await found("status=5xx")).toEqual([]);
    expect(await found("method=POST")).toEqual(["POST /v2/api-keys 201"]);
    expect(await found("route=/v2/passes/:id")).toEqual(["GET /v2/passes/:id 404"]);
    expect(await found(`keyId=${key.id}`)).toEqual(["GET /v2/passes 403", "GET /v2/account 200"]);
    expect(await found(`keyId=${key.id}&status=2xx`)).toEqual(["GET /v2/account 200"]);
    expect(await found("errorCode=not_found")).toEqual(["GET /v2/passes/:id 404"]);
    expect(await found("to=2020-01-01T00:00:00Z")).toEqual([]);
    expect(await found("from=2020-01-01T00:00:00%2B02:00&method=POST")).toEqual(["POST /v2/api-keys 201"]);
    expect(await found("from=2999-01-01T00:00:00Z")).toEqual([]);
  });

  it.each([
    ["status=40", "status"],
    ["status=4XX", "status"],
    ["status=600", "status"],
    ["status=44x", "status"],
    ["method=get", "method"],
    ["errorCode=nothing", "errorCode"],
    ["from=2026-05-01", "from"],
    ["to=2026-05-01T00:00:00", "to"],
    ["path=/v2/passes", "path"],
  ])("R220 refuses the filter %s", async (query, name) => {
    const tenant = await newTenant();
    const { status, body } = await tenant.get(`/v2/request-logs?${query}`);
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ pointer: `#/${name}`, in: "query" }]);
  });

  it("R226 is erased with its tenant", async () => {
    const tenant = await newTenant();
    await tenant.get("/v2/account");
    const bindings = { ...env, MAINTENANCE_QUEUE: { send: async () => {} } } as unknown as Cloudflare.Env;
    const deleted = await call("DELETE", `/admin/tenants/${tenant.id}`, { token: adminToken, env: bindings });
    expect(deleted.status).toBe(202);
    const log = env.REQUEST_LOG.getByName(tenant.id) as DurableObjectStub<RequestLog>;
    const whole = { limit: 100, cursor: null, backwards: false, filter: {} };
    expect((await log.list(whole))!.requests).toHaveLength(1);
    const ctx = buildContext(env as unknown as Env, "req_test");
    while (!(await purgeTenantSlice(ctx, tenant.id)).done);
    expect(await log.list(whole)).toEqual({ requests: [], hasMore: false });
  });

  it("R220 costs no row and no read of D1, neither to keep nor to list", async () => {
    const tenant = await newTenant();
    await tenant.get("/v2/account");
    const { env: counted, costs } = countingEnv();
    expect((await tenant.get("/v2/request-logs", { env: counted })).body.data).toHaveLength(1);
    expect(costs).toEqual({ reads: 0, writeBatches: 0, rowsRead: 0, rowsWritten: 0 });
  });
});

describe("a request log that cannot be reached", () => {
  const failing = (members: object) =>
    ({ ...env, REQUEST_LOG: { getByName: () => members } }) as unknown as Cloudflare.Env;
  const secret = "Ottilie";
  const fault = () => Promise.reject(new Error(secret));

  it("R220 keeps no request from its answer, and is told in the log", async () => {
    const lines: any[] = [];
    const tenant = await newTenant();
    vi.spyOn(console, "log").mockImplementation((line: unknown) => void lines.push(line));
    for (const members of [{ append: fault }, {}]) {
      lines.length = 0;
      const answer = await tenant.get("/v2/account", { env: failing(members) });
      expect(answer.status).toBe(200);
      expect(lines.slice(1)).toMatchObject([
        { msg: "request not noted", tenantId: tenant.id, requestId: answer.headers.get("x-request-id") },
      ]);
      expect(JSON.stringify(lines)).not.toContain(secret);
    }
  });

  it("R220 answers 503 to who would read it", async () => {
    const tenant = await newTenant();
    vi.spyOn(console, "error").mockImplementation(() => {});
    // Of a version before or after, it may know no such method, or answer something else.
    for (const list of [fault, undefined, async () => undefined, async () => ({ rows: [] })]) {
      const { status, body, headers, text } = await tenant.get("/v2/request-logs", {
        env: failing({ append: async () => {}, list }),
      });
      expect(status).toBe(503);
      expect(body.code).toBe("temporarily_unavailable");
      expect(headers.get("retry-after")).toBe("5");
      expect(text).not.toContain(secret);
    }
  });
});
