import { and, eq, isNotNull, isNull, sql, type SQL } from "drizzle-orm";
import { runBatch, type Database } from "../../db/client";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { credentials, googleIssuers, tenants } from "../../db/control-schema";
import * as schema from "../../db/data-schema";
import { auditTenant } from "../audit/record";
import type { BaseContext } from "../context";
import { allShards } from "../idempotency/identify";
import { purgeLeaseMs } from "./delete";

/** Every table of a tenant with its primary key, children before parents. */
const ownedTables: [SQLiteTable, string][] = [
  [schema.events, "tenant_id, seq"],
  [schema.registrations, "tenant_id, device_id, pass_type_identifier, pass_id"],
  [schema.devices, "tenant_id, id"],
  [schema.auditLog, "tenant_id, id"],
  [schema.appleLogs, "tenant_id, seq"],
  [schema.googleObjects, "tenant_id, pass_id"],
  [schema.googleClasses, "tenant_id, id"],
  [schema.googleClassCallbacks, "tenant_id, class_id"],
  [schema.signupPrefills, "tenant_id, token_hash"],
  [schema.links, "tenant_id, token"],
  [schema.passVersions, "tenant_id, pass_id, version"],
  [schema.passes, "tenant_id, id"],
  [schema.customers, "tenant_id, id"],
  [schema.images, "tenant_id, id"],
  [schema.templateVersions, "tenant_id, template_id, version"],
  [schema.templates, "tenant_id, id"],
  [schema.appleCertificateRequests, "tenant_id, id"],
  [schema.appleIdentities, "tenant_id, pass_type_identifier"],
  [schema.googleAccounts, "tenant_id"],
];

const rowsPerSlice = 500;
const filesPerSlice = 500;

/**
 * Erases what a deleted tenant owned, one bounded slice per call; answers whether anything is left. Each
 * step may run twice. The tenant's row stays, purged, so that its code is never given away again; and what the operator did
 * to it stays in the audit log.
 */
export async function purgeTenantSlice(ctx: BaseContext, tenantId: string): Promise<{ done: boolean }> {
  const [tenant] = await ctx.control
    .select()
    .from(tenants)
    .where(and(eq(tenants.id, tenantId), isNotNull(tenants.deletedAt), isNull(tenants.purgedAt)));
  if (!tenant) return { done: true };
  await ctx.control
    .update(tenants)
    .set({ purgeLeasedUntil: ctx.now + purgeLeaseMs })
    .where(eq(tenants.id, tenantId));
  const data = ctx.dataOf(tenant.code);
  for (const [table, primaryKey] of ownedTables) {
    if (await eraseSlice(data, table, primaryKey, sql`tenant_id = ${tenantId}`)) return { done: false };
  }
  if (await eraseSlice(ctx.control, schema.auditLog, "tenant_id, id", ofItsOwn(tenantId))) return { done: false };
  const listed = await ctx.files.list({ prefix: `${tenant.code}/`, limit: filesPerSlice });
  if (listed.objects.length > 0) {
    await ctx.files.delete(listed.objects.map(({ key }) => key));
    return { done: false };
  }
  await ctx.googleSimulator?.eraseRegistrant(tenantId);
  await ctx.nonces(tenantId).erase();
  await Promise.all(allShards.map((shard) => ctx.idempotency(tenantId, shard).erase()));
  await ctx.limiter(tenantId).erase();
  await ctx.requestLog(tenantId).erase();
  const onlyIf = sql`exists (select 1 from ${tenants} where ${eq(tenants.id, tenantId)} and ${isNull(tenants.purgedAt)})`;
  await runBatch(ctx.control, [
    auditTenant(ctx, tenantId, { action: "tenant.purged", objectId: tenantId, onlyIf }, { type: "system" }),
    ctx.control.delete(credentials).where(eq(credentials.tenantId, tenantId)),
    ctx.control.delete(googleIssuers).where(eq(googleIssuers.tenantId, tenantId)),
    ctx.control
      .update(tenants)
      .set({ purgedAt: ctx.now, name: tenant.code, publicUri: null })
      .where(eq(tenants.id, tenantId)),
  ]);
  return { done: true };
}

/** Answers whether there was any. */
async function eraseSlice(db: Database, table: SQLiteTable, primaryKey: string, owned: SQL): Promise<boolean> {
  const keys = sql.raw(primaryKey);
  const result = await db.run(
    sql`delete from ${table} where (${keys}) in (select ${keys} from ${table} where ${owned} limit ${rowsPerSlice})`,
  );
  return result.meta.changes > 0;
}

/** What its own keys did. */
const ofItsOwn = (tenantId: string): SQL => sql`tenant_id = ${tenantId} and actor not in ('admin', 'system')`;
