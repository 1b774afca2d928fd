import { and, eq, isNull, sql } from "drizzle-orm";
import { runBatch } from "../../db/client";
import { links, passes } from "../../db/data-schema";
import { newLinkToken } from "../../db/tokens";
import type { TenantContext } from "../context";
import { notFound, ServiceError } from "../errors";
import { ownPass, readPass } from "../passes/read";
import { viewPass, type PassView } from "../passes/view";

/** A new link, which the pass's answers show from now on. Earlier ones go on working until they are revoked. */
export async function createLink(ctx: TenantContext, passId: string): Promise<PassView> {
  const file = await readPass(ctx, passId);
  if (file.pass.voidedAt !== null) throw new ServiceError("pass_voided", "The pass is voided: its links stay closed.");
  const token = newLinkToken(ctx.tenant.code);
  await runBatch(ctx.data, [
    ctx.data.insert(links).values({ tenantId: ctx.tenant.id, token, passId, createdAt: ctx.now, revokedAt: null }),
    ctx.data.update(passes).set({ linkToken: token }).where(ownPass(ctx, passId)),
  ]);
  return viewPass(ctx, { ...file, pass: { ...file.pass, linkToken: token } });
}

/** Closes a link for good; who opens it is told so. A second call changes nothing. */
export async function revokeLink(ctx: TenantContext, token: string): Promise<void> {
  const own = and(eq(links.tenantId, ctx.tenant.id), eq(links.token, token));
  const [link] = await ctx.data.select().from(links).where(own);
  if (!link) throw notFound("link");
  await runBatch(ctx.data, [
    ctx.data.update(links).set({ revokedAt: ctx.now }).where(and(own, isNull(links.revokedAt))),
    ctx.data
      .update(passes)
      .set({ linkToken: null })
      .where(and(ownPass(ctx, link.passId), sql`${passes.linkToken} = ${token}`)),
  ]);
}
