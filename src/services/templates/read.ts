import { and, eq, ne, sql } from "drizzle-orm";
import { appleIdentities, templateVersions, templates } from "../../db/data-schema";
import { toBase64 } from "../../db/vault";
import type { ImagesDesign } from "../../pass-model/image-design";
import type { TenantContext } from "../context";
import { notFound } from "../errors";
import { imageKey, originalKey } from "../images/paths";
import { imageSources } from "../images/slots";
import type { TemplateView } from "./create";
import { ownTemplate } from "./list";
import { loadVersion } from "./load";
import { designWarnings } from "./prepare-design";

/** A template at its newest version, or at the one asked for. */
export async function readTemplate(ctx: TenantContext, id: string, version?: number): Promise<TemplateView> {
  const [row] = await ctx.data
    .select({ template: templates, version: templateVersions, passType: appleIdentities.passTypeIdentifier })
    .from(templates)
    .innerJoin(
      templateVersions,
      and(
        eq(templateVersions.tenantId, templates.tenantId),
        eq(templateVersions.templateId, templates.id),
        eq(templateVersions.version, version ?? templates.version),
      ),
    )
    .leftJoin(
      appleIdentities,
      and(
        eq(appleIdentities.tenantId, templates.tenantId),
        eq(appleIdentities.passTypeIdentifier, sql`${templateVersions.design} ->> '$.passTypeIdentifier'`),
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
    warnings: designWarnings(ctx, compiled, images, row.passType !== null),
  };
}

/** The view with the files of its images in base64, so that another environment can take it as it is. */
export async function withImageBytes(ctx: TenantContext, view: TemplateView): Promise<TemplateView> {
  const { images = {} } = view.design;
  const files = new Map<string, string>();
  const readFile = async (id: string) => {
    const bytes = await readOriginal(ctx, id);
    if (bytes) files.set(id, toBase64(bytes));
  };
  await Promise.all([...new Set(imageSources(images, "").map(({ source }) => source))].map(readFile));
  return { ...view, design: { ...view.design, images: replaceIds(images, files) } };
}

/** What was sent; of a PNG, the picture is that. */
async function readOriginal(ctx: TenantContext, id: string): Promise<Uint8Array | null> {
  const [original, png] = await Promise.all(
    [originalKey(ctx.tenant.code, id), imageKey(ctx.tenant.code, id)].map((key) => ctx.files.get(key)),
  );
  const object = original ?? png;
  return object ? new Uint8Array(await object.arrayBuffer()) : null;
}

/** A picture whose file is gone is left out. */
function replaceIds(images: ImagesDesign, files: ReadonlyMap<string, string>): ImagesDesign {
  const replaced: Record<string, string | Record<string, string>> = {};
  for (const [slot, design] of Object.entries(images)) {
    if (typeof design === "string") {
      const file = files.get(design);
      if (file !== undefined) replaced[slot] = file;
      continue;
    }
    const densities = Object.entries(design ?? {}).flatMap(([density, id]) => {
      const file = files.get(id!);
      return file === undefined ? [] : [[density, file] as const];
    });
    if (densities.length > 0) replaced[slot] = Object.fromEntries(densities);
  }
  return replaced;
}
