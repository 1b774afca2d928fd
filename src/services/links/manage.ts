import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { runBatch } from "../../db/client";
import { links, passes, type LinkRow } from "../../db/data-schema";
import { newLinkToken } from "../../db/tokens";
import { auditRow } from "../audit/record";
import { orDone } from "../audit/second-attempt";
import type { TenantContext } from "../context";
import { notFound, ServiceError } from "../errors";
import { ownPass, readPass, type PassFile } from "../passes/read";
import { viewPass, type PassView } from "../passes/view";

export type Link = LinkRow;

const ownLink = (ctx: TenantContext, token: string) => and(eq(links.tenantId, ctx.tenant.id), eq(links.token, token))!;

// A literal, so that the partial index serves it.
const formerOf = (ctx: TenantContext, passId: string) =>
  and(eq(links.tenantId, ctx.tenant.id), eq(links.passId, passId), sql`${links.former} = 1`);

/** A new link, which the pass's answers show from now on. Earlier ones go on working until they are revoked. */
export const createLink = (ctx: TenantContext, passId: string): Promise<PassView> =>
  orDone(
    ctx,
    ctx.data,
    () => create(ctx, passId),
    async () => withLink(ctx, await readPass(ctx, passId), linkTokenOf(ctx)),
  );

async function create(ctx: TenantContext, passId: string): Promise<PassView> {
  const file = await readPass(ctx, passId);
  if (file.pass.voidedAt !== null) throw new ServiceError("pass_voided", "The pass is voided: its links stay closed.");
  const token = linkTokenOf(ctx);
  const link: LinkRow = { tenantId: ctx.tenant.id, token, passId, createdAt: ctx.now, revokedAt: null, former: false };
  const present = sql`(select ${passes.linkToken} from ${passes} where ${ownPass(ctx, passId)})`;
  await runBatch(ctx.data, [
    auditRow(ctx, ctx.data, { action: "link.created", objectId: passId }),
    ctx.data
      .update(links)
      .set({ former: true })
      .where(and(eq(links.tenantId, ctx.tenant.id), sql`${links.token} = ${present}`)),
    ctx.data.insert(links).values(link),
    ctx.data.update(passes).set({ linkToken: token }).where(ownPass(ctx, passId)),
  ]);
  return withLink(ctx, file, token);
}

/** Under an Idempotency-Key the same in each attempt. */
const linkTokenOf = (ctx: TenantContext): string => newLinkToken(ctx.tenant.code, ctx.random("link"));

/** Others may have made a newer link since, which the pass's answers show. */
const withLink = (ctx: TenantContext, file: PassFile, linkToken: string): PassView =>
  viewPass(ctx, { ...file, pass: { ...file.pass, linkToken } });

/** Every link of a pass, newest first, with the revoked ones. */
export async function listLinks(ctx: TenantContext, passId: string): Promise<LinkRow[]> {
  const file = await readPass(ctx, passId);
  const [present, former] = await ctx.data.batch([
    ctx.data
      .select()
      .from(links)
      .where(ownLink(ctx, file.pass.linkToken ?? "")),
    ctx.data.select().from(links).where(formerOf(ctx, passId)).orderBy(desc(links.createdAt)).limit(100),
  ]);
  const all = new Map([...present, ...former].map((link) => [link.token, link]));
  return [...all.values()].sort((a, b) => b.createdAt - a.createdAt);
}

/**
 * Closes a link for good; who opens it is told so. If it was the one that the pass's answers show, they show the
 * newest that still works. A second call changes nothing.
 */
export async function revokeLink(ctx: TenantContext, token: string): Promise<void> {
  const [link] = await ctx.data.select().from(links).where(ownLink(ctx, token));
  if (!link) throw notFound("link");
  const newest = ctx.data
    .select({ token: links.token })
    .from(links)
    .where(and(formerOf(ctx, link.passId), isNull(links.revokedAt)))
    .orderBy(desc(links.createdAt))
    .limit(1);
  const works = and(ownLink(ctx, token), isNull(links.revokedAt))!;
  const onlyIf = sql`exists (select 1 from ${links} where ${works})`;
  await runBatch(ctx.data, [
    auditRow(ctx, ctx.data, { action: "link.revoked", objectId: link.passId, onlyIf }),
    ctx.data.update(links).set({ revokedAt: ctx.now, former: true }).where(works),
    ctx.data
      .update(passes)
      .set({ linkToken: sql`(${newest})` })
      .where(and(ownPass(ctx, link.passId), sql`${passes.linkToken} = ${token}`)),
  ]);
}
