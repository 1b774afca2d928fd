import { and, eq, inArray, lte, sql } from "drizzle-orm";
import { googleObjects, passes, type GoogleObjectRow } from "../../db/data-schema";
import type { TenantContext } from "../context";

/** Longer than any synchronisation takes; who had the lease and is silent for so long has died. */
export const leaseMs = 60_000;

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
  row: GoogleObjectRow;
  /** The version of the pass that was read; a newer one keeps it due. */
  seenVersion: number;
  /** When it is due next, if nobody changes it. */
  dueAt: number | null;
}

/**
 * Writes the rows and gives the leases back; answers the passes that are due again. One statement. A lease that ran
 * out and went to another is left to that one.
 */
export async function settle(ctx: TenantContext, settlements: Settlement[]): Promise<string[]> {
  if (settlements.length === 0) return [];
  const records = settlements.map(({ row, seenVersion, dueAt }) => ({
    ...row,
    failure: row.failure === null ? null : JSON.stringify(row.failure),
    warnings: JSON.stringify(row.warnings),
    notifiedAt: JSON.stringify(row.notifiedAt),
    seenVersion,
    dueAt,
  }));
  const of = (member: string) => sql.raw(`j.value ->> '${member}'`);
  const present = sql`(select ${passes.version} from ${passes} where ${passes.tenantId} = ${ctx.tenant.id} and ${passes.id} = ${googleObjects.passId})`;
  const rows = await ctx.data.all<[string, number | null]>(sql`
    update ${googleObjects} set
      id = ${of("id")}, vertical = ${of("vertical")}, class_id = ${of("classId")},
      synced_version = ${of("syncedVersion")}, synced_at = ${of("syncedAt")}, failure = ${of("failure")},
      warnings = ${of("warnings")}, notified_at = ${of("notifiedAt")}, leased_until = null,
      due_at = iif(${present} = ${of("seenVersion")}, ${of("dueAt")}, ${ctx.now})
    from json_each(${JSON.stringify(records)}) as j
    where ${googleObjects.tenantId} = ${ctx.tenant.id} and ${googleObjects.passId} = ${of("passId")}
      and ${googleObjects.leasedUntil} = ${of("leasedUntil")}
    returning pass_id as passId, due_at as dueAt
  `);
  return rows.flatMap((row) => {
    const { passId, dueAt } = row as unknown as { passId: string; dueAt: number | null };
    return dueAt !== null && dueAt <= ctx.now ? [passId] : [];
  });
}
