import { and, eq } from "drizzle-orm";
import type { BatchStatement } from "../../db/client";
import { googleObjects, type GoogleObjectRow } from "../../db/data-schema";
import type { TenantContext } from "../context";

/** In the batch of a change that a holder can see: Google has to be told. Writes nothing while the pass is not at Google. */
export function markDue(ctx: TenantContext, passId: string): BatchStatement {
  return ctx.data
    .update(googleObjects)
    .set({ dueAt: ctx.now })
    .where(and(eq(googleObjects.tenantId, ctx.tenant.id), eq(googleObjects.passId, passId)));
}

/** After that batch. Never throws: what cannot be enqueued is due, and cron enqueues it. */
export async function enqueueSync(ctx: TenantContext, passId: string): Promise<void> {
  const { requestId, tenant } = ctx;
  await ctx.enqueueGoogleSync([{ tenantId: tenant.id, passId, requestId }]).catch((error: unknown) => {
    ctx.log({ level: "error", msg: "google sync not enqueued", passId, error: String(error) });
  });
}

/** After a change of a pass: what Google has of it is old now, if it has it and a holder could see the change. */
export async function syncSoon(
  ctx: TenantContext,
  row: GoogleObjectRow | null,
  visible: boolean,
): Promise<GoogleObjectRow | null> {
  if (!row || !visible) return row;
  await enqueueSync(ctx, row.passId);
  return { ...row, dueAt: ctx.now };
}
