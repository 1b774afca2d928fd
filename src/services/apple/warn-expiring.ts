import { and, eq, isNull, lte, sql, type SQL } from "drizzle-orm";
import { runBatch, type Database } from "../../db/client";
import { appleIdentities, type AppleIdentityRow } from "../../db/data-schema";
import type { BaseContext } from "../context";
import { eventRow } from "../events/record";
import { wholeDaysLeft } from "./view";

/** Days before expiry at which the account is told; `warn_at` in migrations/data says when the next is due. */
const warningDays = [1, 7, 30, 60];

const dayMilliseconds = 86_400_000;
const identitiesPerRun = 100;

/**
 * Writes the warnings that are due, each once: the mark and the event are one batch, on the condition that the mark
 * is as it was read. Where several thresholds have passed only the nearest is told. Runs from cron, any number of times.
 */
export async function warnOfExpiringCertificates(ctx: BaseContext): Promise<number> {
  let warned = 0;
  for (const data of ctx.dataDatabases()) {
    const due = await data
      .select()
      .from(appleIdentities)
      .where(lte(appleIdentities.warnAt, ctx.now))
      .orderBy(appleIdentities.warnAt)
      .limit(identitiesPerRun);
    for (const identity of due) warned += await warn(ctx, data, identity);
  }
  return warned;
}

async function warn(ctx: BaseContext, data: Database, identity: AppleIdentityRow): Promise<number> {
  const { tenantId, passTypeIdentifier, notAfter } = identity;
  const unchanged = and(
    eq(appleIdentities.tenantId, tenantId),
    eq(appleIdentities.passTypeIdentifier, passTypeIdentifier),
    eq(appleIdentities.certificate, identity.certificate),
    sameMark(identity),
  )!;
  const expired = notAfter <= ctx.now;
  // 0 ends the warnings: what has expired is not looked at again.
  const mark = expired ? 0 : warningDays.find((days) => notAfter - ctx.now <= days * dayMilliseconds)!;
  const daysLeft = wholeDaysLeft(notAfter, ctx.now);
  const event = eventRow(
    { data, tenant: { id: tenantId }, actor: { type: "system" }, requestId: ctx.requestId, now: ctx.now },
    {
      type: "certificate.expiring",
      data: { passTypeIdentifier, daysLeft, notAfter: new Date(notAfter).toISOString() },
      onlyIf: sql`exists (select 1 from ${appleIdentities} where ${unchanged})`,
    },
  );
  const marked = await runBatch<unknown[]>(data, [
    ...(expired ? [] : [event]),
    data
      .update(appleIdentities)
      .set({ expiryWarnedDays: mark })
      .where(unchanged)
      .returning({ tenantId: appleIdentities.tenantId }),
  ]);
  return expired ? 0 : (marked?.length ?? 0);
}

const sameMark = ({ expiryWarnedDays }: AppleIdentityRow): SQL =>
  expiryWarnedDays === null
    ? isNull(appleIdentities.expiryWarnedDays)
    : eq(appleIdentities.expiryWarnedDays, expiryWarnedDays);
