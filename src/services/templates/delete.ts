import { and, eq, sql } from "drizzle-orm";
import { isConstraintFailure, runBatch, valueIf, type BatchStatement } from "../../db/client";
import { images, passes, templateVersions, templates } from "../../db/data-schema";
import { auditRow } from "../audit/record";
import type { TenantContext } from "../context";
import { ServiceError } from "../errors";
import { eventRow } from "../events/record";
import { ownTemplate } from "./list";
import { readTemplate } from "./read";

/**
 * Deletes a template. While passes of it are active it must be archived first (`template_in_use`); those
 * passes go on living with the version that they pin.
 */
export async function deleteTemplate(ctx: TenantContext, id: string): Promise<void> {
  await readTemplate(ctx, id);
  const unused = sql`not exists (
    select 1 from ${passes} where ${passes.tenantId} = ${ctx.tenant.id} and ${passes.templateId} = ${id} and lapses_at > ${ctx.now}
  )`;
  const allowed = sql`${templates.status} = 'archived' or (${templates.status} = 'active' and ${unused})`;
  try {
    await runBatch(ctx.data, [
      auditRow(ctx, ctx.data, { action: "template.deleted", objectId: id }),
      ctx.data
        .update(templates)
        .set({ status: valueIf(allowed, "deleted"), updatedAt: ctx.now })
        .where(ownTemplate(ctx, id)),
      releaseImages(ctx, id),
      eventRow(ctx, { type: "template.deleted", templateId: id }),
    ]);
  } catch (error) {
    if (!isConstraintFailure(error, "NOT NULL", "templates.status")) throw error;
    await readTemplate(ctx, id);
    const detail = "Passes of this template are active. Archive it (status: archived) to delete it all the same.";
    throw new ServiceError("template_in_use", detail);
  }
}

/** Versions that no pass pins show their images to nobody any more. */
function releaseImages(ctx: TenantContext, id: string): BatchStatement {
  const versions = sql`from ${templateVersions} as version
    where version.tenant_id = ${ctx.tenant.id} and version.template_id = ${id}`;
  const shown = sql`select member.value ${sql`from ${templateVersions} as version, json_tree(version.images) as member
    where version.tenant_id = ${ctx.tenant.id} and version.template_id = ${id} and member.key = 'id'`}`;
  const issued = sql`select 1 from ${passes} where ${passes.tenantId} = ${ctx.tenant.id} and ${passes.templateId} = ${id}`;
  const uses = sql`(select count(*) ${versions} and instr(version.images, ${images}.id) > 0)`;
  return ctx.data
    .update(images)
    .set({ templateUses: sql`${images.templateUses} - ${uses}` })
    .where(and(eq(images.tenantId, ctx.tenant.id), sql`${images.id} in (${shown}) and not exists (${issued})`));
}
