import { and, eq, isNotNull, isNull, lt, ne, or, sql } from "drizzle-orm";
import { runBatch } from "../../db/client";
import { tenants } from "../../db/control-schema";
import { auditTenant } from "../audit/record";
import type { BaseContext } from "../context";
import { announceEpoch, bumpEpoch, publishEpoch } from "../credentials/epoch";
import { readTenant } from "./read";

/**
 * Deletes a tenant: its keys and links stop at once, and everything it owns is erased by a queue message
 * (or, should that be lost, by the sweep of `sweepDeletedTenants`).
 */
export async function deleteTenant(ctx: BaseContext, id: string): Promise<void> {
  await readTenant(ctx, id);
  await announceEpoch(ctx, id);
  const standing = and(eq(tenants.id, id), ne(tenants.status, "deleted"))!;
  const onlyIf = sql`exists (select 1 from ${tenants} where ${standing})`;
  await runBatch(ctx.control, [
    auditTenant(ctx, id, { action: "tenant.deleted", objectId: id, onlyIf }),
    ctx.control
      .update(tenants)
      .set({ status: "deleted", deletedAt: ctx.now, purgeLeasedUntil: ctx.now + purgeLeaseMs, updatedAt: ctx.now })
      .where(standing),
    bumpEpoch(ctx, id),
  ]);
  await publishEpoch(ctx, id);
  await ctx.enqueueMaintenance({ type: "purge_tenant", tenantId: id, requestId: ctx.requestId });
}

const sweptPerRun = 10;
export const purgeLeaseMs = 10 * 60_000;

/** Takes up the purge of deleted tenants whose chain of messages has died. Runs from cron. */
export async function sweepDeletedTenants(ctx: BaseContext): Promise<number> {
  const unattended = and(
    isNotNull(tenants.deletedAt),
    isNull(tenants.purgedAt),
    or(isNull(tenants.purgeLeasedUntil), lt(tenants.purgeLeasedUntil, ctx.now)),
  );
  const waiting = await ctx.control.select({ id: tenants.id }).from(tenants).where(unattended).limit(sweptPerRun);
  for (const { id } of waiting) {
    await ctx.control
      .update(tenants)
      .set({ purgeLeasedUntil: ctx.now + purgeLeaseMs })
      .where(and(eq(tenants.id, id), unattended));
    await ctx.enqueueMaintenance({ type: "purge_tenant", tenantId: id, requestId: ctx.requestId });
  }
  return waiting.length;
}
