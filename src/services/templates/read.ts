import { and, eq, ne } from "drizzle-orm";
import { templateVersions, templates } from "../../db/data-schema";
import { toBase64 } from "../../db/vault";
import type { TenantContext } from "../context";
import { notFound } from "../errors";
import { imageKey } from "../images/store";
import type { TemplateView } from "./create";
import { ownTemplate } from "./list";
import { loadVersion } from "./load";
import { designWarnings } from "./prepare-design";

/** A template at its newest version, or at the one asked for. */
export async function readTemplate(ctx: TenantContext, id: string, version?: number): Promise<TemplateView> {
  const [row] = await ctx.data
    .select({ template: templates, version: templateVersions })
    .from(templates)
    .innerJoin(
      templateVersions,
      and(
        eq(templateVersions.tenantId, templates.tenantId),
        eq(templateVersions.templateId, templates.id),
        eq(templateVersions.version, version ?? templates.version),
      ),
    )
    .where(and(ownTemplate(ctx, id), ne(templates.status, "deleted")));
  if (!row) throw notFound(version === undefined ? "template" : "template, or it has no such version,");
  const { compiled, images } = loadVersion(row.version);
  return {
    template: row.template,
    version: row.version.version,
    versionCreatedAt: row.version.createdAt,
    design: compiled.design,
    images,
    warnings: designWarnings(ctx, compiled, images),
  };
}

/** The view with the bytes of its images in base64, so that another environment can take it as it is. */
export async function withImageBytes(ctx: TenantContext, view: TemplateView): Promise<TemplateView> {
  const images: Record<string, Record<string, string>> = {};
  await Promise.all(
    Object.entries(view.images).flatMap(([slot, densities]) =>
      Object.entries(densities ?? {}).map(async ([density, { id }]) => {
        const object = await ctx.files.get(imageKey(ctx.tenant.code, id));
        if (object) (images[slot] ??= {})[density] = toBase64(new Uint8Array(await object.arrayBuffer()));
      }),
    ),
  );
  return { ...view, design: { ...view.design, images } };
}
