import { and, eq } from "drizzle-orm";
import { images, type ImageRow, type ImageVariants } from "../../db/data-schema";
import { base32 } from "../../db/ids";
import type { Issue } from "../../pass-model/issue";
import { sha256Hex } from "../../pkpass/bytes";
import { readPicture, type Picture, type PictureMediaType } from "../../pkpass/picture";
import type { TenantContext } from "../context";
import { unlessDeleted } from "./deletion";
import { drawPublic, notConfigured, nullIfNotConfigured } from "./draw";
import { imageKey, originalKey } from "./paths";
import type { PictureFault } from "../../pkpass/picture-limits";
import { openSources, type ImageInput, type OpenedSource } from "./sources";
import { among } from "./uses";

export interface ImageSource {
  pointer: string;
  source: ImageInput;
}

export interface TakenImage {
  id: string;
  /** Lowercase hex SHA-256 of the file; of a PNG that was drawn anew, of what was sent. */
  sha256: string;
  /** Pixels of the upright original; of an SVG those that it was drawn with. */
  width: number;
  height: number;
  /** What was sent; a PNG already stripped of its metadata. */
  file: Uint8Array;
  mediaType: PictureMediaType;
  /** The public picture. */
  png: Uint8Array;
  /** Whether its objects and its row must still be stored. */
  isNew: boolean;
  /** Whether it shows one person, and so is cached briefly. Of a known image, what its first upload said. */
  personal: boolean;
  variants: ImageVariants;
}

/**
 * Reads, fetches and checks images from any source of the API. Nothing is stored: `storeTaken` does that.
 * Throws `images_not_configured` if there is a file that would have to be converted and cannot be here, and
 * `temporarily_unavailable` while one of them is being deleted.
 */
export async function takeImages(
  ctx: TenantContext,
  sources: ImageSource[],
  { personal = false }: { personal?: boolean } = {},
): Promise<{ found: Map<string, TakenImage>; issues: Issue[] }> {
  const opened = await openSources(ctx, new Set(sources.map(({ source }) => source)));
  const named = new Map<ImageInput, Named | PictureFault>();
  for (const [source, result] of opened) named.set(source, result.ok ? await nameOf(ctx, result) : result);
  const ids = [...named.values()].flatMap((one) => (one.ok ? [one.id] : []));
  const rows = await readRows(ctx, ids);
  const taken = new Map<string, TakenImage | PictureFault | null>();
  const ofOne = Map.groupBy(
    [...named.values()].filter((one) => one.ok),
    ({ id }) => id,
  );
  for (const same of ofOne.values()) {
    // One that brings its content can be stored, where its id alone is unknown.
    const one = same.find(({ content }) => content) ?? same[0]!;
    taken.set(one.id, await takeOne(ctx, one, rows.get(one.id), personal).catch(nullIfNotConfigured));
  }
  const found = new Map<string, TakenImage>();
  const issues: Issue[] = [];
  for (const { pointer, source } of sources) {
    const one = named.get(source)!;
    const image = one.ok ? taken.get(one.id) : one;
    if (image && "code" in image) issues.push({ pointer, code: image.code, detail: image.detail });
    else if (image) found.set(pointer, image);
  }
  // What is wrong anyway is told first.
  if (issues.length === 0 && found.size < sources.length) throw notConfigured("cannot convert images");
  return { found, issues };
}

/** The id of an image; with its content, unless the id is all that came. */
interface Named {
  ok: true;
  id: string;
  content?: { picture: Picture; sha256: string };
}

async function nameOf(ctx: TenantContext, opened: Exclude<OpenedSource, PictureFault>): Promise<Named | PictureFault> {
  if ("id" in opened) return opened;
  const reading = await readPicture(opened.file);
  if (!reading.ok) return reading;
  const { picture } = reading;
  // Two files whose profiles differ are two images, though their pixels are the same numbers.
  const sha256 = await sha256Hex(picture.redraw ? opened.file : picture.file);
  const id = `img_${base32(await ctx.vault.mac("image id", `${ctx.tenant.id}/${sha256}`), 26)}`;
  return { ok: true, id, content: { picture, sha256 } };
}

async function takeOne(
  ctx: TenantContext,
  { id, content }: Named,
  row: ImageRow | undefined,
  personal: boolean,
): Promise<TakenImage | PictureFault> {
  const known = row && (await loadKnown(ctx, row, content?.picture));
  if (known) return known;
  if (!content) return { ok: false, code: "unknown_image", detail: "there is no image of this id" };
  const { picture, sha256 } = content;
  const drawn = await drawPublic(ctx, picture);
  if (!drawn.ok) return drawn;
  const { mediaType } = picture;
  const png = drawn.png.bytes;
  const file = mediaType === "image/png" ? png : picture.file;
  // A JPEG's public picture may be smaller; that of the others is as large as it says itself.
  const { width, height } = mediaType === "image/jpeg" ? picture : drawn.png;
  const kept = { personal: row?.personal ?? personal, variants: row?.variants ?? {} };
  return { id, sha256, width, height, file, mediaType, png, isNew: true, ...kept };
}

/** Null if its objects are gone. A PNG that was sent need not be read, but must be there. */
async function loadKnown(ctx: TenantContext, row: ImageRow, sent?: Picture): Promise<TakenImage | null> {
  const { id, sha256, width, height, mediaType, personal, variants } = row;
  const isPng = mediaType === "image/png";
  const key = imageKey(ctx.tenant.code, id);
  const isSent = isPng && sent && !sent.redraw;
  const png = isSent ? (await ctx.files.head(key)) && sent.file : await readObject(ctx, key);
  const file = isPng ? png : (sent?.file ?? (await readObject(ctx, originalKey(ctx.tenant.code, id))));
  if (!png || !file) return null;
  return { id, sha256, width, height, file, mediaType, png, isNew: false, personal, variants };
}

async function readObject(ctx: TenantContext, key: string): Promise<Uint8Array | null> {
  const object = await ctx.files.get(key);
  return object && new Uint8Array(await object.arrayBuffer());
}

async function readRows(ctx: TenantContext, ids: string[]): Promise<Map<string, ImageRow>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.data
    .select()
    .from(images)
    .where(and(eq(images.tenantId, ctx.tenant.id), among(ids)));
  return new Map(rows.flatMap((row) => (unlessDeleted(ctx, row) ? [[row.id, row]] : [])));
}
