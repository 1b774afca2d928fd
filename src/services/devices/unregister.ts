import { and, eq, sql } from "drizzle-orm";
import { runBatch } from "../../db/client";
import { devices, passes, registrations } from "../../db/data-schema";
import { eventRow } from "../events/record";
import { countInstalls } from "../templates/count-installs";
import type { DeviceContext } from "./authorize";
import { heldPass, installEvent, isRegistered, ownRegistration } from "./register";

/** Forgets that the device holds the pass, and the device with its last pass. A second call changes nothing. */
export async function unregisterDevice(ctx: DeviceContext, deviceId: string): Promise<void> {
  const registered = isRegistered(ctx, deviceId);
  const ofDevice = and(eq(registrations.tenantId, ctx.tenant.id), eq(registrations.deviceId, deviceId));
  await runBatch(ctx.data, [
    eventRow(ctx, { ...installEvent(ctx), type: "pass.uninstalled", onlyIf: registered }),
    countInstalls(ctx, ctx.pass.templateId, { installsActive: sql`-1` }, registered),
    ctx.data
      .update(passes)
      .set({ appleActive: sql`${passes.appleActive} - 1` })
      .where(and(heldPass(ctx), registered)),
    ctx.data.delete(registrations).where(ownRegistration(ctx, deviceId)),
    ctx.data
      .delete(devices)
      .where(
        and(
          eq(devices.tenantId, ctx.tenant.id),
          eq(devices.id, deviceId),
          sql`not exists (select 1 from ${registrations} where ${ofDevice})`,
        ),
      ),
  ]);
}
