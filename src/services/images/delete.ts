import { and, eq } from "drizzle-orm";
import { images } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { notFound, ServiceError } from "../errors";
import { imageKey, isImageId, variantPrefix } from "./paths";
import { ownImage } from "./read";

/**
 * Erases an image that nothing shows. The row goes first, and only if no use was counted meanwhile; whoever
 * stores a use makes sure in its batch that the row is there.
 */
export async function deleteImage(ctx: TenantContext, id: string): Promise<void> {
  const unused = and(ownImage(ctx, id), eq(images.templateUses, 0), eq(images.passUses, 0));
  const [gone] = await ctx.data.delete(images).where(unused).returning({ id: images.id });
  const [row] = gone ? [] : await ctx.data.select().from(images).where(ownImage(ctx, id));
  if (row) {
    const { templateUses, passUses } = row;
    const detail = `The image is shown by ${templateUses} versions of templates and ${passUses} passes.`;
    throw new ServiceError("image_in_use", detail, { extra: { templateUses, passUses } });
  }
  // Without a row, too: a deletion that broke off after its first step is finished by a repeat.
  if (isImageId(id)) await eraseObjects(ctx, id);
  if (!gone) throw notFound("image");
}

async function eraseObjects(ctx: TenantContext, id: string): Promise<void> {
  const { code } = ctx.tenant;
  const { objects } = await ctx.files.list({ prefix: variantPrefix(code, id) });
  await ctx.files.delete([imageKey(code, id), ...objects.map(({ key }) => key)]);
}
