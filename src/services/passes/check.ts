import { and, eq } from "drizzle-orm";
import { passes, templateVersions, templates } from "../../db/data-schema";
import type { Issue } from "../../pass-model/issue";
import type { Json } from "../../pass-model/resolved-pass";
import { passOverrides } from "../../pass-model/overrides";
import { checkOverrides, checkValues } from "../../pass-model/resolve";
import type { TenantContext } from "../context";
import { mergePatch } from "../merge-patch";
import { loadVersion } from "../templates/load";
import { zodIssues } from "../zod-issues";

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
  const { compiled } = loadVersion(row.version);
  const { values, overrides } = asObject(body);
  const merged = (stored: unknown, given: unknown) =>
    merge ? mergePatch(stored as Json, asObject(given) as Json) : given;
  const wanted = merged(row.pass.overrides, overrides) ?? {};
  const parsed = passOverrides.safeParse(wanted);
  return [
    ...checkValues(compiled, asObject(merged(row.pass.fieldValues, values))),
    ...(parsed.success ? checkOverrides(compiled, parsed.data) : zodIssues(parsed.error.issues, wanted, "#/overrides")),
  ];
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
