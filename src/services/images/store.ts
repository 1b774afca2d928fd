import { and, eq, isNotNull, isNull, lte, not, sql, type SQL } from "drizzle-orm";
import { runBatch, type BatchStatement } from "../../db/client";
import { images } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { beingDeleted, deletionMilliseconds } from "./deletion";
import { imageKey, originalKey } from "./paths";
import { ownImage } from "./read";
import type { TakenImage } from "./take";
import { among } from "./uses";

/** A CDN and browsers keep a picture for ever; one that shows a person goes with the person's pass. */
const cacheControls = { lasting: "public, max-age=31536000, immutable", personal: "public, max-age=300" };

/** The cache rule stands with the object, so that serving it reads no database. */
export async function putPng(ctx: TenantContext, key: string, png: Uint8Array, personal: boolean): Promise<void> {
  const cacheControl = cacheControls[personal ? "personal" : "lasting"];
  await ctx.files.put(key, png, { httpMetadata: { contentType: "image/png", cacheControl } });
}

/**
 * Stores those that are new: their rows first, in a batch of their own, so that there is no object without a row.
 * What breaks off here leaves an image that nothing shows, which a repeat completes. Repeating it changes nothing:
 * the name is the content. `audit` is for whoever was asked for the image itself.
 */
export async function storeTaken(
  ctx: TenantContext,
  taken: Iterable<TakenImage>,
  audit: BatchStatement[] = [],
): Promise<void> {
  const added = new Map([...taken].filter(({ isNew }) => isNew).map((image) => [image.id, image]));
  if (added.size === 0) return;
  const rows = await runBatch<unknown[]>(ctx.data, [
    ...audit,
    ...[...added.values()].map((image) => insertRow(ctx, image)),
    ctx.data
      .select({ id: images.id })
      .from(images)
      .where(present(ctx, [...added.keys()])),
  ]);
  // What is put beside a row that is about to go would stay for ever.
  if (rows!.length < added.size) throw beingDeleted();
  await Promise.all([...added.values()].map((image) => putObjects(ctx, image)));
}

/** Whether a row is made or begins anew. */
export const isStoredAnew = (ctx: TenantContext, id: string): SQL =>
  sql`not exists (select 1 from ${images} where ${and(ownImage(ctx, id), not(isOver(ctx)))})`;

const isOver = (ctx: TenantContext) =>
  and(isNotNull(images.deletingAt), lte(images.deletingAt, ctx.now - deletionMilliseconds))!;

const present = (ctx: TenantContext, ids: string[]) =>
  and(eq(images.tenantId, ctx.tenant.id), isNull(images.deletingAt), among(ids));

/** A row whose deletion is over, or was given up, begins anew. */
function insertRow(ctx: TenantContext, { id, sha256, width, height, file, mediaType, personal }: TakenImage) {
  const facts = { width, height, bytes: file.length, createdAt: ctx.now, personal };
  return ctx.data
    .insert(images)
    .values({ tenantId: ctx.tenant.id, id, sha256, mediaType, ...facts })
    .onConflictDoUpdate({
      target: [images.tenantId, images.id],
      set: { ...facts, variants: {}, deletingAt: null },
      setWhere: isOver(ctx),
    });
}

async function putObjects(ctx: TenantContext, { id, png, file, mediaType, personal }: TakenImage): Promise<void> {
  const { code } = ctx.tenant;
  if (mediaType !== "image/png") {
    await ctx.files.put(originalKey(code, id), file, { httpMetadata: { contentType: mediaType } });
  }
  await putPng(ctx, imageKey(code, id), png, personal);
}
