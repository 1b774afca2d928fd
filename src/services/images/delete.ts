import { and, eq, isNull, lte, or, sql } from "drizzle-orm";
import { runBatch } from "../../db/client";
import { images } from "../../db/data-schema";
import { auditRow } from "../audit/record";
import type { TenantContext } from "../context";
import { notFound, ServiceError } from "../errors";
import { deletionMilliseconds, eraseObjects, letGo } from "./deletion";
import { ownImage } from "./read";

/**
 * Erases an image that nothing shows (see `deletion.ts`); whoever stores a use makes sure in its batch that the image
 * is there. One that was deleted already is erased once more, should that have broken off.
 */
export async function deleteImage(ctx: TenantContext, id: string): Promise<void> {
  const [before] = await ctx.data.select().from(images).where(ownImage(ctx, id));
  if (!before) throw notFound("image");
  const unused = and(ownImage(ctx, id), eq(images.templateUses, 0), eq(images.passUses, 0));
  const free = or(isNull(images.deletingAt), lte(images.deletingAt, ctx.now - deletionMilliseconds));
  const stands = sql`exists (select 1 from ${images} where ${and(unused, isNull(images.deletingAt))})`;
  const taken = await runBatch<unknown[]>(ctx.data, [
    auditRow(ctx, ctx.data, { action: "image.deleted", objectId: id, onlyIf: stands }),
    ctx.data.update(images).set({ deletingAt: ctx.now }).where(and(unused, free)).returning({ id: images.id }),
  ]);
  if (taken?.length === 0) throw await whyNot(ctx, id);
  const erased = { tenantId: ctx.tenant.id, tenantCode: ctx.tenant.code, id };
  try {
    await eraseObjects(ctx, [erased]);
  } finally {
    await letGo(ctx, ctx.data, erased);
  }
  if (before.deletingAt !== null) throw notFound("image");
}

async function whyNot(ctx: TenantContext, id: string): Promise<ServiceError> {
  const [row] = await ctx.data.select().from(images).where(ownImage(ctx, id));
  if (!row || row.deletingAt !== null) return notFound("image");
  const { templateUses, passUses } = row;
  const detail = `The image is shown by ${templateUses} versions of templates and ${passUses} passes.`;
  return new ServiceError("image_in_use", detail, { extra: { templateUses, passUses } });
}
