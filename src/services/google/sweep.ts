import { sql } from "drizzle-orm";
import { googleObjects } from "../../db/data-schema";
import type { BaseContext } from "../context";

const messagesPerRun = 500;
/** So long a message that was sent is given before another is. */
const messageMs = 900_000;

/**
 * Enqueues what is due and no message brought: one that was lost, an expiry, an account that was put right. What was
 * enqueued goes to the end of the line, so no tenant holds up another. Answers how many.
 */
export async function sweepGoogleSync(ctx: BaseContext): Promise<number> {
  let enqueued = 0;
  for (const data of ctx.dataDatabases()) {
    const due: unknown[] = await data.all(sql`
      update ${googleObjects} set enqueued_until = ${ctx.now + messageMs}
      where (tenant_id, pass_id) in (
        select tenant_id, pass_id from ${googleObjects} where sweep_at <= ${ctx.now} order by sweep_at limit ${messagesPerRun}
      )
      returning tenant_id as tenantId, pass_id as passId
    `);
    if (due.length === 0) continue;
    const rows = due as { tenantId: string; passId: string }[];
    await ctx.enqueueGoogleSync(rows.map((row) => ({ ...row, requestId: ctx.requestId })));
    enqueued += rows.length;
  }
  return enqueued;
}
