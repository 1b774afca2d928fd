import { and, eq } from "drizzle-orm";
import { passes, templateVersions, templates } from "../../db/data-schema";
import type { Issue } from "../../pass-model/issue";
import type { Json } from "../../pass-model/resolved-pass";
import { checkValues } from "../../pass-model/resolve";
import type { TenantContext } from "../context";
import { mergePatch } from "../merge-patch";
import { loadVersion } from "../templates/load";

/**
 * What is wrong with the values of a request whose shape is wrong already, so that one answer lists
 * everything. Says nothing if the template or pass cannot be found.
 */
export async function checkValuesForIssue(ctx: TenantContext, body: unknown): Promise<Issue[]> {
  const { templateId, values } = asObject(body);
  if (typeof templateId !== "string") return [];
  const [row] = await ctx.data
    .select({ version: templateVersions })
    .from(templates)
    .innerJoin(
      templateVersions,
      and(
        eq(templateVersions.tenantId, templates.tenantId),
        eq(templateVersions.templateId, templates.id),
        eq(templateVersions.version, templates.version),
      ),
    )
    .where(and(eq(templates.tenantId, ctx.tenant.id), eq(templates.id, templateId)));
  return row ? checkValues(loadVersion(row.version).compiled, asObject(values)) : [];
}

export async function checkValuesForUpdate(
  ctx: TenantContext,
  id: string,
  body: unknown,
  merge: boolean,
): Promise<Issue[]> {
  const [row] = await ctx.data
    .select({ pass: passes, version: templateVersions })
    .from(passes)
    .innerJoin(
      templateVersions,
      and(
        eq(templateVersions.tenantId, passes.tenantId),
        eq(templateVersions.templateId, passes.templateId),
        eq(templateVersions.version, passes.templateVersion),
      ),
    )
    .where(and(eq(passes.tenantId, ctx.tenant.id), eq(passes.id, id)));
  if (!row) return [];
  const given = asObject(asObject(body).values);
  const values = merge ? mergePatch(row.pass.fieldValues, given as Json) : given;
  return checkValues(loadVersion(row.version).compiled, asObject(values));
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
