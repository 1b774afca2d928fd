import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { buildContext } from "../../src/context";
import worker from "../../src/index";
import type { MaintenanceMessage } from "../../src/services/context";
import { madeUpIssuerId } from "../../src/services/google/sandbox-account";
import { purgeTenantSlice } from "../../src/services/tenants/purge";
import { runSchedule } from "../../src/schedule";
import { adminToken, call, newPass, newTemplate, newTenant, type TestTenant } from "../support/api";
import { issuerOf, messageOf, newCallbackGoogle, post } from "../support/callbacks";
import { heldPass, newDevice } from "../support/device";
import { connectGoogle, putAtGoogle, simulatedIssuers } from "../support/google-account";
import { encodeProfile, postSignup, prefillOf, site, zoe } from "../support/signup";

type Json = Record<string, any>;

const admin = (method: string, path: string, body?: unknown, bindings?: Cloudflare.Env) =>
  call(method, `/admin/tenants${path}`, { token: adminToken, body, ...(bindings && { env: bindings }) });

/** A tenant as the list has it; tests that turn the clock make tenants that stand before all others. */
async function listed(id: string): Promise<Json | undefined> {
  for (let query = "?limit=100"; ;) {
    const { status, body, text } = await admin("GET", query);
    expect(status, text.slice(0, 300)).toBe(200);
    const found = body.data.find((tenant: Json) => tenant.id === id);
    if (found || !body.hasMore) return found;
    query = `?limit=100&startingAfter=${body.data.at(-1).id}`;
  }
}

/** An environment whose queue only notes what it is sent, so that nothing runs beside the test. */
function quiet(overrides: Partial<Cloudflare.Env> = {}): { bindings: Cloudflare.Env; sent: MaintenanceMessage[] } {
  const sent: MaintenanceMessage[] = [];
  const MAINTENANCE_QUEUE = { send: async (message: MaintenanceMessage) => void sent.push(message) };
  return { bindings: { ...env, MAINTENANCE_QUEUE, ...overrides } as unknown as Cloudflare.Env, sent };
}

/** What the queue does with these messages. */
async function deliver(messages: MaintenanceMessage[], bindings: Cloudflare.Env, attempts = 1) {
  const batch = createMessageBatch<MaintenanceMessage>(
    "wepass-sandbox-maintenance",
    messages.map((body, index) => ({ id: `m${index}`, timestamp: new Date(), attempts, body })),
  );
  const retries = batch.messages.map((message) => vi.spyOn(message, "retry"));
  await worker.queue(batch, bindings as unknown as Env);
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext());
  const delays = retries.flatMap((spy) => spy.mock.calls.map(([options]) => options?.delaySeconds));
  expect(retryMessages).toHaveLength(delays.length);
  return { acknowledged: explicitAcks.length, retries: delays };
}

/** What the operator did to an account stays when its data is gone. */
const erasable = (table: string) => (table === "audit_log" ? "tenant_id = ? and actor like 'key%'" : "tenant_id = ?");

/** Everything of a tenant that is stored: rows by table, and its objects in R2. */
async function stored(tenant: TestTenant): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [database, db] of Object.entries({ data: env.DATA_DB, control: env.CONTROL_DB })) {
    const { results } = await db
      .prepare("select name from sqlite_master where type = 'table' and sql like '%tenant_id%'")
      .all<{ name: string }>();
    for (const { name } of results) {
      const row = await db
        .prepare(`select count(*) as rows from ${name} where ${erasable(name)}`)
        .bind(tenant.id)
        .first<{ rows: number }>();
      counts[`${database} ${name}`] = row!.rows;
    }
  }
  counts.files = (await env.FILES.list({ prefix: `${tenant.code}/` })).objects.length;
  return counts;
}

/** A tenant with rows in every table. */
async function inhabited(): Promise<{ tenant: TestTenant; pass: Json; image: string }> {
  const tenant = await newTenant();
  const templateId = await newTemplate(tenant);
  const { body: template } = await tenant.patch(`/v2/templates/${templateId}`, { description: "Two" });
  const pass = await newPass(tenant, {
    templateId,
    externalId: "card",
    customer: { id: "m1", email: "zoe@example.com" },
  });
  await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 5 } });
  const request = await tenant.post("/v2/apple/certificate-requests", {});
  expect(request.status, request.text).toBe(201);
  const held = await heldPass(tenant, pass.id);
  expect((await newDevice().register(held)).status).toBe(201);
  await call("POST", `${held.base}/log`, { body: { logs: ["Registration failed"] } });
  expect((await tenant.post("/v2/google/account/check")).body.ok).toBe(true);
  await connectGoogle(tenant);
  expect((await tenant.post("/v2/google/account/check")).body.ok).toBe(true);
  await putAtGoogle(tenant, pass);
  const google = await newCallbackGoogle();
  const callback = await google.signer.sign(messageOf(await issuerOf(tenant), pass));
  expect((await post(google, tenant, callback)).status).toBe(200);
  await admin("PATCH", `/${tenant.id}`, { publicUri: site, signupPrefill: "token" });
  expect(prefillOf(await postSignup(tenant, { userProfile: encodeProfile(zoe) }))).not.toBeNull();
  await tenant.post("/v2/api-keys", { name: "Till", scopes: ["passes:read"] });
  const counts = await stored(tenant);
  for (const [table, rows] of Object.entries(counts)) expect(rows, table).toBeGreaterThan(0);
  return { tenant, pass, image: `/images/${tenant.code}/${template.images.icon["1x"]}.png` };
}

async function addEvents(tenant: TestTenant, count: number): Promise<void> {
  await env.DATA_DB.prepare(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?2)
     insert into events (tenant_id, seq, id, type, data, actor, request_id, created_at, templates, passes_issued, passes_updated, passes_voided)
     select ?1, i + 1000, 'evt_01ZZZZZZZZ' || printf('%016d', i + 1000), 'pass.created', '{}', 'system', 'req', 1000, 0, 0, 0, 0 from n`,
  )
    .bind(tenant.id, count)
    .run();
}

const purge = (tenant: TestTenant): MaintenanceMessage => ({
  type: "purge_tenant",
  tenantId: tenant.id,
  requestId: "req_test",
});

describe("settings of tenants", () => {
  it("makes a tenant with settings, answers them, and changes what is sent", async () => {
    const { status, body } = await admin("POST", "", {
      name: " Fern ",
      publicUri: "https://fern.example/",
      locale: "de-AT",
      timeZone: "Europe/Vienna",
      plan: "premium",
    });
    expect(status).toBe(201);
    const { apiKey, ...tenant } = body;
    expect(tenant).toMatchObject({
      name: "Fern",
      publicUri: "https://fern.example/",
      locale: "de-AT",
      timeZone: "Europe/Vienna",
      plan: "premium",
      status: "active",
    });
    expect(apiKey).toMatchObject({ name: "First key", status: "active", token: expect.stringMatching(/^wp_test_/) });
    expect((await admin("GET", `/${body.id}`)).body).toEqual(tenant);
    const changed = await admin("PATCH", `/${body.id}`, { publicUri: null, timeZone: "Asia/Tokyo" });
    expect(changed.body).toEqual({
      ...tenant,
      publicUri: null,
      timeZone: "Asia/Tokyo",
      updatedAt: changed.body.updatedAt,
    });
    expect((await call("GET", "/v2/account", { token: apiKey.token })).body).toMatchObject({
      publicUri: null,
      timeZone: "Asia/Tokyo",
      locale: "de-AT",
    });
    expect(await listed(body.id)).toEqual(changed.body);
  });

  it("R213 takes limits of an account's own, one by one, and gives them back", async () => {
    const { body } = await admin("POST", "", { name: "Limited", limits: { requestsPerDay: 50_000 } });
    expect(body.limits).toEqual({ requestsPerMinute: null, requestsPerDay: 50_000 });
    const change = async (limits: Json) => (await admin("PATCH", `/${body.id}`, { limits })).body.limits;
    expect(await change({ requestsPerMinute: 500 })).toEqual({ requestsPerMinute: 500, requestsPerDay: 50_000 });
    expect(await change({ requestsPerDay: null })).toEqual({ requestsPerMinute: 500, requestsPerDay: null });
    expect(await change({})).toEqual({ requestsPerMinute: 500, requestsPerDay: null });
    expect((await admin("PATCH", `/${body.id}`, { name: "Still limited" })).body.limits.requestsPerMinute).toBe(500);
    expect((await admin("GET", `/${body.id}`)).body.limits).toEqual({ requestsPerMinute: 500, requestsPerDay: null });
    expect((await listed(body.id))?.limits).toEqual({ requestsPerMinute: 500, requestsPerDay: null });
    expect((await call("GET", "/v2/account", { token: body.apiKey.token })).body.limits).toEqual({
      requestsPerMinute: 500,
      requestsPerDay: null,
    });
  });

  it("R213 refuses limits that are none", async () => {
    const tenant = await newTenant();
    for (const limits of [
      { requestsPerMinute: 0 },
      { requestsPerMinute: -1 },
      { requestsPerMinute: 1.5 },
      { requestsPerMinute: "100" },
      { requestsPerMinute: 1_000_001 },
      { requestsPerDay: 1_000_000_001 },
      { requestsPerHour: 10 },
    ]) {
      const { status, body } = await admin("PATCH", `/${tenant.id}`, { limits });
      expect([status, body.errors.length]).toEqual([400, 1]);
      expect(body.errors[0].pointer).toBe(`#/limits/${Object.keys(limits)[0]}`);
    }
    for (const limits of [null, 100, []])
      expect((await admin("PATCH", `/${tenant.id}`, { limits })).body.errors[0].pointer).toBe("#/limits");
  });

  it("fills in what is left out", async () => {
    const { body } = await admin("POST", "", { name: "Bare" });
    expect(body).toMatchObject({ publicUri: null, locale: "en", timeZone: "UTC", plan: "standard" });
  });

  it("R221 refuses wrong settings, all at once, and stores nothing", async () => {
    const count = async () =>
      (await env.CONTROL_DB.prepare("select count(*) as rows from tenants").first<{ rows: number }>())!.rows;
    const before = await count();
    const wrong = {
      publicUri: "javascript:alert(1)",
      locale: "not a tag",
      timeZone: "Middle/Earth",
      plan: "gold",
      code: "AAAAAAAA",
    };
    const pointers = (answer: { body: Json }) => answer.body.errors.map(({ pointer }: Json) => pointer).toSorted();
    const created = await admin("POST", "", wrong);
    expect(created.status).toBe(400);
    expect(pointers(created)).toEqual(["#/code", "#/locale", "#/name", "#/plan", "#/publicUri", "#/timeZone"]);
    expect(await count()).toBe(before);
    const tenant = await newTenant();
    const { body: settled } = await admin("GET", `/${tenant.id}`);
    expect(pointers(await admin("PATCH", `/${tenant.id}`, { ...wrong, status: "deleted" }))).toEqual([
      "#/code",
      "#/locale",
      "#/plan",
      "#/publicUri",
      "#/status",
      "#/timeZone",
    ]);
    for (const publicUri of [
      "https://u@shop.example",
      "https://:p@shop.example",
      "https://shop.example\\@x",
      "ftp://x.y",
    ]) {
      expect(pointers(await admin("PATCH", `/${tenant.id}`, { publicUri })), publicUri).toEqual(["#/publicUri"]);
    }
    expect((await admin("GET", `/${tenant.id}`)).body).toEqual(settled);
  });
});

describe("suspending tenants", () => {
  it("refuses keys and closes links with the next request, and opens both again as fast", async () => {
    const { tenant, pass } = await inhabited();
    const path = new URL(pass.links.page).pathname;
    const open = async () => [
      (await tenant.get("/v2/account")).status,
      (await call("GET", path)).status,
      (await call("GET", `${path}/apple`)).status,
    ];
    expect(await open()).toEqual([200, 200, 200]);
    for (let round = 0; round < 2; round += 1) {
      expect((await admin("PATCH", `/${tenant.id}`, { status: "suspended" })).body.status).toBe("suspended");
      expect(await open()).toEqual([403, 404, 404]);
      expect((await tenant.post("/v2/passes", { templateId: pass.templateId })).body.code).toBe("tenant_suspended");
      expect((await admin("PATCH", `/${tenant.id}`, { status: "active" })).body.status).toBe("active");
      expect(await open()).toEqual([200, 200, 200]);
    }
  });
});

describe("deleting tenants", () => {
  it("stops keys and links at once, before anything is erased", async () => {
    const { tenant, pass } = await inhabited();
    await tenant.get("/v2/account");
    const before = await stored(tenant);
    const { bindings, sent } = quiet();
    const answer = await admin("DELETE", `/${tenant.id}`, undefined, bindings);
    expect(answer.status).toBe(202);
    const [requestId, traceparent] = [answer.headers.get("x-request-id"), answer.headers.get("traceparent")];
    expect(sent).toEqual([{ ...purge(tenant), requestId, traceparent }]);
    expect((await tenant.get("/v2/account")).body.code).toBe("unknown_key");
    expect((await call("GET", new URL(pass.links.page).pathname)).status).toBe(404);
    expect((await call("GET", new URL(pass.links.apple).pathname)).status).toBe(404);
    expect(await stored(tenant)).toEqual(before);
    for (const again of [
      await admin("DELETE", `/${tenant.id}`),
      await admin("GET", `/${tenant.id}`),
      await admin("PATCH", `/${tenant.id}`, { status: "active" }),
    ]) {
      expect(again.status).toBe(404);
    }
    expect((await admin("POST", `/${tenant.id}/api-keys`, { name: "Back door" })).status).toBe(404);
    await deliver(sent, bindings);
  });

  it("R226 erases every row and object of the tenant, and nothing of any other", async () => {
    const [{ tenant, image }, { tenant: other, pass }] = [await inhabited(), await inhabited()];
    const before = await stored(other);
    const issuersOf = async (one: TestTenant) => {
      const { body } = await one.get("/v2/google/account");
      return [madeUpIssuerId(one.code), body.issuerId as string];
    };
    const [issuers, others] = [await issuersOf(tenant), await issuersOf(other)];
    expect(await simulatedIssuers([...issuers, ...others])).toEqual([...issuers, ...others]);
    const { bindings, sent } = quiet();
    await admin("DELETE", `/${tenant.id}`, undefined, bindings);
    expect(await deliver(sent.splice(0), bindings)).toEqual({ acknowledged: 1, retries: [] });
    expect(sent).toEqual([]);
    expect(await simulatedIssuers([...issuers, ...others])).toEqual(others);
    const left = await stored(tenant);
    expect(left).toEqual(Object.fromEntries(Object.keys(left).map((table) => [table, 0])));
    expect((await call("GET", image)).status).toBe(404);
    const row = await env.CONTROL_DB.prepare("select name, public_uri, purged_at from tenants where id = ?")
      .bind(tenant.id)
      .first<Json>();
    expect(row).toMatchObject({ name: tenant.code, public_uri: null, purged_at: expect.any(Number) });
    const uses = await env.RATE_LIMITER.getByName(tenant.id).lastUses();
    expect(uses).toEqual([]);

    expect(await stored(other)).toEqual(before);
    expect((await other.get(`/v2/passes/${pass.id}/pkpass`)).status).toBe(200);
    expect((await tenant.get("/v2/account")).status).toBe(401);
    expect(await deliver([purge(tenant), purge(other)], bindings)).toEqual({ acknowledged: 2, retries: [] });
    expect(await stored(other)).toEqual(before);
  });

  it("lists a deleted tenant as deleted, also once it is erased", async () => {
    const { tenant } = await inhabited();
    const { bindings, sent } = quiet();
    await admin("DELETE", `/${tenant.id}`, undefined, bindings);
    expect(await listed(tenant.id)).toMatchObject({ status: "deleted", code: tenant.code });
    await deliver(sent, bindings);
    expect(await listed(tenant.id)).toMatchObject({ status: "deleted", code: tenant.code });
  });

  it("R226 erases in slices of at most 500 rows, and a message that does not finish is sent again", async () => {
    const { tenant } = await inhabited();
    await addEvents(tenant, 9_000);
    const { bindings, sent } = quiet();
    await admin("DELETE", `/${tenant.id}`, undefined, bindings);
    const total = async () => Object.values(await stored(tenant)).reduce((sum, rows) => sum + rows, 0);
    const before = await total();
    const ctx = buildContext(bindings as unknown as Env, "req_test");
    expect(await purgeTenantSlice(ctx, tenant.id)).toEqual({ done: false });
    expect(await total()).toBe(before - 500);

    let deliveries = 0;
    while (sent.length > 0) {
      expect(await deliver(sent.splice(0), bindings)).toEqual({ acknowledged: 1, retries: [] });
      deliveries += 1;
      expect(deliveries).toBeLessThan(5);
    }
    expect(deliveries).toBe(2);
    expect(await total()).toBe(0);
  });

  it("R226 a purge that is interrupted anywhere is retried and completes", async () => {
    // Two deletes before a failure, then three more, and so on, until nothing is left to fail.
    const { tenant } = await inhabited();
    await addEvents(tenant, 1_200);
    const { bindings, sent } = quiet();
    await admin("DELETE", `/${tenant.id}`, undefined, bindings);
    const counts: number[] = [];
    for (let attempt = 1, finished = false; !finished; attempt += 1) {
      let allowed = 1 + attempt * 2;
      const DATA_DB = {
        prepare: (query: string) => {
          if (query.startsWith("delete") && (allowed -= 1) < 0) throw new Error("D1 is away");
          return env.DATA_DB.prepare(query);
        },
        batch: (statements: D1PreparedStatement[]) => env.DATA_DB.batch(statements),
      } as unknown as D1Database;
      const result = await deliver([purge(tenant)], quiet({ DATA_DB }).bindings, attempt);
      finished = result.acknowledged === 1;
      if (!finished) expect(result.retries).toEqual([Math.min(3600, 10 * 2 ** (attempt - 1))]);
      counts.push(Object.values(await stored(tenant)).reduce((sum, rows) => sum + rows, 0));
      expect(attempt).toBeLessThan(25);
    }
    expect(counts.length).toBeGreaterThan(2);
    expect(counts.toSorted((a, b) => b - a)).toEqual(counts);
    expect(counts.at(-1)).toBe(0);
    await deliver(sent, bindings);
  });

  it("R226 cron enqueues the purge again if its message was lost, and stops once the tenant is erased", async () => {
    const { tenant } = await inhabited();
    const lost = quiet();
    await admin("DELETE", `/${tenant.id}`, undefined, lost.bindings);
    const { bindings, sent } = quiet();
    const isSwept = () => sent.some(({ tenantId }) => tenantId === tenant.id);
    // A minute later the lost message may still be on its way; after the lease it is not.
    const later = Date.now() + 11 * 60_000;
    await runSchedule(bindings as unknown as Env, Date.now() + 60_000);
    expect(isSwept()).toBe(false);
    for (let run = 0; run < 20 && !isSwept(); run += 1) {
      await runSchedule(bindings as unknown as Env, later + run);
      if (!isSwept()) await deliver(sent.splice(0), bindings);
    }
    expect(isSwept()).toBe(true);
    await deliver(sent.splice(0), bindings);
    expect(Object.values(await stored(tenant)).reduce((sum, rows) => sum + rows, 0)).toBe(0);
    await runSchedule(bindings as unknown as Env, later * 2);
    expect(isSwept()).toBe(false);
  });
});
