import { and, desc, eq, lt } from "drizzle-orm";
import { passVersions, passes, type ChangeSummary } from "../../db/data-schema";
import type { Values } from "../../pass-model/expressions";
import type { TenantContext } from "../context";
import { notFound } from "../errors";
import type { Page } from "../paging";
import { ownPass } from "./read";

export interface PassVersion {
  version: number;
  templateVersion: number;
  values: Values;
  overrides: Record<string, unknown>;
  change: ChangeSummary;
}

/** The history of a pass, newest first: at most 100 versions, the present one among them. */
export async function listPassVersions(
  ctx: TenantContext,
  id: string,
  { limit, startingAfter }: { limit: number; startingAfter?: number | undefined },
): Promise<Page<PassVersion>> {
  const own = and(eq(passVersions.tenantId, ctx.tenant.id), eq(passVersions.passId, id));
  const [[pass], earlier] = await ctx.data.batch([
    ctx.data.select().from(passes).where(ownPass(ctx, id)),
    ctx.data
      .select()
      .from(passVersions)
      .where(startingAfter === undefined ? own : and(own, lt(passVersions.version, startingAfter)))
      .orderBy(desc(passVersions.version))
      .limit(limit + 1),
  ]);
  if (!pass) throw notFound("pass");
  const present = startingAfter === undefined || startingAfter > pass.version ? [pass] : [];
  const items = [...present, ...earlier].map(({ fieldValues, ...row }) => ({ ...row, values: fieldValues }));
  return { items: items.slice(0, limit), hasMore: items.length > limit };
}
