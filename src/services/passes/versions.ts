import { and, desc, eq } from "drizzle-orm";
import { passVersions, passes, type ChangeSummary } from "../../db/data-schema";
import type { Values } from "../../pass-model/expressions";
import type { TenantContext } from "../context";
import { notFound } from "../errors";
import { ownPass } from "./read";

export interface PassVersion {
  version: number;
  templateVersion: number;
  values: Values;
  overrides: Record<string, unknown>;
  change: ChangeSummary;
  changedAt: number;
  changedBy: string;
}

/** The history of a pass, newest first: at most 100 versions, the present one among them. */
export async function listPassVersions(ctx: TenantContext, id: string): Promise<PassVersion[]> {
  const [[pass], earlier] = await ctx.data.batch([
    ctx.data.select().from(passes).where(ownPass(ctx, id)),
    ctx.data
      .select()
      .from(passVersions)
      .where(and(eq(passVersions.tenantId, ctx.tenant.id), eq(passVersions.passId, id)))
      .orderBy(desc(passVersions.version)),
  ]);
  if (!pass) throw notFound("pass");
  const { version, templateVersion, fieldValues, overrides, change } = pass;
  const present = { version, templateVersion, values: fieldValues, overrides, change, changedAt: change.at, changedBy: change.by };
  return [present, ...earlier.map(({ fieldValues: values, ...row }) => ({ ...row, values }))];
}
