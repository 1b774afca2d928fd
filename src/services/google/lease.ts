import { and, eq, inArray, lte, sql } from "drizzle-orm";
import { googleObjects, passes, type GoogleObjectRow } from "../../db/data-schema";
import type { TenantContext } from "../context";

/** Who had the lease and is silent for so long has died: nothing is sent to Google later than `deliveryMs` after it was taken. */
const leaseMs = 60_000;
export const deliveryMs = 45_000;

/** A pass that this consumer has to itself. */
export interface Claimed {
  row: GoogleObjectRow;
  /** The consumer before died at it: what it did at Google is unknown. */
  abandoned: boolean;
}

const ownObjects = (ctx: TenantContext, passIds: string[]) =>
  and(eq(googleObjects.tenantId, ctx.tenant.id), inArray(googleObjects.passId, passIds));

/**
 * Takes those of the passes that are due, so that nobody else tells Google of them meanwhile: two who read
 * different versions could arrive in the wrong order. `held` are due, and another's.
 */
export async function claimDue(ctx: TenantContext, passIds: string[]): Promise<{ claimed: Claimed[]; held: string[] }> {
  const due = and(ownObjects(ctx, passIds), lte(googleObjects.dueAt, ctx.now));
  const free = sql`coalesce(${googleObjects.leasedUntil}, 0) <= ${ctx.now}`;
  const [before, rows] = await ctx.data.batch([
    ctx.data
      .select({ passId: googleObjects.passId, leasedUntil: googleObjects.leasedUntil })
      .from(googleObjects)
      .where(due),
    ctx.data
      .update(googleObjects)
      .set({ leasedUntil: ctx.now + leaseMs })
      .where(and(due, free))
      .returning(),
  ]);
  const leases = new Map(before.map(({ passId, leasedUntil }) => [passId, leasedUntil]));
  const claimed = rows.map((row) => ({ row, abandoned: leases.get(row.passId) !== null }));
  const taken = new Set(rows.map(({ passId }) => passId));
  return { claimed, held: before.map(({ passId }) => passId).filter((passId) => !taken.has(passId)) };
}

/** What became of a claimed pass. */
export interface Settlement {
  /** As claimed, with what the delivery changed of it. */
  row: GoogleObjectRow;
  /** The version of the pass that was read; a newer one keeps it due. Null if none was. */
  seenVersion: number | null;
  /** When it is due next, if nothing made it due meanwhile. */
  dueAt: number | null;
}

/**
 * Writes the rows and gives the leases back; answers the passes that are due again. One statement. A lease that ran
 * out and went to another is left to that one, and its pass is due once more.
 */
export async function settle(ctx: TenantContext, settlements: Settlement[]): Promise<string[]> {
  if (settlements.length === 0) return [];
  const settled = await writeRows(ctx, settlements);
  const lost = settlements.map(({ row }) => row.passId).filter((passId) => !settled.has(passId));
  if (lost.length > 0) await ctx.data.update(googleObjects).set({ dueAt: ctx.now }).where(ownObjects(ctx, lost));
  return [...settled].flatMap(([passId, dueAt]) => (dueAt !== null && dueAt <= ctx.now ? [passId] : []));
}

async function writeRows(ctx: TenantContext, settlements: Settlement[]): Promise<Map<string, number | null>> {
  const records = settlements.map(({ row, seenVersion, dueAt }) => ({
    ...row,
    inLink: Number(row.inLink),
    failure: row.failure && JSON.stringify(row.failure),
    warnings: JSON.stringify(row.warnings),
    messages: JSON.stringify(row.messages),
    notifiedAt: JSON.stringify(row.notifiedAt),
    claimedDueAt: row.dueAt,
    seenVersion,
    dueAt,
  }));
  const of = (member: string) => sql.raw(`j.value ->> '${member}'`);
  const version = sql`(select ${passes.version} from ${passes} where ${passes.tenantId} = ${ctx.tenant.id} and ${passes.id} = ${googleObjects.passId})`;
  const unchanged = sql`${version} = coalesce(${of("seenVersion")}, ${version}) and ${googleObjects.dueAt} = ${of("claimedDueAt")}`;
  const rows: unknown[] = await ctx.data.all(sql`
    update ${googleObjects} set
      id = ${of("id")}, vertical = ${of("vertical")}, class_id = ${of("classId")}, in_link = ${of("inLink")},
      synced_version = ${of("syncedVersion")}, synced_at = ${of("syncedAt")},
      failures = ${of("failures")}, failure = ${of("failure")}, warnings = ${of("warnings")},
      messages = ${of("messages")}, notified_at = ${of("notifiedAt")},
      announced = iif(${unchanged} and ${of("failure")} is null, '{}', announced),
      leased_until = null, enqueued_until = null,
      due_at = iif(${unchanged}, ${of("dueAt")}, ${ctx.now})
    from (with records as materialized (select value from json_each(${JSON.stringify(records)})) select * from records) as j
    where ${googleObjects.tenantId} = ${ctx.tenant.id} and ${googleObjects.passId} = ${of("passId")}
      and ${googleObjects.leasedUntil} = ${of("leasedUntil")}
    returning pass_id as passId, due_at as dueAt
  `);
  return new Map((rows as { passId: string; dueAt: number | null }[]).map(({ passId, dueAt }) => [passId, dueAt]));
}
