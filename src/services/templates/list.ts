import { and, eq, ne } from "drizzle-orm";
import { templateVersions, templates, type TemplateRow, type TemplateVersionRow } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { notFound } from "../errors";
import { readPage, type Page, type PageRequest } from "../paging";

/**
 * Newest first, without the deleted ones. `listed` is bounded as a range and not by equality: with an equality SQLite
 * would rather walk the primary key, which has the same order, and pass every deleted template by.
 */
export function listTemplates(ctx: TenantContext, page: PageRequest): Promise<Page<TemplateRow>> {
  return readPage(ctx.data, page, {
    table: templates,
    where: eq(templates.tenantId, ctx.tenant.id),
    order: [templates.listed, templates.id],
    direction: "desc",
    cursor: (id) => ownTemplate(ctx, id),
    range: { from: 1 },
  });
}

export const ownTemplate = (ctx: TenantContext, id: string) =>
  and(eq(templates.tenantId, ctx.tenant.id), eq(templates.id, id))!;

/** Versions of one template, newest first; the cursor is a version number. */
export async function listTemplateVersions(
  ctx: TenantContext,
  id: string,
  page: PageRequest,
): Promise<Page<TemplateVersionRow>> {
  const [template] = await ctx.data
    .select({ id: templates.id })
    .from(templates)
    .where(and(ownTemplate(ctx, id), ne(templates.status, "deleted")));
  if (!template) throw notFound("template");
  const own = and(eq(templateVersions.tenantId, ctx.tenant.id), eq(templateVersions.templateId, id));
  return readPage(ctx.data, page, {
    table: templateVersions,
    where: own,
    order: [templateVersions.version],
    direction: "desc",
    cursor: (version) => and(own, eq(templateVersions.version, /^\d{1,9}$/.test(version) ? Number(version) : 0))!,
  });
}

export type TemplateRecord = TemplateRow;
export type TemplateVersionRecord = TemplateVersionRow;
