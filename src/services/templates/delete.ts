import { sql } from "drizzle-orm";
import { isConstraintFailure, runBatch, valueIf } from "../../db/client";
import { passes, templates } from "../../db/data-schema";
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
      ctx.data
        .update(templates)
        .set({ status: valueIf(allowed, "deleted"), updatedAt: ctx.now })
        .where(ownTemplate(ctx, id)),
      eventRow(ctx, { type: "template.deleted", templateId: id }),
    ]);
  } catch (error) {
    if (!isConstraintFailure(error, "NOT NULL", "templates.status")) throw error;
    await readTemplate(ctx, id);
    const detail = "Passes of this template are active. Archive it (status: archived) to delete it all the same.";
    throw new ServiceError("template_in_use", detail);
  }
}
