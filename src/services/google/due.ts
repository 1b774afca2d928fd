import { and, eq, sql } from "drizzle-orm";
import type { BatchStatement } from "../../db/client";
import { googleObjects, type GoogleObjectRow, type PassRow } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { describeFault } from "../describe-fault";

/**
 * In the batch of a change that a holder can see: Google has to be told, and of what the change announces. Writes
 * nothing while the pass is not at Google.
 */
export function markDue(ctx: TenantContext, pass: Pick<PassRow, "id" | "announcement">): BatchStatement {
  const { message, keys } = pass.announcement ?? { message: "", keys: [] };
  const announced = JSON.stringify(Object.fromEntries(keys.map((key) => [key, message])));
  return ctx.data
    .update(googleObjects)
    .set({
      dueAt: ctx.now,
      // Of several changes before the next delivery, each may announce another field.
      ...(keys.length > 0 && { announced: sql`json_patch(${googleObjects.announced}, ${announced})` }),
    })
    .where(and(eq(googleObjects.tenantId, ctx.tenant.id), eq(googleObjects.passId, pass.id)));
}

/** After that batch. Never throws: what cannot be enqueued is due, and cron enqueues it. */
export async function enqueueSync(ctx: TenantContext, passId: string): Promise<void> {
  const { requestId, tenant } = ctx;
  await ctx.enqueueGoogleSync([{ tenantId: tenant.id, passId, requestId }]).catch((error: unknown) => {
    ctx.log({ level: "error", msg: "google sync not enqueued", passId, error: describeFault(error) });
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
