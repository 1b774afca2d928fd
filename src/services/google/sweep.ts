import { and, asc, lte, sql } from "drizzle-orm";
import { googleObjects } from "../../db/data-schema";
import type { BaseContext } from "../context";

/** What a change enqueued is done by then. */
const graceMs = 30_000;
const messagesPerRun = 500;

/** Enqueues what is due and no message brought: one that was lost, an expiry, an account that was put right. Answers how many. */
export async function sweepGoogleSync(ctx: BaseContext): Promise<number> {
  let enqueued = 0;
  for (const data of ctx.dataDatabases()) {
    const due = await data
      .select({ tenantId: googleObjects.tenantId, passId: googleObjects.passId })
      .from(googleObjects)
      .where(
        and(lte(googleObjects.dueAt, ctx.now - graceMs), sql`coalesce(${googleObjects.leasedUntil}, 0) <= ${ctx.now}`),
      )
      .orderBy(asc(googleObjects.dueAt))
      .limit(messagesPerRun);
    if (due.length === 0) continue;
    await ctx.enqueueGoogleSync(due.map((row) => ({ ...row, requestId: ctx.requestId })));
    enqueued += due.length;
  }
  return enqueued;
}
