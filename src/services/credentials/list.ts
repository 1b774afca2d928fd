import { and, eq } from "drizzle-orm";
import { credentials, type CredentialRow } from "../../db/control-schema";
import type { KeyUse } from "../../durable-objects/rate-limiter";
import type { TenantContext } from "../context";
import { notFound } from "../errors";
import { readPage, type Page, type PageRequest } from "../paging";
import { logUnreachable } from "./ask-limiter";

export type KeyWithUse = CredentialRow & { use: KeyUse | null };

export async function listKeys(ctx: TenantContext, page: PageRequest): Promise<Page<KeyWithUse>> {
  const [found, uses] = await Promise.all([
    readPage(ctx.control, page, {
      table: credentials,
      where: eq(credentials.tenantId, ctx.tenant.id),
      order: [credentials.id],
      direction: "desc",
      cursor: (id) => ownKey(ctx, id),
    }),
    lastUses(ctx),
  ]);
  const byKeyId = new Map(uses.map((use) => [use.keyId, use]));
  return { ...found, items: found.items.map((row) => ({ ...row, use: byKeyId.get(row.keyId) ?? null })) };
}

export async function readKey(ctx: TenantContext, id: string): Promise<KeyWithUse> {
  const [[row], uses] = await Promise.all([
    ctx.control.select().from(credentials).where(ownKey(ctx, id)),
    lastUses(ctx),
  ]);
  if (!row) throw notFound("API key");
  return { ...row, use: uses.find((use) => use.keyId === row.keyId) ?? null };
}

/** None while the limiter is away: a list of keys is worth having without. */
async function lastUses(ctx: TenantContext): Promise<KeyUse[]> {
  try {
    return await ctx.limiter(ctx.tenant.id).lastUses();
  } catch (error) {
    logUnreachable(ctx, ctx.tenant.id, error);
    return [];
  }
}

export const ownKey = (ctx: TenantContext, id: string) =>
  and(eq(credentials.tenantId, ctx.tenant.id), eq(credentials.id, id))!;
