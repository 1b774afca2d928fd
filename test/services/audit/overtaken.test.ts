import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { adminToken, call, newTemplate, newTenant, type Answer, type TestTenant } from "../../support/api";

/**
 * R229: a change that another one overtakes, between what it read and what it writes, writes over nothing without telling so: the
 * audit log says of each state by which change it came.
 */

type Json = Record<string, any>;

/** An environment in which somebody else is faster, once. */
function overtaken(name: "CONTROL_DB" | "DATA_DB", meanwhile: () => Promise<Answer>) {
  const others: number[] = [];
  const db = new Proxy(env[name], {
    get(target, member) {
      const value: unknown = Reflect.get(target, member);
      if (member !== "batch") return typeof value === "function" ? value.bind(target) : value;
      return async (statements: D1PreparedStatement[]) => {
        if (others.length === 0) {
          others.push(0);
          others[0] = (await meanwhile()).status;
        }
        return target.batch(statements);
      };
    },
  });
  return { bindings: { ...env, [name]: db } as unknown as Cloudflare.Env, others };
}

const entriesOf = async (tenant: TestTenant): Promise<Json[]> => {
  const query = "select * from audit_log where tenant_id = ?";
  const found = await Promise.all(
    [env.CONTROL_DB, env.DATA_DB].map((db) => db.prepare(query).bind(tenant.id).all<Json>()),
  );
  return found.flatMap(({ results }) => results).map((row) => ({ ...row, changes: JSON.parse(row.changes as string) }));
};

/** The changes of a member; ids sort by when a request began, and so tell nothing of who was faster. */
const changesOf = (entries: Json[], pointer: string): Set<Json> =>
  new Set(
    entries.flatMap(({ action, changes }) =>
      (changes as Json[]).filter((change) => change.pointer === pointer).map(({ from, to }) => ({ action, from, to })),
    ),
  );

const admin = (method: string, path: string, body?: unknown, bindings: Cloudflare.Env = env) =>
  call(method, `/admin/tenants/${path}`, { token: adminToken, body, env: bindings });

describe("R229 a change of an account that another one overtakes", () => {
  it("R229 takes a suspension back only with an entry", async () => {
    const tenant = await newTenant();
    const { bindings, others } = overtaken("CONTROL_DB", () => admin("PATCH", tenant.id, { status: "suspended" }));
    const answer = await admin("PATCH", tenant.id, { status: "active" }, bindings);
    expect([answer.status, answer.body.status, others]).toEqual([200, "active", [200]]);
    expect(changesOf(await entriesOf(tenant), "#/status")).toEqual(
      new Set([
        { action: "tenant.suspended", from: "active", to: "suspended" },
        { action: "tenant.resumed", from: "suspended", to: "active" },
      ]),
    );
  });

  it("R229 tells as the state before what was so, and no change that another one made", async () => {
    const tenant = await newTenant();
    const { bindings } = overtaken("CONTROL_DB", () => admin("PATCH", tenant.id, { plan: "premium", locale: "de" }));
    await admin("PATCH", tenant.id, { plan: "premium", locale: "fr" }, bindings);
    const entries = await entriesOf(tenant);
    expect(changesOf(entries, "#/plan")).toEqual(
      new Set([
        { action: "tenant.created", to: "standard" },
        { action: "tenant.updated", from: "standard", to: "premium" },
      ]),
    );
    expect(changesOf(entries, "#/locale")).toEqual(
      new Set([
        { action: "tenant.created", to: "en" },
        { action: "tenant.updated", from: "en", to: "de" },
        { action: "tenant.updated", from: "de", to: "fr" },
      ]),
    );
  });

  it("R229 changes nothing of an account that was deleted, and tells of nothing", async () => {
    const tenant = await newTenant();
    const { bindings, others } = overtaken("CONTROL_DB", () => admin("DELETE", tenant.id));
    const answer = await admin("PATCH", tenant.id, { status: "active", plan: "premium" }, bindings);
    expect([answer.status, others]).toEqual([404, [202]]);
    const row = await env.CONTROL_DB.prepare("select status, plan from tenants where id = ?").bind(tenant.id).first();
    expect(row).toEqual({ status: "deleted", plan: "standard" });
    expect((await entriesOf(tenant)).map(({ action }) => action)).not.toContain("tenant.updated");
  });

  it("R229 gives up with 503 where others are always faster", async () => {
    const tenant = await newTenant();
    const CONTROL_DB = new Proxy(env.CONTROL_DB, {
      get(target, member) {
        const value: unknown = Reflect.get(target, member);
        if (member !== "batch") return typeof value === "function" ? value.bind(target) : value;
        return async (statements: D1PreparedStatement[]) => {
          await target
            .prepare("update tenants set credential_epoch = credential_epoch + 1 where id = ?")
            .bind(tenant.id)
            .run();
          return target.batch(statements);
        };
      },
    });
    const busy = { ...env, CONTROL_DB } as unknown as Cloudflare.Env;
    const before = await entriesOf(tenant);
    const answer = await admin("PATCH", tenant.id, { plan: "premium" }, busy);
    expect([answer.status, answer.body.code]).toEqual([503, "temporarily_unavailable"]);
    expect(await entriesOf(tenant)).toEqual(before);
  });
});

describe("R229 a change of a template that another one overtakes", () => {
  it.each([
    ["a new name", { name: "Theirs" }],
    ["archiving", { status: "archived" }],
  ])("R229 leaves %s as it is", async (_, theirs) => {
    const tenant = await newTenant();
    const path = `/v2/templates/${await newTemplate(tenant)}`;
    const { bindings, others } = overtaken("DATA_DB", () => tenant.patch(path, theirs));
    const mine = await tenant.patch(path, { description: "Mine" }, { env: bindings });
    expect([mine.status, others]).toEqual([200, [200]]);
    expect(mine.body).toMatchObject({ ...theirs, description: "Mine" });
    expect((await tenant.get(path)).body).toMatchObject({ ...theirs, description: "Mine" });
    const pointers = (await entriesOf(tenant))
      .filter(({ action }) => action === "template.updated")
      .map(({ changes }) => changes.map(({ pointer }: Json) => pointer));
    expect(new Set(pointers)).toEqual(new Set([[`#/${Object.keys(theirs)[0]}`], ["#/version", "#/description"]]));
  });
});

describe("R229 a rotation that another one overtakes", () => {
  it("R229 R033 replaces the other one's successor, and says so", async () => {
    const tenant = await newTenant();
    const { body: key } = await tenant.post("/v2/api-keys", { name: "Till", scopes: ["passes:read"] });
    const path = `/v2/api-keys/${key.id}/rotate`;
    const { bindings, others } = overtaken("CONTROL_DB", () => tenant.post(path, { windowSeconds: 600 }));
    const mine = await tenant.post(path, { windowSeconds: 300 }, { env: bindings });
    expect([mine.status, others]).toEqual([201, [201]]);
    expect((await tenant.get(`/v2/api-keys/${key.id}`)).body.rotatedTo).toBe(mine.body.id);
    const [first, second] = (await entriesOf(tenant))
      .filter(({ action }) => action === "api_key.rotated")
      .map(({ changes }) => changes.find(({ pointer }: Json) => pointer === "#/rotatedTo"))
      .toSorted((a) => (a.from === null ? -1 : 1));
    expect(first.from).toBeNull();
    expect([second.from, second.to]).toEqual([first.to, mine.body.id]);
  });
});

describe("R229 a new account", () => {
  it("R229 R213 has an entry that tells its limits and its other settings, and no text that people write", async () => {
    const limits = { requestsPerMinute: 50, requestsPerDay: 5000 };
    const tenant = await newTenant({ name: "Secret", publicUri: "https://secret.example", plan: "premium", limits });
    const entry = (await entriesOf(tenant)).find(({ action }) => action === "tenant.created");
    expect(entry!.changes).toEqual(
      expect.arrayContaining([
        { pointer: "#/name" },
        { pointer: "#/publicUri" },
        { pointer: "#/plan", to: "premium" },
        { pointer: "#/limits/requestsPerMinute", to: 50 },
        { pointer: "#/limits/requestsPerDay", to: 5000 },
      ]),
    );
    expect(JSON.stringify(entry!.changes).toLowerCase()).not.toContain("secret");
  });
});
