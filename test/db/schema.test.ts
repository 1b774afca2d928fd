import { applyD1Migrations, runInDurableObject, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { describe, expect, it } from "vitest";
import * as control from "../../src/db/control-schema";
import * as data from "../../src/db/data-schema";
import { newPass, newTenant } from "../support/api";

const databases = [
  { name: "control", db: env.CONTROL_DB, migrations: env.CONTROL_MIGRATIONS, schema: control },
  { name: "data", db: env.DATA_DB, migrations: env.DATA_MIGRATIONS, schema: data },
];

/** Those that are ours, and not the platform's. */
const ourTables =
  "select name, sql from sqlite_master where type = 'table' and name not like '\\_cf\\_%' escape '\\' and name not like 'd1\\_%' escape '\\' and name not like 'sqlite\\_%' escape '\\' order by name";

interface ColumnInfo {
  name: string;
  type: string;
  notnull: number;
  pk: number;
  /** 2 and 3: generated, virtual and stored. */
  hidden: number;
}

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

async function columnsOf(db: D1Database, table: string): Promise<ColumnInfo[]> {
  const { results } = await db
    .prepare('select name, type, "notnull", pk, hidden from pragma_table_xinfo(?)')
    .bind(table)
    .all<ColumnInfo>();
  return results;
}

async function rowCounts(db: D1Database): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const { results } = await db.prepare(ourTables).all<{ name: string }>();
  for (const { name } of [...results, { name: "d1_migrations" }]) {
    counts[name] = (await db.prepare(`select count(*) as rows from ${name}`).first<{ rows: number }>())!.rows;
  }
  return counts;
}

describe.each(databases)("the $name database", ({ db, migrations, schema }) => {
  const tables = Object.values(schema).filter((value): value is SQLiteTable => is(value, SQLiteTable));

  it("has the tables and columns of the drizzle schema, generated ones too, and no others", async () => {
    const { results } = await db.prepare(ourTables).all<{ name: string }>();
    const configs = tables.map((table) => getTableConfig(table));
    expect(configs.map(({ name }) => name).toSorted()).toEqual(results.map(({ name }) => name));
    for (const config of configs) {
      const described = config.columns.map((column) => ({
        name: snakeCase(column.name),
        type: column.getSQLType(),
        nullable: !column.notNull,
        generated: column.generated !== undefined,
      }));
      const key =
        config.primaryKeys[0]?.columns.map(({ name }) => name) ??
        config.columns.filter(({ primary }) => primary).map(({ name }) => name);
      const actual = await columnsOf(db, config.name);
      expect(described, config.name).toEqual(
        actual.map(({ name, type, notnull, hidden }) => ({
          name,
          type: type.toLowerCase().split(" ")[0],
          nullable: notnull === 0,
          generated: hidden >= 2,
        })),
      );
      const primary = actual.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk);
      expect(key.map(snakeCase), config.name).toEqual(primary.map(({ name }) => name));
    }
  });

  it("is migrated once: a second run changes nothing, also with rows in it", async () => {
    await newPass(await newTenant(), { customer: { id: "m1" }, externalId: "card" });
    const before = await rowCounts(db);
    expect(before.d1_migrations).toBe(migrations.length);
    await applyD1Migrations(db, migrations);
    expect(await rowCounts(db)).toEqual(before);
  });

  it("each migration applies over rows that are there already, and loses none", async () => {
    const scratch = env.RATE_LIMITER.getByName(`scratch ${crypto.randomUUID()}`);
    await runInDurableObject(scratch, (_, { storage }) => {
      const { sql } = storage;
      const earlier = new Set(
        sql
          .exec<{ name: string }>(ourTables)
          .toArray()
          .map(({ name }) => name),
      );
      const names = () =>
        sql
          .exec<{ name: string }>(ourTables)
          .toArray()
          .map(({ name }) => name)
          .filter((name) => !earlier.has(name));
      const count = (name: string) => sql.exec<{ rows: number }>(`select count(*) as rows from "${name}"`).one().rows;
      const expected: Record<string, number> = {};
      for (const [round, { queries }] of (migrations as D1Migration[]).entries()) {
        for (const query of queries) sql.exec(query);
        for (const name of names()) {
          expect(count(name), `${name} after migration ${round + 1}`).toBe(expected[name] ?? 0);
          const columns = sql
            .exec<{ name: string; type: string; hidden: number }>(
              "select name, type, hidden from pragma_table_xinfo(?)",
              name,
            )
            .toArray();
          const written = columns.filter(({ hidden }) => hidden === 0);
          const values = written.map(({ type }, at) =>
            type.toLowerCase() === "integer" ? round * 100 + at : `v${round}-${at}`,
          );
          sql.exec(
            `insert into "${name}" (${written.map((column) => column.name).join(", ")}) values (${written.map(() => "?").join(", ")})`,
            ...values,
          );
          expected[name] = (expected[name] ?? 0) + 1;
        }
      }
      expect(names().length).toBe(tables.length);
      for (const [name, rows] of Object.entries(expected)) expect(count(name), name).toBe(rows);
    });
  });

  it("has tenant_id first in the key of every table that a tenant owns", async () => {
    if (db !== env.DATA_DB) return expect(tables.length).toBeGreaterThan(0);
    for (const table of tables) {
      const { name } = getTableConfig(table);
      const first = (await columnsOf(db, name)).find(({ pk }) => pk === 1);
      expect(first?.name, name).toBe("tenant_id");
    }
  });
});

describe("totals that a migration works out", () => {
  it("R176 R177 templates know the installations that there were before", async () => {
    const scratch = env.RATE_LIMITER.getByName(`scratch ${crypto.randomUUID()}`);
    await runInDurableObject(scratch, (_, { storage }) => {
      const { sql } = storage;
      const apply = ({ queries }: D1Migration) => {
        for (const query of queries) sql.exec(query);
      };
      const [last, ...before] = (env.DATA_MIGRATIONS as D1Migration[])
        .filter(({ name }) => name <= "0004_google_callbacks.sql")
        .toReversed();
      for (const migration of before.toReversed()) apply(migration);
      const template = (tenant: string, id: string) =>
        sql.exec("insert into templates values (?, ?, 'n', 's', 'active', 1, 1, 1, null)", tenant, id);
      for (const [tenant, id] of [
        ["a", "t1"],
        ["a", "t2"],
        ["b", "t1"],
      ] as const)
        template(tenant, id);
      const pass = (tenant: string, id: string, templateId: string, active: number, total: number) =>
        sql.exec(
          `insert into passes (tenant_id, id, template_id, template_version, authentication_token, field_values, overrides,
             version, change, created_at, updated_at, updated_by, apple_active, apple_total, first_installed_at)
           values (?, ?, ?, 1, 'x', '{}', '{}', 1, '{}', 1, 1, 'x', ?, ?, ?)`,
          tenant,
          id,
          templateId,
          active,
          total,
          total > 0 ? 5 : null,
        );
      pass("a", "p1", "t1", 1, 2);
      pass("a", "p2", "t1", 0, 3);
      pass("a", "p3", "t1", 0, 0);
      pass("b", "p1", "t1", 4, 4);
      apply(last!);
      const rows = (query: string) => [...sql.exec(query).raw()];
      expect(
        rows("select tenant_id, id, passes_installed, installs_active, installs_total from templates order by 1, 2"),
      ).toEqual([
        ["a", "t1", 2, 1, 5],
        ["a", "t2", 0, 0, 0],
        ["b", "t1", 1, 4, 4],
      ]);
    });
  });
});

describe("generated columns", () => {
  it("lapses_at puts voided passes first and those that never expire last; external_slot frees the id of a voided pass", async () => {
    const tenant = await newTenant();
    const never = await newPass(tenant);
    const { templateId } = never;
    const expiring = await newPass(tenant, { templateId, overrides: { expiresAt: "2030-01-01T00:00:00Z" } });
    const voided = await newPass(tenant, { templateId, overrides: { expiresAt: "2030-01-01T00:00:00Z" } });
    await tenant.delete(`/v2/passes/${voided.id}`);
    const { results } = await env.DATA_DB.prepare(
      "select id, lapses_at, external_slot from passes where tenant_id = ? order by lapses_at",
    )
      .bind(tenant.id)
      .all();
    expect(results).toEqual([
      { id: voided.id, lapses_at: -Number.MAX_SAFE_INTEGER, external_slot: voided.id },
      { id: expiring.id, lapses_at: Date.parse("2030-01-01T00:00:00Z"), external_slot: "" },
      { id: never.id, lapses_at: Number.MAX_SAFE_INTEGER, external_slot: "" },
    ]);
  });
});
