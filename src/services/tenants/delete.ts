import { and, eq, isNotNull, isNull, ne } from "drizzle-orm";
import { tenants } from "../../db/control-schema";
import type { BaseContext } from "../context";
import { bumpEpoch, publishEpoch } from "../credentials/epoch";
import { readTenant } from "./read";

/**
 * Deletes a tenant: its keys and links stop at once, and everything it owns is erased by a queue message
 * (or, should that be lost, by the sweep of `sweepDeletedTenants`).
 */
export async function deleteTenant(ctx: BaseContext, id: string): Promise<void> {
  await readTenant(ctx, id);
  await ctx.control.batch([
    ctx.control
      .update(tenants)
      .set({ status: "deleted", deletedAt: ctx.now, updatedAt: ctx.now })
      .where(and(eq(tenants.id, id), ne(tenants.status, "deleted"))),
    bumpEpoch(ctx, id),
  ]);
  await publishEpoch(ctx, id);
  await ctx.enqueueMaintenance({ type: "purge_tenant", tenantId: id, requestId: ctx.requestId });
}

const sweptPerRun = 10;

/** Enqueues the purge of every tenant that was deleted and is not yet erased. Runs from cron. */
export async function sweepDeletedTenants(ctx: BaseContext): Promise<number> {
  const waiting = await ctx.control
    .select({ id: tenants.id })
    .from(tenants)
    .where(and(isNotNull(tenants.deletedAt), isNull(tenants.purgedAt)))
    .limit(sweptPerRun);
  for (const { id } of waiting) {
    await ctx.enqueueMaintenance({ type: "purge_tenant", tenantId: id, requestId: ctx.requestId });
  }
  return waiting.length;
}
