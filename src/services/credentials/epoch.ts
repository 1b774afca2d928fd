import { eq, sql } from "drizzle-orm";
import { tenants } from "../../db/control-schema";
import type { BaseContext } from "../context";
import { logUnreachable } from "./ask-limiter";
import { unblock } from "./blocks";

/** Part of the batch of every change that a cached credential must not outlive. */
export function bumpEpoch(ctx: BaseContext, tenantId: string) {
  return ctx.control
    .update(tenants)
    .set({ credentialEpoch: sql`${tenants.credentialEpoch} + 1` })
    .where(eq(tenants.id, tenantId));
}

/**
 * Tells the tenant's limiter of the change before it is made: from then on every isolate reads the credential
 * anew on each request, so that a crash between the change and `publishEpoch` leaves no revoked key alive.
 */
export async function announceEpoch(ctx: BaseContext, tenantId: string): Promise<void> {
  const [row] = await ctx.control
    .select({ epoch: tenants.credentialEpoch })
    .from(tenants)
    .where(eq(tenants.id, tenantId));
  if (!row) return;
  try {
    await ctx.limiter(tenantId).raiseEpoch(row.epoch + 1, { isAnnounced: true });
  } catch (error) {
    // Whoever cannot reach the limiter reads anew in any case; the change must not wait for it.
    logUnreachable(ctx, tenantId, error);
  }
}

/**
 * Tells the tenant's limiter, which every isolate asks on each request. If this is never reached, the next
 * cold isolate tells it: each call to the limiter carries the epoch that its caller read.
 */
export async function publishEpoch(ctx: BaseContext, tenantId: string): Promise<void> {
  unblock(tenantId);
  const [row] = await ctx.control
    .select({ epoch: tenants.credentialEpoch })
    .from(tenants)
    .where(eq(tenants.id, tenantId));
  if (row) await ctx.limiter(tenantId).raiseEpoch(row.epoch);
}
