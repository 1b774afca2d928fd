import { and, eq, ne, sql } from "drizzle-orm";
import { templateVersions, templates, type TemplateRow, type TemplateVersionRow } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { notFound } from "../errors";
import { readPage, type Page, type PageRequest } from "../paging";

/** Newest first, without the deleted ones. The condition is a literal so that the partial index serves it. */
export function listTemplates(ctx: TenantContext, page: PageRequest): Promise<Page<TemplateRow>> {
  return readPage(ctx.data, page, {
    table: templates,
    where: and(eq(templates.tenantId, ctx.tenant.id), sql`${templates.status} <> 'deleted'`),
    order: [templates.id],
    direction: "desc",
    cursor: (id) => ownTemplate(ctx, id),
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
    cursor: (version) => and(own, eq(templateVersions.version, Number(version)))!,
  });
}

export type TemplateRecord = TemplateRow;
export type TemplateVersionRecord = TemplateVersionRow;
