import type { BatchStatement } from "../../db/client";
import { images } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { imageKey, originalKey } from "./paths";
import type { TakenImage } from "./take";

/** A CDN and browsers keep a picture for ever; one that shows a person goes with the person's pass. */
const cacheControls = { lasting: "public, max-age=31536000, immutable", personal: "public, max-age=300" };

/** The cache rule stands with the object, so that serving it reads no database. */
export async function putPng(ctx: TenantContext, key: string, png: Uint8Array, personal: boolean): Promise<void> {
  const cacheControl = cacheControls[personal ? "personal" : "lasting"];
  await ctx.files.put(key, png, { httpMetadata: { contentType: "image/png", cacheControl } });
}

/**
 * Puts the objects of those that are new into R2 and answers their rows, for the batch of the caller, ahead of
 * what speaks of them. Repeating it changes nothing: the name is the content.
 */
export async function storeTaken(ctx: TenantContext, taken: Iterable<TakenImage>): Promise<BatchStatement[]> {
  const added = new Map([...taken].filter(({ isNew }) => isNew).map((image) => [image.id, image]));
  await Promise.all([...added.values()].map((image) => putObjects(ctx, image)));
  return [...added.values()].map(({ id, sha256, width, height, file, mediaType, personal }) =>
    ctx.data
      .insert(images)
      .values({
        tenantId: ctx.tenant.id,
        id,
        sha256,
        width,
        height,
        bytes: file.length,
        createdAt: ctx.now,
        mediaType,
        personal,
      })
      .onConflictDoNothing(),
  );
}

async function putObjects(ctx: TenantContext, { id, png, file, mediaType, personal }: TakenImage): Promise<void> {
  const { code } = ctx.tenant;
  if (mediaType !== "image/png") {
    await ctx.files.put(originalKey(code, id), file, { httpMetadata: { contentType: mediaType } });
  }
  await putPng(ctx, imageKey(code, id), png, personal);
}
