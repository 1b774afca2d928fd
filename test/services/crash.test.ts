import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
  adminToken,
  call,
  newPass,
  newTemplate,
  newTenant,
  storeCard,
  type Answer,
  type TestTenant,
} from "../support/api";
import { newEnrollingPass } from "../openapi/producers";
import { upload } from "../support/images";
import { applePass, heldPass, newDevice, passPath, registrationPath, type HeldPass } from "../support/device";

import { greyPng } from "../support/png";

type Json = Record<string, any>;

/** When the database goes away: before it did what it was asked, or after, so that only the answer is lost. */
type Moment = "before" | "after";

/** An environment in which the first write to either database fails, and everything else works. */
function failing(moment: Moment): { bindings: Cloudflare.Env; failures: () => number } {
  let failures = 0;
  const originals = new WeakMap<object, { statement: D1PreparedStatement; writes: boolean }>();
  const attempt = async <T>(writes: boolean, act: () => Promise<T>): Promise<T> => {
    if (!writes || failures > 0) return act();
    failures += 1;
    if (moment === "after") await act();
    throw new Error("D1_ERROR: Network connection lost.");
  };
  const wrapStatement = (statement: D1PreparedStatement, writes: boolean): D1PreparedStatement => {
    const wrapped = {
      bind: (...values: unknown[]) => wrapStatement(statement.bind(...values), writes),
      run: () => attempt(writes, () => statement.run()),
      all: () => attempt(writes, () => statement.all()),
      raw: (options?: { columnNames?: false }) => attempt(writes, () => statement.raw(options)),
      first: () => attempt(writes, () => statement.first()),
    };
    originals.set(wrapped, { statement, writes });
    return wrapped as unknown as D1PreparedStatement;
  };
  const wrap = (db: D1Database) =>
    ({
      prepare: (query: string) => wrapStatement(db.prepare(query), !/^\s*(select|with)\b/i.test(query)),
      batch: (statements: D1PreparedStatement[]) => {
        const found = statements.map((statement) => originals.get(statement)!);
        return attempt(
          found.some(({ writes }) => writes),
          () => db.batch(found.map(({ statement }) => statement)),
        );
      },
    }) as unknown as D1Database;
  const MAINTENANCE_QUEUE = { send: async () => {} };
  const bindings = { ...env, CONTROL_DB: wrap(env.CONTROL_DB), DATA_DB: wrap(env.DATA_DB), MAINTENANCE_QUEUE };
  return { bindings: bindings as unknown as Cloudflare.Env, failures: () => failures };
}

/** Every row of the tenant, whole. */
async function snapshot(tenant: TestTenant): Promise<Json> {
  const rows: Json = {};
  for (const db of [env.DATA_DB, env.CONTROL_DB]) {
    const { results } = await db
      .prepare("select name from sqlite_master where type = 'table' and sql like '%tenant_id%'")
      .all<{ name: string }>();
    for (const { name } of results)
      rows[name] = (await db.prepare(`select * from ${name} where tenant_id = ?`).bind(tenant.id).all()).results;
  }
  rows.tenants = (await env.CONTROL_DB.prepare("select * from tenants where id = ?").bind(tenant.id).all()).results;
  return rows;
}

interface World {
  tenant: TestTenant;
  templateId: string;
  pass: Json;
  keyId: string;
  held: HeldPass;
}

const device = newDevice();

async function newWorld(): Promise<World> {
  const tenant = await newTenant();
  const templateId = await newTemplate(tenant);
  const pass = await newPass(tenant, { templateId, externalId: "card", customer: { id: "m1" } });
  const { body: key } = await tenant.post("/v2/api-keys", { name: "Till", scopes: ["passes:read"] });
  return { tenant, templateId, pass, keyId: key.id, held: await heldPass(tenant, pass.id) };
}

interface Verb {
  request: (world: World) => [method: string, path: string, body?: unknown];
  status: number;
  /** The operator's token, or the pass's; without it the key's. */
  by?: "admin" | "device";
  /** What has to be there before. */
  prepare?: (world: World) => Promise<unknown>;
  /** What a repeated request is answered after the first was done and only its answer lost; absent if it does the thing again. */
  repeated?: (answer: Answer, world: World) => void;
}

const token = (pass: Json): string => pass.links.page.split("/").at(-1);
const status = (expected: number) => (answer: Answer) => expect(answer.status, answer.text).toBe(expected);

const verbs: Record<string, Verb> = {
  "make a template": { request: () => ["POST", "/v2/templates", storeCard({ name: "New" })], status: 201 },
  "replace a template": {
    request: ({ templateId }) => ["PUT", `/v2/templates/${templateId}`, storeCard({ description: "New" })],
    status: 200,
    repeated: ({ body }) => expect(body).toMatchObject({ version: 2, description: "New" }),
  },
  "change a template": {
    request: ({ templateId }) => ["PATCH", `/v2/templates/${templateId}`, { description: "New" }],
    status: 200,
    repeated: ({ body }) => expect(body).toMatchObject({ version: 2, description: "New" }),
  },
  "delete a template": {
    prepare: ({ tenant, templateId }) => tenant.patch(`/v2/templates/${templateId}`, { status: "archived" }),
    request: ({ templateId }) => ["DELETE", `/v2/templates/${templateId}`],
    status: 204,
    repeated: status(404),
  },
  "issue a pass": {
    request: ({ templateId }) => [
      "POST",
      "/v2/passes",
      { templateId, externalId: "card-2", customer: { id: "m2", name: "Max" } },
    ],
    status: 201,
    repeated: ({ body }) => expect(body).toMatchObject({ code: "external_id_taken", passId: expect.any(String) }),
  },
  "upsert a new pass": {
    request: ({ templateId }) => [
      "POST",
      "/v2/passes?upsert=true",
      { templateId, externalId: "card-2", values: { points: 3 } },
    ],
    status: 201,
    repeated: (answer) => {
      status(200)(answer);
      expect(answer.body).toMatchObject({ version: 1, values: { points: 3 } });
    },
  },
  "change a pass": {
    request: ({ pass }) => ["PATCH", `/v2/passes/${pass.id}`, { values: { points: 9 }, customer: { id: "m3" } }],
    status: 200,
    repeated: ({ body }) => expect(body).toMatchObject({ version: 2, values: { points: 9 }, customerId: "m3" }),
  },
  "replace a pass": {
    request: ({ pass }) => ["PUT", `/v2/passes/${pass.id}`, { values: { points: 9 } }],
    status: 200,
    repeated: ({ body }) => expect(body).toMatchObject({ version: 2, values: { points: 9 }, customerId: null }),
  },
  "give a pass a photo": {
    // Of a new one the row comes first; see images.crash.test.ts.
    prepare: ({ tenant }) => upload(tenant, greyPng(160, 50)),
    request: ({ pass }) => ["PATCH", `/v2/passes/${pass.id}`, { overrides: { images: { logo: greyPng(160, 50) } } }],
    status: 200,
    repeated: ({ body }) => expect(body.version).toBe(2),
  },
  "void a pass": {
    request: ({ pass }) => ["DELETE", `/v2/passes/${pass.id}`],
    status: 200,
    repeated: ({ body }) => expect(body).toMatchObject({ version: 2, status: "voided" }),
  },
  "make a link": { request: ({ pass }) => ["POST", `/v2/passes/${pass.id}/links`], status: 201 },
  "revoke a link": {
    request: ({ pass }) => ["DELETE", `/v2/links/${token(pass)}`],
    status: 204,
    repeated: status(204),
  },
  "make a key": { request: () => ["POST", "/v2/api-keys", { name: "New", scopes: ["passes:read"] }], status: 201 },
  "rotate a key": { request: ({ keyId }) => ["POST", `/v2/api-keys/${keyId}/rotate`, {}], status: 201 },
  "revoke a key": {
    request: ({ keyId }) => ["DELETE", `/v2/api-keys/${keyId}`],
    status: 200,
    repeated: ({ body }) => expect(body.status).toBe("revoked"),
  },
  "change a tenant": {
    request: ({ tenant }) => ["PATCH", `/admin/tenants/${tenant.id}`, { name: "New", status: "suspended" }],
    status: 200,
    by: "admin",
    repeated: ({ body }) => expect(body).toMatchObject({ name: "New", status: "suspended" }),
  },
  "make a key for a tenant": {
    request: ({ tenant }) => ["POST", `/admin/tenants/${tenant.id}/api-keys`, { name: "New" }],
    status: 201,
    by: "admin",
  },
  "register a device": {
    request: ({ held }) => ["POST", registrationPath(held, device.id), { pushToken: "token" }],
    status: 201,
    by: "device",
    repeated: status(200),
  },
  "unregister a device": {
    prepare: ({ held }) => device.register(held),
    request: ({ held }) => ["DELETE", registrationPath(held, device.id)],
    status: 200,
    by: "device",
    repeated: status(200),
  },
  "enrol a person": {
    prepare: async (world) => {
      world.held = await heldPass(world.tenant, await newEnrollingPass(world.tenant));
    },
    request: ({ held }) => [
      "POST",
      `${passPath(held)}/personalize`,
      { personalizationToken: "token", requiredPersonalizationInfo: { fullName: "Zoë" } },
    ],
    status: 200,
    by: "device",
    repeated: status(200),
  },
  "log what a device complains of": {
    request: ({ held }) => ["POST", `${held.base}/log`, { logs: ["Registration failed"] }],
    status: 200,
    by: "device",
  },
  "delete a tenant": {
    request: ({ tenant }) => ["DELETE", `/admin/tenants/${tenant.id}`],
    status: 202,
    by: "admin",
    repeated: status(404),
  },
};

async function run({ by, request }: Verb, world: World, bindings: Cloudflare.Env): Promise<Answer> {
  const [method, path, body] = request(world);
  if (by === "device") return call(method, path, { headers: applePass(world.held), body, env: bindings });
  return call(method, path, { token: by === "admin" ? adminToken : world.tenant.token, body, env: bindings });
}

const calm = (): Cloudflare.Env =>
  ({ ...env, MAINTENANCE_QUEUE: { send: async () => {} } }) as unknown as Cloudflare.Env;

describe("when the database fails before it writes", () => {
  for (const [name, verb] of Object.entries(verbs)) {
    it(`nothing is stored of a request to ${name}, and the next one succeeds`, async () => {
      const world = await newWorld();
      await verb.prepare?.(world);
      const before = await snapshot(world.tenant);
      const { bindings, failures } = failing("before");
      const failed = await run(verb, world, bindings);
      expect(failures()).toBe(1);
      expect(failed.status, failed.text).toBe(500);
      expect(failed.body.code).toBe("internal_error");
      expect(failed.text).not.toContain("D1_");
      expect(await snapshot(world.tenant)).toEqual(before);
      const repeated = await run(verb, world, bindings);
      expect(repeated.status, repeated.text).toBe(verb.status);
      expect(await snapshot(world.tenant)).not.toEqual(before);
    });
  }

  it("no tenant is left without a key, nor a key without its tenant", async () => {
    const counts = async () =>
      env.CONTROL_DB.prepare(
        "select (select count(*) from tenants) as tenants, (select count(*) from credentials) as keys",
      ).first<Json>();
    const before = await counts();
    const { bindings } = failing("before");
    const make = () => call("POST", "/admin/tenants", { token: adminToken, body: { name: "New" }, env: bindings });
    expect((await make()).status).toBe(500);
    expect(await counts()).toEqual(before);
    expect((await make()).status).toBe(201);
    expect(await counts()).toEqual({ tenants: before!.tenants + 1, keys: before!.keys + 1 });
  });
});

describe("when the database writes and only its answer is lost", () => {
  for (const [name, verb] of Object.entries(verbs)) {
    const { repeated } = verb;
    if (!repeated) continue;
    it(`a repeated request to ${name} does it no second time`, async () => {
      const world = await newWorld();
      await verb.prepare?.(world);
      const { bindings, failures } = failing("after");
      expect((await run(verb, world, bindings)).status).toBe(500);
      expect(failures()).toBe(1);
      const done = await snapshot(world.tenant);
      const answer = await run(verb, world, calm());
      repeated(answer, world);
      const after = await snapshot(world.tenant);
      const tables = ["events", "passes", "pass_versions", "template_versions", "links", "customers"];
      for (const table of [...tables, "images", "devices", "registrations"]) {
        expect(after[table], table).toEqual(done[table]);
      }
    });
  }
});

describe("when another part fails", () => {
  it("a tenant whose deletion could not be enqueued is dead all the same, and swept later", async () => {
    const { tenant, pass } = await newWorld();
    const MAINTENANCE_QUEUE = { send: async () => Promise.reject(new Error("queue is away")) };
    const bindings = { ...env, MAINTENANCE_QUEUE } as unknown as Cloudflare.Env;
    expect((await call("DELETE", `/admin/tenants/${tenant.id}`, { token: adminToken, env: bindings })).status).toBe(
      500,
    );
    expect((await tenant.get("/v2/account")).status).toBe(401);
    expect((await call("GET", new URL(pass.links.page).pathname)).status).toBe(404);
    const row = await env.CONTROL_DB.prepare("select deleted_at, purged_at from tenants where id = ?")
      .bind(tenant.id)
      .first();
    expect(row).toEqual({ deleted_at: expect.any(Number), purged_at: null });
  });

  it("images that R2 does not take store no template, and the next request succeeds", async () => {
    const { tenant } = await newWorld();
    const { images: _, ...before } = await snapshot(tenant);
    const FILES = {
      get: (key: string) => env.FILES.get(key),
      head: (key: string) => env.FILES.head(key),
      put: async () => Promise.reject(new Error("R2 is away")),
    };
    const failed = await tenant.post("/v2/templates", storeCard({ name: "New" }), {
      env: { ...env, FILES } as unknown as Cloudflare.Env,
    });
    expect(failed.status).toBe(500);
    expect(await snapshot(tenant)).toMatchObject(before);
    expect((await tenant.post("/v2/templates", storeCard({ name: "New" }))).status).toBe(201);
  });

  it("requests go on without the limiter, and a revocation that could not be told takes effect when it is repeated", async () => {
    const { tenant } = await newWorld();
    const { body: key } = await tenant.post("/v2/api-keys", { name: "Till", scopes: ["account:read"] });
    const RATE_LIMITER = {
      getByName: () => ({
        take: () => Promise.reject(new Error("away")),
        raiseEpoch: () => Promise.reject(new Error("away")),
      }),
    };
    const bindings = { ...env, RATE_LIMITER } as unknown as Cloudflare.Env;
    expect((await call("GET", "/v2/account", { token: key.token, env: bindings })).status).toBe(200);
    expect((await tenant.delete(`/v2/api-keys/${key.id}`, { env: bindings })).status).toBe(500);
    expect((await call("GET", "/v2/account", { token: key.token, env: bindings })).body.code).toBe("revoked_key");
    expect((await tenant.delete(`/v2/api-keys/${key.id}`)).status).toBe(200);
    expect((await call("GET", "/v2/account", { token: key.token })).body.code).toBe("revoked_key");
  });
});
