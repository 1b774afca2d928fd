import { and, eq, not, sql, type SQL } from "drizzle-orm";
import { runBatch, type BatchStatement } from "../../db/client";
import { events, googleAccounts, googleClassCallbacks, googleObjects, passes, templates } from "../../db/data-schema";
import type { GoogleCallback } from "../../google-wallet/callback";
import type { TenantContext } from "../context";
import { eventRow } from "../events/record";
import { ownPass } from "../passes/read";
import { countInstalls } from "../templates/count-installs";
import { installationOf, type Installation } from "./installation";

/**
 * Writes what a callback tells, and answers whether it counted: not if it did before, nor if it is of no pass of ours.
 * One batch, in which everything depends on whether the event of this issuer and nonce is new. That is written first; the
 * pass keeps the number of the last event that its counts hold, and is written last, so all in between see it as it was.
 */
export async function recordCallback(ctx: TenantContext, issuerId: string, callback: GoogleCallback): Promise<boolean> {
  const source = `google/${issuerId}/${callback.nonce}`;
  const sameSource = and(eq(events.tenantId, ctx.tenant.id), eq(events.source, source));
  const unseen = not(sql`exists (select 1 from ${events} where ${sameSource})`);
  const installation = installationOf(ctx, issuerId, callback);
  const counted = await runBatch<unknown[] | object>(ctx.data, [
    ...classCounts(ctx, callback, installation, unseen),
    ...(installation ? [installationEvent(ctx, installation, source, unseen)] : []),
    unmatchedEvent(ctx, callback, source, unseen),
    ...(installation ? installationCounts(ctx, installation, source) : []),
  ]);
  return Array.isArray(counted) && counted.length > 0;
}

const passIsThere = (ctx: TenantContext, passId: string): SQL =>
  sql`exists (select 1 from ${passes} where ${ownPass(ctx, passId)})`;

/** They are the last that a purge erases, so what is written under this condition does not outlive the tenant. */
const tenantIsThere = ({ tenant }: TenantContext): SQL => sql`(
  exists (select 1 from ${templates} where tenant_id = ${tenant.id})
  or exists (select 1 from ${googleAccounts} where tenant_id = ${tenant.id}))`;

/** When something was last heard of a class, and how much. */
function classCounts(
  ctx: TenantContext,
  { classId }: GoogleCallback,
  installation: Installation | null,
  unseen: SQL,
): BatchStatement[] {
  if (classId === null) return [];
  const matched = installation ? passIsThere(ctx, installation.passId) : sql`0`;
  const saves = sql`iif(${matched}, ${Number(installation?.saved ?? false)}, 0)`;
  const removals = sql`iif(${matched}, ${Number(installation ? !installation.saved : false)}, 0)`;
  const add = (name: "saves" | "removals" | "unmatched") =>
    sql`${googleClassCallbacks[name]} + excluded.${sql.identifier(name)}`;
  return [
    ctx.data
      .insert(googleClassCallbacks)
      .select(
        // In the order of the table's columns.
        sql`select ${ctx.tenant.id}, ${classId}, ${saves}, ${removals}, not ${matched}, ${ctx.now}
            where ${unseen} and ${tenantIsThere(ctx)}`,
      )
      .onConflictDoUpdate({
        target: [googleClassCallbacks.tenantId, googleClassCallbacks.classId],
        set: {
          saves: add("saves"),
          removals: add("removals"),
          unmatched: add("unmatched"),
          lastAt: sql`max(${googleClassCallbacks.lastAt}, excluded.last_at)`,
        },
      }),
  ];
}

function installationEvent(
  ctx: TenantContext,
  { passId, saved, added }: Installation,
  source: string,
  unseen: SQL,
): BatchStatement {
  return eventRow(ctx, {
    type: saved ? "pass.installed" : "pass.uninstalled",
    passId,
    templateId: sql`(select template_id from ${passes} where ${ownPass(ctx, passId)})`,
    data: { wallet: "google" },
    source,
    onlyIf: and(unseen, passIsThere(ctx, passId))!,
    counts: added,
  });
}

/** Of a message about no pass of ours, or of a kind that we do not know. */
function unmatchedEvent(ctx: TenantContext, callback: GoogleCallback, source: string, unseen: SQL): BatchStatement {
  const { eventType, classId, objectId, externalPassId } = callback;
  return eventRow(ctx, {
    type: "google_callback.unmatched",
    data: { eventType, ...(externalPassId === null ? { classId, objectId } : { externalPassId }) },
    source,
    onlyIf: and(unseen, tenantIsThere(ctx))!,
  });
}

/** The last of them answers the pass if it counted. */
function installationCounts(ctx: TenantContext, installation: Installation, source: string): BatchStatement[] {
  const { passId, objectId, saved, added, line } = installation;
  const own = ownPass(ctx, passId);
  const event = and(eq(events.tenantId, ctx.tenant.id), eq(events.source, source), eq(events.passId, passId));
  const isNew = sql`exists (
    select 1 from ${passes} join ${events} on ${event} where ${own} and ${events.seq} > ${passes.googleCountedSeq})`;
  return [
    // Google has the object now, and we heard of it.
    ctx.data
      .update(googleObjects)
      .set({ inLink: saved ? false : sql`in_link`, drift: null })
      .where(
        and(
          eq(googleObjects.tenantId, ctx.tenant.id),
          eq(googleObjects.passId, passId),
          eq(googleObjects.id, objectId),
          saved ? sql`(drift is not null or in_link = 1)` : sql`drift is not null`,
          isNew,
        ),
      ),
    countInstalls(ctx, sql`(select template_id from ${passes} where ${own})`, added, isNew),
    ctx.data
      .update(passes)
      .set({
        googleActive: sql`${passes.googleActive} + ${added.installsActive}`,
        googleTotal: sql`${passes.googleTotal} + ${added.installsTotal ?? 0}`,
        ...(saved && { firstInstalledAt: sql`coalesce(${passes.firstInstalledAt}, ${ctx.now})` }),
        ...line,
        googleCountedSeq: sql`(select seq from ${events} where ${event})`,
      })
      .where(and(own, isNew))
      .returning({ id: passes.id }),
  ];
}
