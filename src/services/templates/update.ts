import { sql } from "drizzle-orm";
import { isConstraintFailure, runBatch, valueIf } from "../../db/client";
import { templates, type TemplateRow } from "../../db/data-schema";
import type { TemplateDesign } from "../../pass-model/design";
import { diffOf } from "../audit/diff";
import { auditRow } from "../audit/record";
import type { TenantContext } from "../context";
import { ServiceError } from "../errors";
import { eventRow } from "../events/record";
import { sameJson } from "../merge-patch";
import { viewOf, type TemplateContent, type TemplateView } from "./create";
import { ownTemplate } from "./list";
import { prepareDesign } from "./prepare-design";
import { readTemplate } from "./read";
import { imageIsGone, storeVersion } from "./store-version";

const attemptsMax = 20;

/**
 * Stores what `change` makes of the template. A changed design becomes the next version, which later
 * passes get; existing passes keep theirs. A change that changes nothing stores nothing.
 */
export async function updateTemplate(
  ctx: TenantContext,
  id: string,
  change: (current: TemplateContent) => TemplateContent,
): Promise<TemplateView> {
  for (let attempt = 1; ; attempt += 1) {
    const current = await readTemplate(ctx, id);
    const { name, status } = current.template;
    const wanted = change({ name, status: status as TemplateContent["status"], design: current.design });
    try {
      return await store(ctx, current, wanted);
    } catch (error) {
      const overtaken = isConstraintFailure(error, "NOT NULL", "templates.version") || imageIsGone(error);
      if (!overtaken) throw error;
      if (attempt === attemptsMax) {
        throw new ServiceError("temporarily_unavailable", "Others are changing this template at the same time.", {
          retryAfterSeconds: 1,
        });
      }
    }
  }
}

async function store(ctx: TenantContext, current: TemplateView, wanted: TemplateContent): Promise<TemplateView> {
  const { template } = current;
  const prepared = sameJson(wanted.design, current.design) ? null : await prepareDesign(ctx, wanted.design);
  const redesigned = prepared !== null && !sameJson(prepared.design, current.design);
  const renamed = wanted.name !== template.name || wanted.status !== template.status;
  if (!redesigned && !renamed) return current;
  const version = redesigned ? template.version + 1 : template.version;
  const changed = {
    ...template,
    name: wanted.name,
    status: wanted.status,
    style: prepared?.design.style ?? template.style,
    version,
    passTypeIdentifier: redesigned ? (prepared.design.passTypeIdentifier ?? null) : template.passTypeIdentifier,
    updatedAt: ctx.now,
  };
  const changes = [
    ...diffOf<TemplateRow>(pick(template), pick(changed), ["status", "version"]),
    ...(redesigned ? diffOf<TemplateDesign>(current.design, prepared.design, ["style"]) : []),
  ];
  await runBatch(ctx.data, [
    auditRow(ctx, ctx.data, { action: "template.updated", objectId: template.id, changes }),
    ctx.data
      .update(templates)
      .set({
        name: changed.name,
        status: changed.status,
        style: changed.style,
        passTypeIdentifier: changed.passTypeIdentifier,
        version: valueIf(isUnchanged(template), version),
        updatedAt: ctx.now,
      })
      .where(ownTemplate(ctx, template.id)),
    ...(redesigned ? storeVersion(ctx, template.id, version, prepared) : []),
    eventRow(ctx, { type: "template.updated", templateId: template.id, data: { version } }),
  ]);
  return redesigned ? viewOf(changed, prepared, ctx.now) : { ...current, template: changed };
}

/** A change of name or status alone makes no new version. */
const isUnchanged = ({ version, name, status }: TemplateRow) =>
  sql`${templates.version} = ${version} and ${templates.name} = ${name} and ${templates.status} = ${status}`;

/** What is a template's own; the rest is its design's. */
const pick = ({ name, status, version }: TemplateRow) => ({ name, status, version });
