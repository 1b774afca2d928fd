import { and, isNull } from "drizzle-orm";
import { credentials } from "../../db/control-schema";
import type { TenantContext } from "../context";
import { notFound } from "../errors";
import { announceEpoch, bumpEpoch, publishEpoch } from "./epoch";
import { ownKey, readKey, type KeyWithUse } from "./list";

/** Revokes a key, everywhere at once. A second call changes nothing but tells the limiter again. */
export async function revokeKey(ctx: TenantContext, id: string): Promise<KeyWithUse> {
  const [key] = await ctx.control.select({ id: credentials.id }).from(credentials).where(ownKey(ctx, id));
  if (!key) throw notFound("API key");
  await announceEpoch(ctx, ctx.tenant.id);
  await ctx.control.batch([
    ctx.control
      .update(credentials)
      .set({ revokedAt: ctx.now })
      .where(and(ownKey(ctx, id), isNull(credentials.revokedAt))),
    bumpEpoch(ctx, ctx.tenant.id),
  ]);
  await publishEpoch(ctx, ctx.tenant.id);
  return readKey(ctx, id);
}
