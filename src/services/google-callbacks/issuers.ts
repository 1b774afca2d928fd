import { googleIssuers } from "../../db/control-schema";
import type { BaseContext } from "../context";

/** From now on the tenant hears callbacks of the issuer. */
export async function noteIssuer(
  ctx: Pick<BaseContext, "control" | "now">,
  tenantId: string,
  issuerId: string,
): Promise<void> {
  await ctx.control
    .insert(googleIssuers)
    .values({ tenantId, issuerId, connectedAt: ctx.now })
    .onConflictDoUpdate({ target: [googleIssuers.tenantId, googleIssuers.issuerId], set: { connectedAt: ctx.now } });
}
