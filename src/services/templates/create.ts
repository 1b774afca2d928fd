import { runBatch } from "../../db/client";
import { templateVersions, templates, type TemplateRow } from "../../db/data-schema";
import { newId } from "../../db/ids";
import type { TemplateDesign } from "../../pass-model/design";
import type { ResolvedImages, Warning } from "../../pass-model/resolved-pass";
import { ensureIdentity } from "../apple/ensure-identity";
import { actorName, type TenantContext } from "../context";
import { eventRow } from "../events/record";
import { prepareDesign, type PreparedDesign } from "./prepare-design";

export interface TemplateContent {
  name: string;
  status: "active" | "archived";
  design: TemplateDesign;
}

/** A template at one of its versions. */
export interface TemplateView {
  template: TemplateRow;
  /** The version that `design` is of. */
  version: number;
  versionCreatedAt: number;
  design: TemplateDesign;
  images: ResolvedImages;
  warnings: Warning[];
}

export async function createTemplate(
  ctx: TenantContext,
  { name, status, design }: TemplateContent,
): Promise<TemplateView> {
  const prepared = await prepareDesign(ctx, design);
  const identity = await ensureIdentity(ctx);
  const template = {
    tenantId: ctx.tenant.id,
    id: newId("tmpl", ctx.now),
    name,
    style: design.style,
    status,
    version: 1,
    createdAt: ctx.now,
    updatedAt: ctx.now,
    passTypeIdentifier: null,
  };
  await runBatch(ctx.data, [
    ...identity,
    ...prepared.statements,
    ctx.data.insert(templates).values(template),
    insertVersion(ctx, template.id, 1, prepared),
    eventRow(ctx, { type: "template.created", templateId: template.id, data: { version: 1 } }),
  ]);
  return viewOf({ ...template, listed: 1 }, prepared, ctx.now);
}

export function insertVersion(ctx: TenantContext, templateId: string, version: number, prepared: PreparedDesign) {
  return ctx.data.insert(templateVersions).values({
    tenantId: ctx.tenant.id,
    templateId,
    version,
    design: JSON.stringify(prepared.design),
    images: JSON.stringify(prepared.images),
    packHash: prepared.packHash,
    createdAt: ctx.now,
    createdBy: actorName(ctx.actor),
  });
}

export function viewOf(template: TemplateRow, prepared: PreparedDesign, versionCreatedAt: number): TemplateView {
  const { design, images, warnings } = prepared;
  return { template, version: template.version, versionCreatedAt, design, images, warnings };
}
