import { env } from "cloudflare:workers";
import { strFromU8, unzipSync } from "fflate";
import { afterEach, describe, expect, it, vi } from "vitest";
import { asTenant, newPass, newTemplate, newTenant, type Answer, type TestTenant } from "../support/api";

type Json = Record<string, any>;

afterEach(() => {
  vi.useRealTimers();
});

/** Rows that an update can write. */
async function written(tenant: TestTenant): Promise<Record<string, unknown>> {
  const row = await env.DATA_DB.prepare(
    `select (select count(*) from pass_versions where tenant_id = ?1) as versions, (select count(*) from events where tenant_id = ?1) as events,
       (select count(*) from customers where tenant_id = ?1) as customers, (select max(passes_updated) from events where tenant_id = ?1) as updated,
       (select max(passes_voided) from events where tenant_id = ?1) as voided, (select json_group_array(version || ' ' || updated_at) from passes where tenant_id = ?1) as passes`,
  )
    .bind(tenant.id)
    .first<Record<string, unknown>>();
  return row!;
}

async function passJson(tenant: TestTenant, id: string): Promise<Json> {
  const { bytes } = await tenant.get(`/v2/passes/${id}/pkpass`);
  return JSON.parse(strFromU8(unzipSync(bytes)["pass.json"]!));
}

async function changeMessages(tenant: TestTenant, id: string): Promise<Json> {
  const { storeCard } = await passJson(tenant, id);
  const fields = Object.values(storeCard as Record<string, Json[]>).flat();
  return Object.fromEntries(fields.map(({ key, changeMessage }) => [key, changeMessage]));
}

const issues = (answer: Answer): [string, string][] =>
  answer.body.errors.map(({ pointer, code }: Json) => [pointer, code]);
const codes = (pass: Json): string[] => pass.warnings.map(({ code }: Json) => code);

/** An environment in which `action` happens between what a verb reads and the first batch that it writes. */
function interrupting(action: () => Promise<unknown>): Cloudflare.Env {
  let pending: (() => Promise<unknown>) | null = action;
  const batch = async (statements: D1PreparedStatement[]) => {
    const now = pending;
    pending = null;
    await now?.();
    return env.DATA_DB.batch(statements);
  };
  return { ...env, DATA_DB: { prepare: (query: string) => env.DATA_DB.prepare(query), batch } as D1Database };
}

const fields = [
  {
    key: "points",
    label: "Points",
    type: "number",
    position: "header",
    default: 0,
    changeMessage: "You now have %@ points",
  },
  { key: "member", label: "Member", type: "text", position: "secondary", required: true },
  {
    key: "tier",
    label: "Tier",
    type: "text",
    position: "auxiliary",
    expression: 'points >= 1000.0 ? "Gold" : "Silver"',
  },
  { key: "note", type: "text", position: "back" },
];

async function newCard(tenant: TestTenant, rest: Json = {}): Promise<Json> {
  const templateId = await newTemplate(tenant, { fields, colors: { background: "#101010", label: "#ffffff" } });
  return newPass(tenant, { templateId, values: { member: "Zoë", points: 10, note: "old" }, ...rest });
}

describe("changing passes", () => {
  it("R005 R119 R124 PATCH merges: what is sent changes, null removes, the rest stays", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant, {
      overrides: { logoText: "Zoë", colors: { background: "#222222", label: "#333333" } },
      customer: { id: "m1" },
    });
    const { status, body } = await tenant.patch(`/v2/passes/${pass.id}`, {
      values: { points: 20, note: null },
      overrides: { logoText: null, colors: { label: null, foreground: "#F00" } },
    });
    expect(status).toBe(200);
    const { values, overrides, version, updatedAt, warnings, ...rest } = body;
    expect({ values, overrides, version }).toEqual({
      values: { member: "Zoë", points: 20 },
      overrides: { colors: { background: "#222222", foreground: "#ff0000" } },
      version: 2,
    });
    expect(pass).toMatchObject(rest);
    expect(updatedAt >= pass.updatedAt).toBe(true);
    // Google has neither a text beside the logo nor colours of texts.
    const pointers = (all: Json[]) => all.map(({ pointer }) => pointer).filter((one) => !one.startsWith("#/images"));
    expect(pointers(pass.warnings)).toEqual(["#/colors/label", "#/logoText"]);
    expect(pointers(warnings)).toEqual(["#/colors/foreground", "#/colors/label"]);
    expect((await tenant.get(`/v2/passes/${pass.id}`)).body).toEqual(body);
    expect(await passJson(tenant, pass.id)).toMatchObject({
      foregroundColor: "rgb(255, 0, 0)",
      labelColor: "rgb(255, 255, 255)",
    });
  });

  it("R005 PUT replaces values, overrides and customer whole", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant, { overrides: { logoText: "Zoë" }, customer: { id: "m1" } });
    const { body } = await tenant.put(`/v2/passes/${pass.id}`, { values: { member: "Max" } });
    expect(body).toMatchObject({
      values: { member: "Max" },
      overrides: {},
      customerId: null,
      customer: null,
      version: 2,
      links: pass.links,
    });
    const back = await tenant.put(`/v2/passes/${pass.id}`, {
      values: pass.values,
      overrides: pass.overrides,
      customer: { id: "m1" },
    });
    expect(back.body).toMatchObject({ values: pass.values, overrides: pass.overrides, customerId: "m1", version: 3 });
    const refused = await tenant.put(`/v2/passes/${pass.id}`, {});
    expect(issues(refused)).toEqual([["#/values/member", "missing_value"]]);
  });

  it("R005 arrays and barcodes of overrides are replaced whole and merged by member", async () => {
    const tenant = await newTenant();
    const locations = [
      { latitude: 1, longitude: 1 },
      { latitude: 2, longitude: 2 },
    ];
    const pass = await newCard(tenant, {
      overrides: { locations, barcode: { format: "qr", message: "a", altText: "b" } },
    });
    const { body } = await tenant.patch(`/v2/passes/${pass.id}`, {
      overrides: { locations: [{ latitude: 3, longitude: 3 }], barcode: { format: "aztec", altText: null } },
    });
    expect(body.overrides).toEqual({
      locations: [{ latitude: 3, longitude: 3 }],
      barcode: { format: "aztec", message: "a" },
    });
    const { body: emptied } = await tenant.patch(`/v2/passes/${pass.id}`, {
      overrides: { locations: null, barcode: null },
    });
    expect(emptied.overrides).toEqual({});
  });

  it("R129 says of every version what changed, when and by whom", async () => {
    const tenant = await newTenant();
    const { body: key } = await tenant.post("/v2/api-keys", { name: "Till", scopes: ["passes:read", "passes:write"] });
    const till = asTenant(tenant.id, tenant.code, key.token, key.id);
    const times = [
      "2030-01-01T10:00:00.000Z",
      "2030-01-02T10:00:00.000Z",
      "2030-01-03T10:00:00.000Z",
      "2030-01-04T10:00:00.000Z",
    ];
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(times[0]!) });
    const pass = await newCard(tenant, { overrides: { logoText: "Zoë" } });
    vi.setSystemTime(Date.parse(times[1]!));
    await till.patch(`/v2/passes/${pass.id}`, { values: { points: 20, note: null }, customer: { id: "m1" } });
    vi.setSystemTime(Date.parse(times[2]!));
    await tenant.patch(`/v2/passes/${pass.id}`, { overrides: { logoText: null, colors: { background: "#222222" } } });
    vi.setSystemTime(Date.parse(times[3]!));
    await till.delete(`/v2/passes/${pass.id}`);
    const { body } = await tenant.get(`/v2/passes/${pass.id}/versions?limit=100`);
    const common = { object: "passVersion", templateVersion: 1 };
    expect(body).toMatchObject({ object: "list", hasMore: false });
    const after = { member: "Zoë", points: 20 };
    const recoloured = { colors: { background: "#222222" } };
    expect(body.data).toEqual([
      {
        ...common,
        id: "4",
        version: 4,
        kind: "voided",
        changed: ["#/status"],
        values: after,
        overrides: recoloured,
        changedAt: times[3],
        changedBy: key.id,
      },
      {
        ...common,
        id: "3",
        version: 3,
        kind: "updated",
        changed: ["#/overrides/logoText", "#/overrides/colors"],
        values: after,
        overrides: recoloured,
        changedAt: times[2],
        changedBy: tenant.keyId,
      },
      {
        ...common,
        id: "2",
        version: 2,
        kind: "updated",
        changed: ["#/values/points", "#/values/note", "#/customer"],
        values: after,
        overrides: { logoText: "Zoë" },
        changedAt: times[1],
        changedBy: key.id,
      },
      {
        ...common,
        id: "1",
        version: 1,
        kind: "issued",
        changed: [],
        values: pass.values,
        overrides: { logoText: "Zoë" },
        changedAt: times[0],
        changedBy: tenant.keyId,
      },
    ]);
    const { body: events } = await tenant.get("/v2/events");
    expect(events.data.slice(0, 3).map(({ type, data, actor }: Json) => [type, data, actor])).toEqual([
      ["pass.voided", { version: 4 }, key.id],
      ["pass.updated", { version: 3, pointers: ["#/overrides/logoText", "#/overrides/colors"] }, tenant.keyId],
      ["pass.updated", { version: 2, pointers: ["#/values/points", "#/values/note", "#/customer"] }, key.id],
    ]);
  });

  it("R129 an update that changes nothing changes nothing: no version, no time, no event, no history, no count", async () => {
    const tenant = await newTenant();
    const content = { overrides: { colors: { background: "#abcdef" } }, customer: { id: "m1", name: "Zoë" } };
    const pass = await newCard(tenant, content);
    const before = await written(tenant);
    const path = `/v2/passes/${pass.id}`;
    const answers = [
      await tenant.patch(path, {}),
      await tenant.patch(path, { values: {}, overrides: {} }),
      await tenant.patch(path, {
        values: { points: 10, absent: null },
        overrides: { colors: { background: "#ABCDEF" }, logoText: null },
      }),
      await tenant.patch(path, { customer: { id: "m1" } }),
      await tenant.patch(path, { customer: { id: "m1", name: "Zoë" } }),
      await tenant.put(path, { values: { note: "old", points: 10, member: "Zoë" }, ...content }),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body).toEqual(pass);
    }
    const announced = await tenant.patch(path, { values: { points: 10 }, changeMessage: "Still %@" });
    expect(codes(announced.body)).toContain("nothing_to_announce");
    expect(announced.body).toMatchObject({ version: 1, updatedAt: pass.updatedAt });
    expect(await written(tenant)).toEqual(before);
  });

  it("R124 R129 a change of overrides alone is a version; one that no holder could see is none", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    const { body } = await tenant.patch(`/v2/passes/${pass.id}`, { overrides: { expiresAt: "2031-01-01T00:00:00Z" } });
    expect(body).toMatchObject({ version: 2, expiresAt: "2031-01-01T00:00:00.000Z", status: "active" });
    const before = await written(tenant);
    const { body: unseen } = await tenant.patch(`/v2/passes/${pass.id}`, {
      overrides: { colors: { background: "#101010" } },
    });
    expect(unseen).toMatchObject({
      version: 2,
      overrides: { expiresAt: "2031-01-01T00:00:00Z", colors: { background: "#101010" } },
    });
    expect(await written(tenant)).toMatchObject({
      versions: before.versions,
      events: before.events,
      updated: before.updated,
    });
  });

  it("R073 R124 attaches, replaces and detaches the customer, which is a version only where a holder sees it", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    const path = `/v2/passes/${pass.id}`;
    const attached = await tenant.patch(path, { customer: { id: "m1", email: "zoe@example.com" } });
    expect(attached.body).toMatchObject({
      customerId: "m1",
      customer: { id: "m1", email: "zoe@example.com", name: null },
      version: 1,
    });
    const renamed = await tenant.patch(path, { customer: { id: "m1", name: "Zoë" } });
    expect(renamed.body.customer).toMatchObject({ email: "zoe@example.com", name: "Zoë" });
    expect((await tenant.get("/v2/passes?customerId=m1")).body.data).toHaveLength(1);
    const detached = await tenant.patch(path, { customer: null });
    expect(detached.body).toMatchObject({ customerId: null, customer: null });
    expect((await tenant.get("/v2/passes?customerId=m1")).body.data).toHaveLength(0);

    const coded = await newPass(tenant, {
      templateId: pass.templateId,
      values: { member: "Zoë" },
      overrides: { barcode: { format: "qr", message: "c{{customer.id}}" } },
    });
    const seen = await tenant.patch(`/v2/passes/${coded.id}`, { customer: { id: "m2" } });
    expect(seen.body).toMatchObject({ version: 2, customerId: "m2" });
    expect((await passJson(tenant, coded.id)).barcode.message).toBe("cm2");
  });

  it("R129 computed fields follow the values that they read", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 1000 } });
    const { storeCard } = await passJson(tenant, pass.id);
    expect(storeCard.auxiliaryFields).toEqual([expect.objectContaining({ key: "tier", value: "Gold" })]);
  });
});

describe("change messages", () => {
  it("R070 a field's own message stands in every version", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    expect(await changeMessages(tenant, pass.id)).toMatchObject({
      points: "You now have %@ points",
      member: undefined,
    });
  });

  it("R125 announces the fields that this update changes, computed ones among them, and is gone with the next", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    const path = `/v2/passes/${pass.id}`;
    const one = await tenant.patch(path, { values: { note: "new", member: "Zoë" }, changeMessage: "Note: %@" });
    expect(codes(one.body)).not.toContain("several_fields_changed");
    expect(await changeMessages(tenant, pass.id)).toEqual({
      points: "You now have %@ points",
      member: undefined,
      tier: undefined,
      note: "Note: %@",
    });

    const two = await tenant.patch(path, { values: { points: 2000 }, changeMessage: "Welcome to Gold" });
    expect(codes(two.body)).toEqual(expect.arrayContaining(["several_fields_changed", "change_message_completed"]));
    expect(await changeMessages(tenant, pass.id)).toEqual({
      points: "Welcome to Gold %@",
      member: undefined,
      tier: "Welcome to Gold %@",
      note: undefined,
    });

    await tenant.patch(path, { values: { points: 2000 }, changeMessage: "Nothing new %@" });
    expect(await changeMessages(tenant, pass.id)).toMatchObject({ tier: "Welcome to Gold %@" });

    await tenant.patch(path, { values: { note: "newer" } });
    expect(await changeMessages(tenant, pass.id)).toEqual({
      points: "You now have %@ points",
      member: undefined,
      tier: undefined,
      note: undefined,
    });

    await tenant.patch(path, { values: { member: "Max" }, changeMessage: "%@ now" });
    await tenant.delete(path);
    expect(await changeMessages(tenant, pass.id)).toMatchObject({ member: undefined });
  });

  it("R125 refuses a message without text or too long", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    for (const changeMessage of ["", "x".repeat(201), 5]) {
      const refused = await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 11 }, changeMessage });
      expect(refused.status).toBe(400);
      expect(issues(refused).map(([pointer]) => pointer)).toEqual(["#/changeMessage"]);
    }
  });
});

describe("refusing changes", () => {
  it("R126 R221 refuses an update that does not fit the template, lists all, and changes nothing", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    const before = await written(tenant);
    const path = `/v2/passes/${pass.id}`;
    const refused: [Json, Record<string, string>][] = [
      [
        { values: { points: "12", nobody: 1, tier: "Gold", member: null } },
        {
          "#/values/points": "wrong_type",
          "#/values/nobody": "unknown_field",
          "#/values/tier": "not_settable",
          "#/values/member": "missing_value",
        },
      ],
      [
        { values: { points: true }, overrides: { expiresAt: "tomorrow", sparkles: 1, colors: { text: "#000000" } } },
        {
          "#/values/points": "wrong_type",
          "#/overrides/expiresAt": "invalid_value",
          "#/overrides/sparkles": "unknown_member",
          "#/overrides/colors/text": "unknown_member",
        },
      ],
      [
        { values: { points: {} }, sparkles: 1, customer: { name: "No id" } },
        { "#/sparkles": "unknown_member", "#/customer/id": "missing_value", "#/values/points": "wrong_type" },
      ],
      [{ overrides: { barcode: { format: "qr" } } }, { "#/overrides/barcode/message": "missing_value" }],
      [
        { overrides: { barcode: { format: "ean8", message: "x" } } },
        { "#/overrides/barcode/message": "invalid_barcode" },
      ],
      [
        { overrides: { locations: Array.from({ length: 11 }, () => ({ latitude: 0, longitude: 0 })) } },
        { "#/overrides/locations": "too_big" },
      ],
      [
        { templateId: pass.templateId, externalId: "x" },
        { "#/templateId": "unknown_member", "#/externalId": "unknown_member" },
      ],
    ];
    for (const [patch, expected] of refused) {
      const answer = await tenant.patch(path, patch);
      expect(answer.status, JSON.stringify(patch)).toBe(400);
      expect(Object.fromEntries(issues(answer)), JSON.stringify(patch)).toEqual(expected);
      expect(answer.body.errors, JSON.stringify(patch)).toHaveLength(Object.keys(expected).length);
    }
    const put = await tenant.put(path, { values: { points: "x" }, overrides: { expiresAt: "soon" } });
    expect(Object.fromEntries(issues(put))).toEqual({
      "#/values/points": "wrong_type",
      "#/values/member": "missing_value",
      "#/overrides/expiresAt": "invalid_value",
    });
    expect(await written(tenant)).toEqual(before);
    expect((await tenant.get(path)).body).toEqual(pass);
  });

  it("R129 with If-Match refuses a change of another version than the one seen, and names the present one", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    const path = `/v2/passes/${pass.id}`;
    const seen = (version: string) => ({ headers: { "if-match": version } });
    expect((await tenant.patch(path, { values: { points: 11 } }, seen('"1"'))).body.version).toBe(2);
    const before = await written(tenant);
    const late = [
      await tenant.patch(path, { values: { points: 12 } }, seen('"1"')),
      await tenant.patch(path, {}, seen("1")),
      await tenant.put(path, { values: { member: "Max" } }, seen('"3"')),
      await tenant.delete(path, seen('"1"')),
    ];
    for (const { status, body } of late) {
      expect(status).toBe(412);
      expect(body).toMatchObject({ code: "version_mismatch", currentVersion: 2 });
    }
    for (const header of ["abc", 'W/"2"', '"1", "2"', "-1", ""]) {
      for (const answer of [await tenant.patch(path, {}, seen(header)), await tenant.delete(path, seen(header))]) {
        expect(answer.status, header).toBe(400);
        expect(issues(answer)).toEqual([["#/If-Match", "invalid_value"]]);
      }
    }
    expect(await written(tenant)).toEqual(before);
    expect((await tenant.patch(path, { values: { points: 12 } }, seen("*"))).body.version).toBe(3);
    expect((await tenant.delete(path, seen('"3"'))).body).toMatchObject({ status: "voided", version: 4 });
  });

  it("R129 with If-Match refuses also when another change comes between reading and writing", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    const path = `/v2/passes/${pass.id}`;
    const refused = await tenant.patch(
      path,
      { values: { points: 1 } },
      {
        headers: { "if-match": '"1"' },
        env: interrupting(() => tenant.patch(path, { values: { note: "first" } })),
      },
    );
    expect(refused.status).toBe(412);
    expect(refused.body.currentVersion).toBe(2);
    expect((await tenant.get(path)).body).toMatchObject({ version: 2, values: { points: 10, note: "first" } });
  });
});

describe("concurrent changes", () => {
  it("R129 keeps all of 20 parallel changes of different fields", async () => {
    const tenant = await newTenant();
    const keys = Array.from({ length: 20 }, (_, at) => `f${at}`);
    const templateId = await newTemplate(tenant, {
      fields: keys.map((key) => ({ key, type: "number", position: "back" })),
    });
    const pass = await newPass(tenant, { templateId, values: {} });
    const answers = await Promise.all(
      keys.map((key, at) => tenant.patch(`/v2/passes/${pass.id}`, { values: { [key]: at } })),
    );
    expect(answers.map(({ status }) => status)).toEqual(keys.map(() => 200));
    expect(new Set(answers.map(({ body }) => body.version)).size).toBe(20);
    const { body } = await tenant.get(`/v2/passes/${pass.id}`);
    expect(body.version).toBe(21);
    expect(body.values).toEqual(Object.fromEntries(keys.map((key, at) => [key, at])));
    const { body: history } = await tenant.get(`/v2/passes/${pass.id}/versions?limit=100`);
    expect(history.data.map(({ version }: Json) => version)).toEqual(Array.from({ length: 21 }, (_, at) => 21 - at));
    for (const { changed } of history.data.slice(0, 20)) expect(changed).toHaveLength(1);
    expect((await tenant.get("/v2/account")).body.usage.passesUpdated).toBe(20);
  });

  it("R129 repeats a change that was overtaken on what the pass is now", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    const path = `/v2/passes/${pass.id}`;
    const { body } = await tenant.patch(
      path,
      { values: { points: 99 } },
      { env: interrupting(() => tenant.patch(path, { values: { note: "first" } })) },
    );
    expect(body).toMatchObject({ version: 3, values: { points: 99, note: "first" } });
  });

  it("R006 a change that a voiding overtakes is refused", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    const path = `/v2/passes/${pass.id}`;
    const refused = await tenant.patch(
      path,
      { values: { points: 99 } },
      { env: interrupting(() => tenant.delete(path)) },
    );
    expect(refused.status).toBe(409);
    expect(refused.body.code).toBe("pass_voided");
    expect((await tenant.get(path)).body).toMatchObject({ version: 2, status: "voided", values: pass.values });
  });

  it("R110 a change does not bring back a link that is revoked meanwhile, nor lose one that is made", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    const path = `/v2/passes/${pass.id}`;
    const token = pass.links.page.split("/").at(-1);
    await tenant.patch(
      path,
      { values: { points: 1 } },
      { env: interrupting(() => tenant.delete(`/v2/links/${token}`)) },
    );
    expect((await tenant.get(path)).body).toMatchObject({ version: 2, links: { page: null } });
    let made: Answer | undefined;
    await tenant.patch(
      path,
      { values: { points: 2 } },
      { env: interrupting(async () => (made = await tenant.post(`${path}/links`))) },
    );
    expect((await tenant.get(path)).body.links).toEqual(made!.body.links);
  });

  it("R006 R129 voids once, also when asked ten times at once", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    const answers = await Promise.all(Array.from({ length: 10 }, () => tenant.delete(`/v2/passes/${pass.id}`)));
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body).toMatchObject({ status: "voided", version: 2 });
    }
    expect((await tenant.get("/v2/account")).body.usage.passesVoided).toBe(1);
  });
});

describe("history", () => {
  it("R129 keeps exactly the newest 100 versions of 106", { timeout: 60_000 }, async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant);
    for (let points = 1; points <= 105; points += 1) {
      const { body } = await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 1000 + points } });
      expect(body.version).toBe(points + 1);
    }
    const { body } = await tenant.get(`/v2/passes/${pass.id}/versions?limit=100`);
    expect(body.data.map(({ version }: Json) => version)).toEqual(Array.from({ length: 100 }, (_, at) => 106 - at));
    expect(body.data.map(({ values }: Json) => values.points)).toEqual(
      Array.from({ length: 100 }, (_, at) => 1105 - at),
    );
    expect(await written(tenant)).toMatchObject({ versions: 99, updated: 105 });
  });
});

describe("voided and expired passes", () => {
  it("R006 voids for good: readable, unchangeable, and a second time is the same", async () => {
    const tenant = await newTenant();
    const pass = await newCard(tenant, { customer: { id: "m1" }, externalId: "card" });
    const path = `/v2/passes/${pass.id}`;
    const { body: voided } = await tenant.delete(path);
    expect(voided).toMatchObject({
      status: "voided",
      version: 2,
      values: pass.values,
      customerId: "m1",
      externalId: "card",
    });
    expect(voided.voidedAt).toBe(voided.updatedAt);
    const before = await written(tenant);
    expect(before).toMatchObject({ versions: 1, voided: 1 });
    const again = await tenant.delete(path);
    expect(again.status).toBe(200);
    expect(again.body).toEqual(voided);
    expect((await tenant.get(path)).body).toEqual(voided);
    const refused = [
      await tenant.patch(path, { values: { points: 1 } }),
      await tenant.patch(path, {}),
      await tenant.put(path, { values: { member: "Max" } }),
      await tenant.post(`${path}/links`),
    ];
    for (const { status, body } of refused) {
      expect(status).toBe(409);
      expect(body.code).toBe("pass_voided");
    }
    expect(await written(tenant)).toEqual(before);
  });

  it("R078 R090 expires by the clock alone, to the millisecond, and lives again with a later expiry", async () => {
    const tenant = await newTenant();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2030-01-01T00:00:00Z") });
    const pass = await newCard(tenant, { overrides: { expiresAt: "2030-01-01T01:00:00Z" } });
    const path = `/v2/passes/${pass.id}`;
    const status = async () => {
      const lists: Json = {};
      for (const name of ["active", "expired"])
        lists[name] = (await tenant.get(`/v2/passes?status=${name}`)).body.data.length;
      return [(await tenant.get(path)).body.status, lists.active, lists.expired];
    };
    vi.setSystemTime(Date.parse("2030-01-01T00:59:59.999Z"));
    expect(await status()).toEqual(["active", 1, 0]);
    const before = await written(tenant);
    vi.setSystemTime(Date.parse("2030-01-01T01:00:00Z"));
    expect(await status()).toEqual(["expired", 0, 1]);
    expect(await written(tenant)).toEqual(before);
    expect((await tenant.get(`${path}/pkpass`)).status).toBe(200);
    const { body } = await tenant.patch(path, { overrides: { expiresAt: "2030-01-02T00:00:00Z" } });
    expect(body).toMatchObject({ status: "active", version: 2 });
    expect(await status()).toEqual(["active", 1, 0]);
    await tenant.patch(path, { overrides: { expiresAt: null } });
    expect((await tenant.get(path)).body).toMatchObject({ status: "active", expiresAt: null });
  });

  it("R051 counts a relative expiry in the tenant's zone from the issue, whatever is changed later", async () => {
    const tenant = await newTenant({ timeZone: "Europe/Berlin" });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2030-03-30T12:00:00Z") });
    const templateId = await newTemplate(tenant, { expiration: { type: "relative", duration: "P1D" } });
    const pass = await newPass(tenant, { templateId });
    // The clocks go forward that night, so the day has 23 hours.
    expect(pass.expiresAt).toBe("2030-03-31T11:00:00.000Z");
    vi.setSystemTime(Date.parse("2030-03-31T00:00:00Z"));
    const { body } = await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 3 } });
    expect(body.expiresAt).toBe("2030-03-31T11:00:00.000Z");
  });
});
