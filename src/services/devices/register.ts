import { and, eq, not, sql, type SQL } from "drizzle-orm";
import { runBatch, type BatchStatement } from "../../db/client";
import { devices, passes, registrations } from "../../db/data-schema";
import { eventRow, nextEventSeq } from "../events/record";
import { countInstalls } from "../templates/count-installs";
import type { DeviceContext } from "./authorize";

/**
 * Notes that the device holds the pass and where to push to; answers whether that is new. One batch, each
 * statement with its own condition, so of any number of equal calls one counts.
 */
export async function registerDevice(ctx: DeviceContext, deviceId: string, pushToken: string): Promise<boolean> {
  const isNew = sql`${passIsThere(ctx)} and ${not(isRegistered(ctx, deviceId))}`;
  const isFirst = sql`(select ${passes.firstInstalledAt} is null from ${passes} where ${heldPass(ctx)})`;
  const inserted = await runBatch<unknown[]>(ctx.data, [
    eventRow(ctx, {
      ...installEvent(ctx),
      type: "pass.installed",
      onlyIf: isNew,
      counts: { passesInstalled: isFirst },
    }),
    countInstalls(
      ctx,
      ctx.pass.templateId,
      { passesInstalled: isFirst, installsActive: sql`1`, installsTotal: sql`1` },
      isNew,
    ),
    // Nothing that a holder sees changes, so neither version, revision nor updated_at does.
    ctx.data
      .update(passes)
      .set({
        appleActive: sql`${passes.appleActive} + 1`,
        appleTotal: sql`${passes.appleTotal} + 1`,
        firstInstalledAt: sql`coalesce(${passes.firstInstalledAt}, ${ctx.now})`,
      })
      .where(and(heldPass(ctx), not(isRegistered(ctx, deviceId)))),
    storeDevice(ctx, deviceId, pushToken),
    // Last, for its row is the batch's answer.
    storeRegistration(ctx, deviceId),
  ]);
  return (inserted ?? []).length > 0;
}

export const heldPass = (ctx: DeviceContext) => and(eq(passes.tenantId, ctx.tenant.id), eq(passes.id, ctx.pass.id))!;

/** Read again in the batch: a tenant's purge must not be followed by rows of it. */
const passIsThere = (ctx: DeviceContext) => sql`exists (select 1 from ${passes} where ${heldPass(ctx)})`;

export const ownRegistration = (ctx: DeviceContext, deviceId: string) =>
  and(
    eq(registrations.tenantId, ctx.tenant.id),
    eq(registrations.deviceId, deviceId),
    eq(registrations.passTypeIdentifier, ctx.pass.passTypeIdentifier),
    eq(registrations.passId, ctx.pass.id),
  )!;

export const isRegistered = (ctx: DeviceContext, deviceId: string): SQL =>
  sql`exists (select 1 from ${registrations} where ${ownRegistration(ctx, deviceId)})`;

/** The device's id and push token stay out of it: they are secrets. */
export const installEvent = ({ pass }: DeviceContext) => ({
  passId: pass.id,
  templateId: pass.templateId,
  data: { wallet: "apple" },
});

/** The token that came last is the one that is pushed to. */
function storeDevice(ctx: DeviceContext, deviceId: string, pushToken: string): BatchStatement {
  return ctx.data
    .insert(devices)
    .select(
      // In the order of the table's columns.
      sql`select ${ctx.tenant.id}, ${deviceId}, ${pushToken}, ${ctx.now}, ${ctx.now} where ${passIsThere(ctx)}`,
    )
    .onConflictDoUpdate({
      target: [devices.tenantId, devices.id],
      set: { pushToken: sql`excluded.push_token`, updatedAt: ctx.now },
      setWhere: sql`${devices.pushToken} <> excluded.push_token`,
    });
}

function storeRegistration(ctx: DeviceContext, deviceId: string): BatchStatement {
  const { tenant, pass, now } = ctx;
  return ctx.data
    .insert(registrations)
    .select(
      // Its revision is the number of the event that the batch wrote before.
      sql`select ${tenant.id}, ${deviceId}, ${pass.passTypeIdentifier}, ${pass.id}, ${nextEventSeq(tenant.id)} - 1, ${now}
          where ${passIsThere(ctx)}`,
    )
    .onConflictDoNothing()
    .returning({ passId: registrations.passId });
}
