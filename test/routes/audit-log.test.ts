import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { idTime } from "../../src/db/ids";
import worker from "../../src/index";
import type { MaintenanceMessage } from "../../src/services/context";
import { adminToken, call, newPass, newTemplate, newTenant, type Answer, type TestTenant } from "../support/api";
import { countingEnv } from "../support/costs";
import { greyPng } from "../support/png";

type Json = Record<string, any>;

const path = "/v2/audit-log";
const entriesOf = async (tenant: TestTenant, query = ""): Promise<Json[]> =>
  (await tenant.get(`${path}?limit=100${query}`)).body.data;
const newest = async (tenant: TestTenant) => (await entriesOf(tenant))[0]!;
const idsOf = (answer: Answer): string[] => answer.body.data.map(({ id }: Json) => id);
const operator = (method: string, target: string, body?: unknown) =>
  call(method, `/admin/tenants${target}`, { token: adminToken, body });

describe("R229 what an entry tells", () => {
  it("R229 names who, what, which object, when, from where and by which request", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant, { values: { points: 1 } });
    const before = Date.now();
    const headers = { "cf-connecting-ip": "203.0.113.7" };
    const changed = await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 2 } }, { headers });
    const entry = await newest(tenant);
    expect(entry).toEqual({
      object: "auditEntry",
      id: expect.stringMatching(/^aud_/),
      action: "pass.updated",
      actor: tenant.keyId,
      objectType: "pass",
      objectId: pass.id,
      address: "203.0.113.7",
      requestId: changed.headers.get("x-request-id"),
      changes: [{ pointer: "#/version", from: 1, to: 2 }, { pointer: "#/values/points" }],
      createdAt: entry.createdAt,
    });
    expect(Date.parse(entry.createdAt)).toBeGreaterThanOrEqual(before);
    expect((await newest(tenant)).address).not.toBeNull();
  });

  it("R229 tells the values of states, versions and scopes, and of what people write only where it stands", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    await tenant.patch(`/v2/templates/${templateId}`, { name: "Secret plan", status: "archived", description: "x" });
    expect((await newest(tenant)).changes).toEqual([
      { pointer: "#/name" },
      { pointer: "#/status", from: "active", to: "archived" },
      { pointer: "#/version", from: 1, to: 2 },
      { pointer: "#/description" },
    ]);
    const { body: key } = await tenant.post("/v2/api-keys", { name: "Secret name", scopes: ["passes:read"] });
    expect(await newest(tenant)).toMatchObject({
      action: "api_key.created",
      objectId: key.id,
      changes: [{ pointer: "#/scopes", to: ["passes:read"] }],
    });
    const { body: next } = await tenant.post(`/v2/api-keys/${key.id}/rotate`, { windowSeconds: 0 });
    expect(await newest(tenant)).toMatchObject({
      action: "api_key.rotated",
      objectId: key.id,
      changes: [{ pointer: "#/rotatedTo", from: null, to: next.id }, { pointer: "#/expiresAt" }],
    });
    await operator("PATCH", `/${tenant.id}`, { name: "Secret", plan: "premium", status: "suspended" });
    await operator("PATCH", `/${tenant.id}`, { status: "active" });
    const [resumed, suspended] = await entriesOf(tenant);
    expect(resumed).toMatchObject({ action: "tenant.resumed", actor: "admin", objectId: tenant.id });
    expect(suspended).toMatchObject({
      action: "tenant.suspended",
      changes: [
        { pointer: "#/name" },
        { pointer: "#/plan", from: "standard", to: "premium" },
        { pointer: "#/status", from: "active", to: "suspended" },
      ],
    });
    expect(JSON.stringify(await entriesOf(tenant))).not.toContain("Secret");
  });

  it("R229 tells which members of a customer a request changed, and of the customer alone as well", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant, { customer: { id: "c1", name: "Zoë", segments: ["a"] } });
    const changeTo = (customer: Json) => tenant.patch(`/v2/passes/${pass.id}`, { customer: { id: "c1", ...customer } });
    await changeTo({ name: "Zora", segments: ["a"] });
    expect(await newest(tenant)).toMatchObject({ action: "pass.updated", changes: [{ pointer: "#/customer/name" }] });
    const before = await entriesOf(tenant);
    expect((await changeTo({ name: "Zora", segments: ["a"] })).status).toBe(200);
    expect(await entriesOf(tenant)).toEqual(before);
    await tenant.patch(`/v2/passes/${pass.id}`, { customer: null });
    expect((await newest(tenant)).changes).toEqual([{ pointer: "#/customer" }]);
  });

  it("R229 tells of what changes nothing nothing", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const pass = await newPass(tenant, { templateId, values: { points: 1 } });
    const link = pass.links.page.split("/").at(-1);
    const { body: image } = await tenant.post("/v2/images", { data: square });
    const { body: key } = await tenant.post("/v2/api-keys", { name: "Till", scopes: ["passes:read"] });
    const first = [
      () => tenant.delete(`/v2/links/${link}`),
      () => tenant.delete(`/v2/api-keys/${key.id}`),
      () => operator("PATCH", `/${tenant.id}`, { plan: "premium" }),
      () => tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 2 } }),
      () => tenant.patch(`/v2/templates/${templateId}`, { description: "Two" }),
      () => tenant.post("/v2/images", { data: square }),
      () => tenant.delete(`/v2/passes/${pass.id}`),
    ];
    for (const request of first) expect((await request()).status).toBeLessThan(300);
    const before = await entriesOf(tenant);
    expect(before.filter(({ action }) => action === "image.uploaded")).toMatchObject([{ objectId: image.id }]);
    for (const repeat of first) await repeat();
    expect(await entriesOf(tenant)).toEqual(before);
  });

  it("R229 writes no entry of a change that is refused or comes too late", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const before = await entriesOf(tenant);
    const refused = [
      await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: "many" } }),
      await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 1 } }, { headers: { "if-match": '"7"' } }),
      await tenant.delete(`/v2/templates/${pass.templateId}`),
      await tenant.post("/v2/passes", { templateId: "tmpl_00000000000000000000000000" }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([400, 412, 409, 404]);
    expect(await entriesOf(tenant)).toEqual(before);
  });
});

const square = greyPng(3, 3);

describe("R229 the log is only appended to", () => {
  it.each(["CONTROL_DB", "DATA_DB"] as const)("R229 %s refuses to change an entry", async (name) => {
    const tenant = await newTenant();
    await newTemplate(tenant);
    const forge = env[name].prepare("update audit_log set actor = 'somebody else' where tenant_id = ?").bind(tenant.id);
    await expect(forge.run()).rejects.toThrow("the audit log is only appended to");
    expect(new Set((await entriesOf(tenant)).map(({ actor }) => actor))).toEqual(new Set([tenant.keyId, "admin"]));
  });

  it("R229 keeps what the operator did to an account that is erased, and nothing that its keys did", async () => {
    const tenant = await newTenant();
    await newPass(tenant);
    await tenant.post("/v2/api-keys", { name: "Till", scopes: ["passes:read"] });
    await operator("PATCH", `/${tenant.id}`, { plan: "premium" });
    const sent: MaintenanceMessage[] = [];
    const bindings = { ...env, MAINTENANCE_QUEUE: { send: async (one: MaintenanceMessage) => void sent.push(one) } };
    const options = { token: adminToken, env: bindings as unknown as Cloudflare.Env };
    expect((await call("DELETE", `/admin/tenants/${tenant.id}`, options)).status).toBe(202);
    const actions = async () =>
      (await operator("GET", `/${tenant.id}/audit-log`)).body.data.map(({ action }: Json) => action);
    expect(await actions()).toEqual(
      expect.arrayContaining(["tenant.deleted", "pass.created", "api_key.created", "tenant.created"]),
    );
    for (let round = 0; round < 5 && sent.length > 0; round += 1) {
      const messages = sent.splice(0).map((body, at) => ({ id: `m${at}`, timestamp: new Date(), attempts: 1, body }));
      const batch = createMessageBatch("wepass-sandbox-maintenance", messages);
      await worker.queue(batch as never, bindings as unknown as Env);
      await getQueueResult(batch, createExecutionContext());
    }
    expect(await actions()).toEqual(
      ["tenant.purged", "tenant.deleted", "tenant.updated", "api_key.created", "tenant.created"].toSorted(
        byTime(await entriesLeft(tenant)),
      ),
    );
    expect((await entriesLeft(tenant)).find(({ action }) => action === "tenant.purged")).toMatchObject({
      actor: "system",
      address: null,
    });
    const left = await env.DATA_DB.prepare("select 1 from audit_log where tenant_id = ?").bind(tenant.id).all();
    expect(left.results).toEqual([]);
  });
});

const entriesLeft = async ({ id }: TestTenant): Promise<Json[]> =>
  (await operator("GET", `/${id}/audit-log`)).body.data;
/** Two entries of one request may have either order. */
const byTime = (entries: Json[]) => (a: string, b: string) =>
  entries.findIndex(({ action }) => action === a) - entries.findIndex(({ action }) => action === b);

describe("R229 who may read it", () => {
  it("R229 asks for a scope of its own, and shows each account its own", async () => {
    const [tenant, other] = [await newTenant(), await newTenant()];
    await newTemplate(other);
    const { body: key } = await tenant.post("/v2/api-keys", { name: "Reader", scopes: ["events:read"] });
    const refused = await call("GET", path, { token: key.token });
    expect([refused.status, refused.body.requiredScopes]).toEqual([403, ["audit:read"]]);
    expect((await entriesOf(tenant)).map(({ action }) => action).toSorted()).toEqual([
      "api_key.created",
      "api_key.created",
      "tenant.created",
    ]);
    const foreign = (await entriesOf(other))[0]!;
    const page = await tenant.get(`${path}?startingAfter=${foreign.id}`);
    expect(page.body.errors).toMatchObject([{ pointer: "#/startingAfter", code: "invalid_cursor" }]);
    expect(await entriesOf(tenant, `&objectId=${foreign.objectId}`)).toEqual([]);
  });

  it("R229 shows the operator every account's, and knows no account that is not there", async () => {
    const tenant = await newTenant();
    await newTemplate(tenant);
    const { body } = await operator("GET", `/${tenant.id}/audit-log?limit=100`);
    expect(body.data).toEqual(await entriesOf(tenant));
    expect(body.url).toBe(`/admin/tenants/${tenant.id}/audit-log`);
    expect((await operator("GET", "/tenant_00000000000000000000000000/audit-log")).body.code).toBe("not_found");
  });
});

interface Seeded {
  id: string;
  actor: string;
  objectId: string;
  database: string;
}

const began = Date.parse("2026-01-01T00:00:00Z");
const count = 2_000;

/** One entry each second, in turn or as `inData` says in either database; `few` of another actor and object. */
async function seed(tenant: TestTenant, inData: string, few = "i between 1000 and 1009"): Promise<Seeded[]> {
  const times = Array.from({ length: count }, (_, i) => idTime(began + i * 1000));
  for (const [db, here] of [
    [env.CONTROL_DB, `not (${inData})`],
    [env.DATA_DB, inData],
  ] as const) {
    await db
      .prepare(
        `insert into audit_log
         select ?1, 'aud_' || value || printf('%016d', key), ${began} + 1000 * key, iif(${few}, 'key_few', 'key_most'), 'pass.updated', 'pass',
           iif(${few}, 'pass_few', 'pass_most'), null, 'req_seed', '[]'
         from (select key, key as i, value from json_each(?2)) where ${here}`,
      )
      .bind(tenant.id, JSON.stringify(times))
      .run();
  }
  const rows: Seeded[] = [];
  for (const db of [env.CONTROL_DB, env.DATA_DB]) {
    const query = "select id, actor, object_id as objectId, ?2 as database from audit_log where tenant_id = ?1";
    rows.push(
      ...(
        await db
          .prepare(query)
          .bind(tenant.id, db === env.DATA_DB ? "data" : "control")
          .all<Seeded>()
      ).results,
    );
  }
  return rows.toSorted((a, b) => (a.id < b.id ? 1 : -1));
}

const skews = {
  "in turn": "i % 2",
  "all in one": "1",
  "all in the other": "0",
  halves: "i < 1000",
  "few apart": "i between 1000 and 1009",
};

describe(`R229 the list of ${count} entries in two databases`, { timeout: 60_000 }, () => {
  for (const [name, inData] of Object.entries(skews)) {
    it(`R229 answers every page of every filter, and reads no more than its index must: ${name}`, async () => {
      const tenant = await newTenant();
      const rows = await seed(tenant, inData);
      const time = (i: number) => new Date(began + i * 1000).toISOString();
      const at = ({ id }: Seeded) => id.slice(4, 14);
      const within = (from: number, to: number) => (row: Seeded) =>
        at(row) >= idTime(began + from * 1000) && at(row) <= idTime(began + to * 1000);
      const lists: [Record<string, string>, (row: Seeded) => boolean][] = [
        [{}, () => true],
        [{ actor: "key_few" }, ({ actor }) => actor === "key_few"],
        [{ actor: "key_most" }, ({ actor }) => actor === "key_most"],
        [{ objectId: "pass_few" }, ({ objectId }) => objectId === "pass_few"],
        [{ objectId: "pass_most" }, ({ objectId }) => objectId === "pass_most"],
        [{ from: time(500), to: time(1500) }, within(500, 1500)],
        [
          { actor: "key_most", from: time(990), to: time(1100) },
          (row) => row.actor === "key_most" && within(990, 1100)(row),
        ],
      ];
      await tenant.get(path);
      for (const [query, matches] of lists) {
        const matching = rows.filter(matches);
        expect(matching.length).toBeGreaterThan(5);
        // Of one actor or object an entry costs two rows, that of the index and its own. What stands in both databases may be read in both.
        const spread = new Set(matching.map(({ database }) => database)).size;
        const isIndexed = "actor" in query || "objectId" in query;
        const rowsMax = isIndexed ? spread * 2 * (limit + 1) + 1 : 2 * (limit + 1) + 1;
        await expectPages(tenant, { query, ids: matching.map(({ id }) => id), rowsMax });
      }
    });
  }

  it("R229 includes both ends of a time, and takes one in any zone", async () => {
    const tenant = await newTenant();
    await seed(tenant, "i % 2");
    const query = new URLSearchParams({ from: "2026-01-01T01:00:01+01:00", to: "2026-01-01T00:00:03Z" });
    const { data } = (await tenant.get(`${path}?${query.toString()}`)).body;
    expect(data.map(({ createdAt }: Json) => createdAt)).toEqual([
      "2026-01-01T00:00:03.000Z",
      "2026-01-01T00:00:02.000Z",
      "2026-01-01T00:00:01.000Z",
    ]);
    const backwards = new URLSearchParams({ from: "2026-01-01T00:00:03Z", to: "2026-01-01T00:00:01Z" });
    expect((await tenant.get(`${path}?${backwards.toString()}`)).body.data).toEqual([]);
    const ancient = new URLSearchParams({ to: "0001-01-01T00:00:00Z" });
    expect((await tenant.get(`${path}?${ancient.toString()}`)).body.data).toEqual([]);
  });

  it("R229 refuses filters that no index serves together, and times without a zone", async () => {
    const tenant = await newTenant();
    const refused = await tenant.get(`${path}?actor=admin&objectId=${tenant.id}`);
    expect(refused.status).toBe(400);
    expect(refused.body.errors).toMatchObject([
      { pointer: "#/actor", code: "unsupported_combination" },
      { pointer: "#/objectId", code: "unsupported_combination" },
    ]);
    expect((await tenant.get(`${path}?from=2026-01-01T00:00:00`)).body.errors[0].pointer).toBe("#/from");
    expect((await tenant.get(`${path}?action=pass.created`)).status).toBe(400);
    const both = await tenant.get(`${path}?startingAfter=aud_1&endingBefore=aud_2`);
    expect(both.body.errors).toMatchObject([{ pointer: "#/endingBefore", code: "invalid_cursor" }]);
  });
});

const limit = 10;

interface ExpectedList {
  query: Record<string, string>;
  ids: string[];
  rowsMax: number;
}

async function expectPages(tenant: TestTenant, { query, ids, rowsMax }: ExpectedList): Promise<void> {
  const places = [...new Set([0, 1, Math.floor(ids.length / 2), ids.length - 1])];
  const pages: [Record<string, string>, string[]][] = [
    [{}, ids.slice(0, limit)],
    ...places.flatMap((at): [Record<string, string>, string[]][] => [
      [{ startingAfter: ids[at]! }, ids.slice(at + 1, at + 1 + limit)],
      [{ endingBefore: ids[at]! }, ids.slice(Math.max(0, at - limit), at)],
    ]),
  ];
  for (const [cursor, expected] of pages) {
    const { env: counted, costs } = countingEnv();
    const target = `${path}?${new URLSearchParams({ limit: String(limit), ...query, ...cursor }).toString()}`;
    const answer = await tenant.get(target, { env: counted });
    expect(answer.status, answer.text).toBe(200);
    expect(idsOf(answer), target).toEqual(expected);
    const [first, last] = [ids.indexOf(expected[0] ?? ""), ids.indexOf(expected.at(-1) ?? "")];
    if (expected.length > 0) {
      const more = cursor.endingBefore === undefined ? last < ids.length - 1 : first > 0;
      expect(answer.body.hasMore, target).toBe(more);
    }
    expect(costs.rowsRead, target).toBeLessThanOrEqual(rowsMax);
    expect(costs.writeBatches).toBe(0);
  }
}
