import { and, eq, sql } from "drizzle-orm";
import { googleClasses, passes } from "../../db/data-schema";
import type { GoogleApi, GoogleError } from "../../providers/google/contract";
import type { TenantContext } from "../context";
import { ownPass } from "../passes/read";
import type { Item } from "./deliver";

/** Makes the classes that Google does not have, each once; answers why one could not be made. */
export async function ensureClasses(
  ctx: TenantContext,
  api: GoogleApi,
  items: Item[],
): Promise<Map<string, GoogleError>> {
  const wanted = new Map(items.flatMap((item) => (item.payload.class ? [[item.payload.class.id, item]] : [])));
  const ids = JSON.stringify([...wanted.keys()]);
  const known = await ctx.data
    .select({ id: googleClasses.id })
    .from(googleClasses)
    .where(
      and(eq(googleClasses.tenantId, ctx.tenant.id), sql`${googleClasses.id} in (select value from json_each(${ids}))`),
    );
  for (const { id } of known) wanted.delete(id);
  const errors = new Map<string, GoogleError>();
  for (const [id, { payload, file }] of wanted) {
    const answer = await api.put("class", payload.vertical, payload.class!);
    if (answer.ok) await noteClass(ctx, id, file.pass.id);
    else errors.set(id, answer.error);
  }
  return errors;
}

/** Not of a pass that is gone: its tenant is being erased. */
function noteClass(ctx: TenantContext, id: string, passId: string) {
  const row = ctx.data
    .select({
      tenantId: passes.tenantId,
      id: sql<string>`${id}`.as("id"),
      templateId: passes.templateId,
      templateVersion: passes.templateVersion,
      createdAt: sql<number>`${ctx.now}`.as("created_at"),
    })
    .from(passes)
    .where(ownPass(ctx, passId));
  return ctx.data.insert(googleClasses).select(row).onConflictDoNothing();
}
