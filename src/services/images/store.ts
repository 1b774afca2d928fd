import { and, eq, sql } from "drizzle-orm";
import type { BatchStatement } from "../../db/client";
import { images } from "../../db/data-schema";
import { base32, idPattern } from "../../db/ids";
import { fromBase64 } from "../../db/vault";
import type { Issue } from "../../pass-model/issue";
import type { ResolvedImage } from "../../pass-model/resolved-pass";
import { readPng } from "../../pkpass/png";
import type { TenantContext } from "../context";
import { imageKey, originalKey } from "./paths";
import type { TakenImage } from "./take";

export interface StoredImage extends ResolvedImage {
  bytes: Uint8Array;
}

export interface ImageSource {
  pointer: string;
  /** Base64 of a PNG, with or without a data URL around it, or an image's id. */
  source: string;
}

const imageId = idPattern("img");

export { imageKey } from "./paths";

/**
 * Turns sources into images, in order: reads those that are ids, checks those that are bytes. Nothing is
 * stored yet; an image that is new is returned in `added`.
 */
export async function readImageSources(
  ctx: TenantContext,
  sources: ImageSource[],
): Promise<{ found: Map<string, StoredImage>; added: StoredImage[]; issues: Issue[] }> {
  const earlier = await readEarlier(
    ctx,
    sources.map(({ source }) => source).filter((source) => imageId.test(source)),
  );
  const found = new Map<string, StoredImage>();
  const added = new Map<string, StoredImage>();
  const issues: Issue[] = [];
  for (const { pointer, source } of sources) {
    if (imageId.test(source)) {
      const image = earlier.get(source);
      if (image) found.set(pointer, image);
      else issues.push({ pointer, code: "unknown_image", detail: "there is no image of this id" });
      continue;
    }
    const result = await decode(ctx, source);
    if (!result.ok) {
      issues.push({ pointer, code: result.code, detail: result.detail });
      continue;
    }
    found.set(pointer, result.image);
    added.set(result.image.id, result.image);
  }
  return { found, added: [...added.values()], issues };
}

async function readEarlier(ctx: TenantContext, ids: string[]): Promise<Map<string, StoredImage>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.data
    .select()
    .from(images)
    .where(
      and(
        eq(images.tenantId, ctx.tenant.id),
        sql`${images.id} in (select value from json_each(${JSON.stringify(ids)}))`,
      ),
    );
  const loaded = await Promise.all(
    rows.map(async ({ id, width, height, sha256 }) => {
      const object = await ctx.files.get(imageKey(ctx.tenant.code, id));
      return object ? { id, width, height, sha256, bytes: new Uint8Array(await object.arrayBuffer()) } : null;
    }),
  );
  return new Map(loaded.flatMap((image) => (image ? [[image.id, image]] : [])));
}

type Decoded = { ok: true; image: StoredImage } | { ok: false; code: string; detail: string };

async function decode(ctx: TenantContext, source: string): Promise<Decoded> {
  let file: Uint8Array;
  try {
    file = fromBase64(source.replace(/^data:[^,]*;base64,/, ""));
  } catch {
    return { ok: false, code: "not_base64", detail: "expected a PNG in base64, or the id of an image (img_…)" };
  }
  const read = readPng(file);
  if (!read.ok) return read;
  const { bytes, width, height } = read.png;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const id = `img_${base32(await ctx.vault.mac("image id", `${ctx.tenant.id}/${sha256}`), 26)}`;
  return { ok: true, image: { id, width, height, sha256, bytes } };
}

/** Puts new images into R2 and answers their rows. Repeating it changes nothing: the name is the content. */
export async function storeImages(ctx: TenantContext, added: StoredImage[]): Promise<BatchStatement[]> {
  await Promise.all(
    added.map((image) =>
      ctx.files.put(imageKey(ctx.tenant.code, image.id), image.bytes, { httpMetadata: { contentType: "image/png" } }),
    ),
  );
  return added.map(({ id, sha256, width, height, bytes }) =>
    ctx.data
      .insert(images)
      .values({ tenantId: ctx.tenant.id, id, sha256, width, height, bytes: bytes.length, createdAt: ctx.now })
      .onConflictDoNothing(),
  );
}

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
