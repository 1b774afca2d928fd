import { and, isNull, sql } from "drizzle-orm";
import { runBatch } from "../../db/client";
import { credentials } from "../../db/control-schema";
import { auditRow } from "../audit/record";
import type { TenantContext } from "../context";
import { notFound } from "../errors";
import { announceEpoch, bumpEpoch, publishEpoch } from "./epoch";
import { ownKey, readKey, type KeyWithUse } from "./list";

/** Revokes a key, everywhere at once. A second call changes nothing but tells the limiter again. */
export async function revokeKey(ctx: TenantContext, id: string): Promise<KeyWithUse> {
  const [key] = await ctx.control.select({ id: credentials.id }).from(credentials).where(ownKey(ctx, id));
  if (!key) throw notFound("API key");
  await announceEpoch(ctx, ctx.tenant.id);
  const works = and(ownKey(ctx, id), isNull(credentials.revokedAt))!;
  const onlyIf = sql`exists (select 1 from ${credentials} where ${works})`;
  await runBatch(ctx.control, [
    auditRow(ctx, ctx.control, { action: "api_key.revoked", objectId: id, onlyIf }),
    ctx.control.update(credentials).set({ revokedAt: ctx.now }).where(works),
    bumpEpoch(ctx, ctx.tenant.id),
  ]);
  await publishEpoch(ctx, ctx.tenant.id);
  return readKey(ctx, id);
}
