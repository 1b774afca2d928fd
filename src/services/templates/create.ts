import { runBatch } from "../../db/client";
import { templates, type TemplateRow } from "../../db/data-schema";
import type { TemplateDesign } from "../../pass-model/design";
import type { ResolvedImages, Warning } from "../../pass-model/resolved-pass";
import { ensureIdentity } from "../apple/ensure-identity";
import { diffOf } from "../audit/diff";
import { auditRow } from "../audit/record";
import { orMade } from "../audit/second-attempt";
import type { TenantContext } from "../context";
import { eventRow } from "../events/record";
import { prepareDesign, type PreparedDesign } from "./prepare-design";
import { readTemplate } from "./read";
import { imageIsGone, storeVersion } from "./store-version";

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

/** Of images that come and go at the same time; more than two rounds are no accident. */
const attemptsMax = 3;

export const createTemplate = (ctx: TenantContext, content: TemplateContent): Promise<TemplateView> =>
  orMade(
    ctx,
    ctx.data,
    () => create(ctx, content),
    (id) => readTemplate(ctx, id),
  );

async function create(ctx: TenantContext, content: TemplateContent): Promise<TemplateView> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await storeTemplate(ctx, content);
    } catch (error) {
      if (!imageIsGone(error) || attempt === attemptsMax) throw error;
    }
  }
}

async function storeTemplate(ctx: TenantContext, { name, status, design }: TemplateContent): Promise<TemplateView> {
  const prepared = await prepareDesign(ctx, design);
  const identity = await ensureIdentity(ctx);
  const template = {
    tenantId: ctx.tenant.id,
    id: ctx.newId("tmpl"),
    name,
    style: design.style,
    status,
    version: 1,
    createdAt: ctx.now,
    updatedAt: ctx.now,
    passTypeIdentifier: design.passTypeIdentifier ?? null,
    passesInstalled: 0,
    installsActive: 0,
    installsTotal: 0,
  };
  const changes = diffOf({}, { status, style: design.style, version: 1 }, ["status", "style", "version"]);
  await runBatch(ctx.data, [
    auditRow(ctx, ctx.data, { action: "template.created", objectId: template.id, changes }),
    ...identity,
    ctx.data.insert(templates).values(template),
    ...storeVersion(ctx, template.id, 1, prepared),
    eventRow(ctx, { type: "template.created", templateId: template.id, data: { version: 1 } }),
  ]);
  return viewOf({ ...template, listed: 1 }, prepared, ctx.now);
}

export function viewOf(template: TemplateRow, prepared: PreparedDesign, versionCreatedAt: number): TemplateView {
  const { design, images, warnings } = prepared;
  return { template, version: template.version, versionCreatedAt, design, images, warnings };
}
