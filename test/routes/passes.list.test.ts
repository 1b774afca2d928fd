import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { adminToken, call, newPass, newTemplate, newTenant, type Answer, type TestTenant } from "../support/api";
import { countingEnv } from "../support/costs";

/** A list of the API, and the ids that it must answer, in order. */
interface ExpectedList {
  path: string;
  query: Record<string, string>;
  ids: string[];
}

const ids = (answer: Answer): string[] => answer.body.data.map(({ id }: { id: string }) => id);

function url(
  { path, query }: Pick<ExpectedList, "path" | "query">,
  page: Record<string, string | number> = {},
): string {
  const parameters = new URLSearchParams(query);
  for (const [name, value] of Object.entries(page)) parameters.set(name, String(value));
  return `${path}?${parameters.toString()}`;
}

function linksOf(answer: Answer): Record<string, string> {
  const links = (answer.headers.get("link") ?? "").matchAll(/<([^>]+)>; rel="(\w+)"/g);
  return Object.fromEntries([...links].map(([, target, rel]) => [rel!, target!]));
}

const pathOf = (link: string) => link.slice(new URL(link).origin.length);

/** Follows the Link header to the end and back, and holds every page against the whole list. */
async function walk(token: string, list: ExpectedList, limit = 10): Promise<void> {
  const where = url(list);
  const pages: string[][] = [];
  let answer = await call("GET", url(list, { limit }), { token });
  expect(answer.status, answer.text).toBe(200);
  for (let at = 0; ; at += 1) {
    pages.push(ids(answer));
    const { next, prev } = linksOf(answer);
    expect(answer.body.hasMore, `${where}, page ${at}`).toBe(next !== undefined);
    expect(prev !== undefined, `${where}, page ${at} has prev`).toBe(at > 0);
    if (!next) break;
    answer = await call("GET", pathOf(next), { token });
  }
  expect(pages.flat(), where).toEqual(list.ids);
  expect(
    pages.slice(0, -1).every((page) => page.length === limit),
    where,
  ).toBe(true);
  const back: string[][] = [];
  for (let { prev } = linksOf(answer); prev; { prev } = linksOf(answer)) {
    answer = await call("GET", pathOf(prev), { token });
    back.unshift(ids(answer));
    const links = linksOf(answer);
    expect(links.next, `${where}, backwards`).toBeDefined();
    expect(answer.body.hasMore, `${where}, backwards`).toBe(links.prev !== undefined);
  }
  expect(back, `${where}, backwards`).toEqual(pages.slice(0, -1));
}

/** Asks for the pages around several places of the list, both ways, and holds content and cost against the rule. */
async function expectCheapPages(token: string, list: ExpectedList, limit = 10): Promise<void> {
  const { length } = list.ids;
  const places = [...new Set([0, 1, Math.floor(length / 2), length - 2, length - 1])].filter(
    (at) => at >= 0 && at < length,
  );
  const pages: [Record<string, string>, string[]][] = [
    [{}, list.ids.slice(0, limit)],
    ...places.flatMap((at): [Record<string, string>, string[]][] => [
      [{ startingAfter: list.ids[at]! }, list.ids.slice(at + 1, at + 1 + limit)],
      [{ endingBefore: list.ids[at]! }, list.ids.slice(Math.max(0, at - limit), at)],
    ]),
  ];
  await call("GET", url(list, { limit }), { token });
  for (const [cursor, expected] of pages) {
    const { env: counted, costs } = countingEnv();
    const target = url(list, { limit, ...cursor });
    const answer = await call("GET", target, { token, env: counted });
    expect(answer.status, answer.text).toBe(200);
    expect.soft(ids(answer), target).toEqual(expected);
    expect
      .soft(
        costs.rowsRead,
        `rows read by ${target} at ${list.ids.indexOf(Object.values(cursor)[0] ?? "")} of ${length}`,
      )
      .toBeLessThanOrEqual(3 * limit + 5);
    expect.soft(costs.reads, target).toBeLessThanOrEqual(2);
  }
}

interface Row {
  id: string;
  template_id: string;
  customer_id: string | null;
  external_id: string | null;
  updated_at: number;
  expires_at: number | null;
  voided_at: number | null;
}

const otherTemplate = "tmpl_00000000000000000000000000";
const past = Date.parse("2020-01-01T00:00:00Z");
const future = Date.parse("2100-01-01T00:00:00Z");

/** SQL expressions over `i`, the number of the pass; `one` is the tenant's template. */
interface Skew {
  template?: string;
  customer?: string;
  external?: string;
  updated?: string;
  expires?: string;
  voided?: string;
}

async function seedPasses(tenant: TestTenant, templateId: string, count: number, skew: Skew): Promise<Row[]> {
  const {
    template = "'one'",
    customer = "'c1'",
    external = "null",
    updated = "1000 + i",
    expires = "null",
    voided = "null",
  } = skew;
  await env.DATA_DB.prepare(
    `with recursive n(i) as (select 0 union all select i + 1 from n where i < ?3 - 1)
     insert into passes (tenant_id, id, template_id, template_version, customer_id, external_id, authentication_token,
       field_values, overrides, version, change, created_at, updated_at, updated_by, expires_at, voided_at)
     select ?1, 'pass_' || printf('%026d', i), replace(${template}, 'one', ?2), 1, ${customer}, ${external}, 'token',
       '{}', '{}', 1, '{"kind":"issued","pointers":[]}', 1000, ${updated}, 'system', ${expires}, ${voided} from n`,
  )
    .bind(tenant.id, templateId, count)
    .run();
  const { results } = await env.DATA_DB.prepare("select * from passes where tenant_id = ?").bind(tenant.id).all<Row>();
  return results;
}

type Key = (row: Row) => (string | number)[];
const never = Number.MAX_SAFE_INTEGER;
const lapse = (row: Row) => (row.voided_at === null ? (row.expires_at ?? never) : -never);
const byId: Key = (row) => [row.id];
const byLapse: Key = (row) => [lapse(row), row.id];
const byExternalId: Key = (row) => [row.template_id, row.voided_at === null ? "" : row.id];
const byUpdate: Key = (row) => [row.updated_at, row.id];

function sorted(rows: Row[], key: Key, direction: 1 | -1): string[] {
  const keyed = rows.map((row) => ({ id: row.id, key: key(row) }));
  keyed.sort((a, b) => {
    for (const [at, left] of a.key.entries()) {
      const right = b.key[at]!;
      if (left !== right) return (left < right ? -1 : 1) * direction;
    }
    return 0;
  });
  return keyed.map(({ id }) => id);
}

const statuses = ["active", "expired", "voided"] as const;
function statusOf(row: Row): (typeof statuses)[number] {
  if (row.voided_at !== null) return "voided";
  return row.expires_at !== null && row.expires_at <= Date.now() ? "expired" : "active";
}

/** Every combination of filters that is served, with what it must answer. */
function expectedLists(rows: Row[], templateIds: string[], sinces: number[]): ExpectedList[] {
  const path = "/v2/passes";
  const list = (
    query: Record<string, string>,
    keep: (row: Row) => boolean,
    key: Key,
    direction: 1 | -1,
  ): ExpectedList => ({
    path,
    query,
    ids: sorted(rows.filter(keep), key, direction),
  });
  const customers = ["c1", "c2"];
  return [
    list({}, () => true, byId, -1),
    ...statuses.map((status) => list({ status }, (row) => statusOf(row) === status, byLapse, -1)),
    ...templateIds.flatMap((templateId) => [
      list({ templateId }, (row) => row.template_id === templateId, byLapse, -1),
      ...statuses.map((status) =>
        list({ templateId, status }, (row) => row.template_id === templateId && statusOf(row) === status, byLapse, -1),
      ),
      list(
        { templateId, externalId: "x" },
        (row) => row.template_id === templateId && row.external_id === "x",
        byExternalId,
        1,
      ),
    ]),
    ...customers.flatMap((customerId) => [
      list({ customerId }, (row) => row.customer_id === customerId, byLapse, -1),
      ...statuses.map((status) =>
        list({ customerId, status }, (row) => row.customer_id === customerId && statusOf(row) === status, byLapse, -1),
      ),
    ]),
    list({ externalId: "x" }, (row) => row.external_id === "x", byExternalId, 1),
    ...sinces.map((since) =>
      list({ updatedSince: new Date(since).toISOString() }, (row) => row.updated_at >= since, byUpdate, 1),
    ),
  ];
}

describe("pages of lists", () => {
  it("walks every list of passes to the end and back, without a double or a gap", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const rows = await seedPasses(tenant, templateId, 81, {
      customer: "case when i % 9 < 7 then 'c1' else 'c2' end",
      external: "case when i % 3 = 0 or i = 1 then 'x' end",
      updated: "1000 + i / 20",
      expires: `case i % 3 when 2 then ${past} + i / 4 when 1 then iif(i % 2, null, ${future} + i / 4) end`,
      voided: "case when i % 3 = 0 then 2000 end",
    });
    const lists = expectedLists(rows, [templateId], [0, 1002]);
    for (const list of lists) await walk(tenant.token, list);
    const lengths = Object.fromEntries(lists.map(({ query, ids: all }) => [JSON.stringify(query), all.length]));
    expect(
      Object.values(lengths).filter((length) => length >= 25).length,
      JSON.stringify(lengths),
    ).toBeGreaterThanOrEqual(10);
  });

  it("puts what was issued last first, and leaves the customer's data, the warnings and Google's state out", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const first = await newPass(tenant, { templateId, customer: { id: "c1", email: "zoe@example.com" } });
    const second = await newPass(tenant, { templateId });
    const { body } = await tenant.get("/v2/passes");
    expect(new Set(ids({ body } as Answer))).toEqual(new Set([first.id, second.id]));
    const listed = body.data.find(({ id }: { id: string }) => id === first.id);
    const { customer, warnings, google, ...rest } = first;
    expect(customer).toMatchObject({ id: "c1" });
    expect(warnings).toBeInstanceOf(Array);
    expect(google).toBeNull();
    expect(listed).toEqual(rest);
    expect(body).toMatchObject({ object: "list", hasMore: false, url: "/v2/passes" });
  });

  it("walks templates, versions, events and API keys to the end and back", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const lists = await seedOtherLists(tenant, templateId, 25);
    for (const list of lists) await walk(tenant.token, list);
  });

  it("keeps the filter and the limit in the links of a page, under PUBLIC_URL", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    await seedPasses(tenant, templateId, 3, {});
    const answer = await tenant.get(`/v2/passes?limit=1&templateId=${templateId}&status=active`);
    const { next } = linksOf(answer);
    const last = answer.body.data[0].id;
    expect(next).toBe(
      `https://api.example.com/v2/passes?limit=1&templateId=${templateId}&status=active&startingAfter=${last}%409007199254740991`,
    );
  });

  it("answers an empty page where nothing matches, and after the last object", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    for (const query of [
      "status=voided",
      "externalId=none",
      "customerId=none",
      "templateId=none",
      `startingAfter=${pass.id}`,
    ]) {
      const answer = await tenant.get(`/v2/passes?${query}`);
      expect(answer.status, query).toBe(200);
      expect(answer.body, query).toMatchObject({ data: [], hasMore: false });
      expect(linksOf(answer).next, query).toBeUndefined();
    }
  });

  it("refuses unknown cursors, two cursors and limits outside 1 to 100, each at its place", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const stranger = await newPass(await newTenant());
    const lists = [
      "/v2/passes",
      "/v2/templates",
      "/v2/events",
      "/v2/api-keys",
      `/v2/templates/${pass.templateId}/versions`,
    ];
    for (const path of lists) {
      for (const cursor of ["nonsense", "pass_00000000000000000000000000", stranger.id, "99"]) {
        for (const name of ["startingAfter", "endingBefore"]) {
          const answer = await tenant.get(`${path}?${name}=${cursor}`);
          expect(answer.status, `${path} ${cursor}: ${answer.text}`).toBe(400);
          expect(answer.body.errors).toEqual([
            expect.objectContaining({ pointer: `#/${name}`, code: "invalid_cursor" }),
          ]);
        }
      }
      const both = await tenant.get(`${path}?startingAfter=${pass.id}&endingBefore=${pass.id}`);
      expect(both.status).toBe(400);
      expect(both.body.errors[0]).toMatchObject({
        code: "invalid_cursor",
        detail: expect.stringContaining("together"),
      });
      for (const limit of ["0", "101", "-1", "1.5", "ten", ""]) {
        const refused = await tenant.get(`${path}?limit=${limit}`);
        expect(refused.status, `${path}?limit=${limit}`).toBe(400);
        expect(refused.body.errors[0]).toMatchObject({ pointer: "#/limit", in: "query" });
      }
      expect((await tenant.get(`${path}?limit=100`)).status).toBe(200);
    }
  });

  it("refuses filters that no index serves together, and names the combinations that work", async () => {
    const tenant = await newTenant();
    const refused = [
      "templateId=a&customerId=b",
      "externalId=a&status=active",
      "updatedSince=2026-01-01T00:00:00Z&status=active",
      "updatedSince=2026-01-01T00:00:00Z&templateId=a",
      "templateId=a&customerId=b&status=active",
      "externalId=a&customerId=b",
    ];
    for (const query of refused) {
      const { status, body } = await tenant.get(`/v2/passes?${query}`);
      expect(status, query).toBe(400);
      const names = [...new URLSearchParams(query).keys()].map((name) => `#/${name}`);
      expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(names.sort());
      for (const { code, detail } of body.errors) {
        expect(code).toBe("unsupported_combination");
        for (const served of ["templateId + status", "customerId + status", "externalId + templateId"]) {
          expect(detail).toContain(served);
        }
      }
    }
  });

  it("R223 refuses a status that does not exist and a time without an offset", async () => {
    const tenant = await newTenant();
    expect((await tenant.get("/v2/passes?status=gone")).body.errors[0].pointer).toBe("#/status");
    for (const since of ["2026-01-01T00:00:00", "2026-01-01", "yesterday", "2026-02-30T00:00:00Z"]) {
      const { status, body } = await tenant.get(`/v2/passes?updatedSince=${since}`);
      expect(status, since).toBe(400);
      expect(body.errors[0], since).toMatchObject({ pointer: "#/updatedSince", in: "query" });
    }
  });
});

const count = 10_000;
const most = count - 10;
/** The few stand in the middle, so that no end of any order finds them first. */
const few = "i between 5000 and 5009";

const skews: Record<string, Skew> = {
  "9,990 voided": { voided: `iif(${few}, null, 2000)`, external: `iif(${few}, null, 'x')`, updated: "1000" },
  "10 voided": { voided: `iif(${few}, 2000, null)`, external: `iif(${few} or i = 0, 'x', null)` },
  "9,990 expired, each at its time": { expires: `iif(${few}, null, ${past} + i)` },
  "9,990 expired, all at once": { expires: `iif(${few}, ${future}, ${past})`, updated: `iif(${few}, 2000, 1000)` },
  "10 expired": { expires: `iif(${few}, ${past} + i, null)`, updated: `iif(${few}, 1000, 2000)` },
  "half voided, the other half expired but for 10": {
    voided: "iif(i % 2 or i between 5000 and 5019, null, 2000)",
    expires: `iif(i between 5000 and 5019, null, ${past} + i / 1000)`,
  },
  "9,990 of another template and another customer": {
    template: `iif(${few}, 'one', '${otherTemplate}')`,
    customer: `iif(${few}, 'c1', 'c2')`,
    external: `iif(i % 2, 'x', null)`,
    voided: "iif(i % 2, 2000, null)",
  },
  "10 of another template and another customer": {
    template: `iif(${few}, '${otherTemplate}', 'one')`,
    customer: `iif(${few}, 'c2', null)`,
    expires: `iif(i % 2, ${past} + i, ${future} + i)`,
  },
};

describe(`lists of ${count} skewed passes`, { timeout: 120_000 }, () => {
  for (const [name, skew] of Object.entries(skews)) {
    it(`reads at most 3 × limit + 5 rows for every filter, place and direction: ${name}`, async () => {
      const tenant = await newTenant();
      const templateId = await newTemplate(tenant);
      const rows = await seedPasses(tenant, templateId, count, skew);
      expect(rows).toHaveLength(count);
      for (const list of expectedLists(rows, [templateId, otherTemplate], [0, 1000, 1500, 2000, 5000])) {
        await expectCheapPages(tenant.token, list);
      }
    });
  }

  it("reads at most 3 × limit + 5 rows of as many templates, versions, events and API keys", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    for (const list of await seedOtherLists(tenant, templateId, count)) await expectCheapPages(tenant.token, list);
  });

  it("reads at most 3 × limit + 5 rows with 9,990 deleted templates in front, behind and between", async () => {
    const tenant = await newTenant();
    await seedTemplates(tenant, count, `iif(${few}, 'active', 'deleted')`);
    const { results } = await env.DATA_DB.prepare(
      "select id from templates where tenant_id = ? and status <> 'deleted' order by id desc",
    )
      .bind(tenant.id)
      .all<{ id: string }>();
    expect(results).toHaveLength(count - most);
    await expectCheapPages(tenant.token, { path: "/v2/templates", query: {}, ids: results.map(({ id }) => id) });
  });

  it("reads at most 3 × limit + 5 rows of as many tenants", async () => {
    try {
      await env.CONTROL_DB.prepare(
        `with recursive n(i) as (select 0 union all select i + 1 from n where i < ? - 1)
         insert into tenants (id, code, name, locale, time_zone, plan, status, credential_epoch, created_at, updated_at, deleted_at, purged_at)
         select 'tenant_0' || printf('%025d', i), printf('%08d', i), 'Seeded', 'en', 'UTC', 'standard',
           iif(i % 2, 'active', 'deleted'), 1, 0, 0, iif(i % 2, null, 1), iif(i % 2, null, 1) from n`,
      )
        .bind(count)
        .run();
      const { results } = await env.CONTROL_DB.prepare("select id from tenants order by id desc").all<{ id: string }>();
      await expectCheapPages(adminToken, { path: "/admin/tenants", query: {}, ids: results.map(({ id }) => id) });
    } finally {
      await env.CONTROL_DB.prepare("delete from tenants where name = 'Seeded'").run();
    }
  });
});

async function seedTemplates(tenant: TestTenant, amount: number, status: string): Promise<void> {
  await env.DATA_DB.prepare(
    `with recursive n(i) as (select 0 union all select i + 1 from n where i < ?2 - 1)
     insert into templates (tenant_id, id, name, style, status, version, created_at, updated_at)
     select ?1, 'tmpl_' || printf('%026d', i), 'Seeded', 'storeCard', ${status}, 1, 1000, 1000 from n`,
  )
    .bind(tenant.id, amount)
    .run();
}

/** Fills the lists that have no filter up to `amount`. */
async function seedOtherLists(tenant: TestTenant, templateId: string, amount: number): Promise<ExpectedList[]> {
  await seedTemplates(tenant, amount - 1, "'active'");
  await env.DATA_DB.prepare(
    `with recursive n(i) as (select 2 union all select i + 1 from n where i < ?3)
     insert into template_versions (tenant_id, template_id, version, design, images, pack_hash, created_at, created_by)
     select tenant_id, template_id, i, '{}', '{}', '', 1000, 'system' from template_versions, n where tenant_id = ?1 and template_id = ?2`,
  )
    .bind(tenant.id, templateId, amount)
    .run();
  await env.DATA_DB.prepare(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?2 - 1)
     insert into events (tenant_id, seq, id, type, data, actor, request_id, created_at, templates, passes_issued, passes_updated, passes_voided)
     select ?1, i + 1000, 'evt_01ZZZZZZZZ' || printf('%016d', i + 1000), 'pass.created', '{}', 'system', 'req', 1000, 0, 0, 0, 0 from n`,
  )
    .bind(tenant.id, amount)
    .run();
  await env.CONTROL_DB.prepare(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?3 - 1)
     insert into credentials (key_id, tenant_id, id, kind, name, secret_hash, scopes, created_at)
     select ?2 || printf('%010d', i), ?1, 'key_' || printf('%026d', i), 'key', 'Seeded', '', '[]', 1000 from n`,
  )
    .bind(tenant.id, tenant.code, amount)
    .run();
  const all = async (db: D1Database, sql: string): Promise<string[]> => {
    const { results } = await db.prepare(sql).bind(tenant.id).all<{ id: unknown }>();
    return results.map(({ id }) => String(id));
  };
  const lists: ExpectedList[] = [
    {
      path: "/v2/templates",
      query: {},
      ids: await all(env.DATA_DB, "select id from templates where tenant_id = ? order by id desc"),
    },
    {
      path: `/v2/templates/${templateId}/versions`,
      query: {},
      ids: await all(
        env.DATA_DB,
        "select version as id from template_versions where tenant_id = ? order by version desc",
      ),
    },
    {
      path: "/v2/events",
      query: {},
      ids: await all(env.DATA_DB, "select id from events where tenant_id = ? order by id desc"),
    },
    {
      path: "/v2/api-keys",
      query: {},
      ids: await all(env.CONTROL_DB, "select id from credentials where tenant_id = ? order by id desc"),
    },
  ];
  for (const list of lists) expect(list.ids, list.path).toHaveLength(amount);
  return lists;
}
