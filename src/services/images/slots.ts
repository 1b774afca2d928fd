import type { BatchStatement } from "../../db/client";
import type { ImagesDesign } from "../../pass-model/image-design";
import type { ResolvedImage, ResolvedImages, ResolvedSlot } from "../../pass-model/resolved-pass";
import { imageDensities, type ImageDensity, type ImageSlot } from "../../pass-model/vocabulary";
import { sha256Hex } from "../../pkpass/bytes";
import { readPng } from "../../pkpass/png";
import type { TenantContext } from "../context";
import { deriveSlot } from "./derive";
import { storeTaken } from "./store";
import type { TakenImage } from "./take";

/** The pictures of a template or a pass: from what was sent for each slot to what is stored and shown. */

type SlotDesign = NonNullable<ImagesDesign[ImageSlot]>;
type PictureBytes = Partial<Record<ImageDensity, Uint8Array>>;

export interface PlacedImages {
  images: ResolvedImages;
  /** PNGs, as they go into a pass. */
  bytes: Partial<Record<ImageSlot, PictureBytes>>;
  /** What was derived, for the batch of the caller. */
  statements: BatchStatement[];
}

const slotsOf = (images: ImagesDesign) => Object.entries(images) as [ImageSlot, SlotDesign | undefined][];

const givenDensities = (design: Exclude<SlotDesign, string>) =>
  imageDensities.flatMap((density): [ImageDensity, string][] => {
    const source = design[density];
    return source === undefined ? [] : [[density, source]];
  });

/** Each source with the pointer to its place; `base` points to `images`. */
export function imageSources(images: ImagesDesign, base: string): { pointer: string; source: string }[] {
  return slotsOf(images).flatMap(([slot, design]) => {
    const pointer = `${base}/${slot}`;
    if (typeof design === "string") return [{ pointer, source: design }];
    return givenDensities(design ?? {}).map(([density, source]) => ({ pointer: `${pointer}/${density}`, source }));
  });
}

/** The same with the ids of images in place of their sources. */
export function imageIdsFor(images: ImagesDesign, base: string, found: ReadonlyMap<string, TakenImage>): ImagesDesign {
  const ids: ImagesDesign = {};
  for (const [slot, design] of slotsOf(images)) {
    const idAt = (pointer: string) => found.get(pointer)!.id;
    if (typeof design === "string") ids[slot] = idAt(`${base}/${slot}`);
    else if (design) {
      const entries = givenDensities(design).map(([density]) => [density, idAt(`${base}/${slot}/${density}`)]);
      ids[slot] = Object.fromEntries(entries) as SlotDesign;
    }
  }
  return ids;
}

/**
 * Stores the images and derives what is missing. Everything must have been checked before. Throws
 * `images_not_configured` where a picture has to be resized and nothing can.
 */
export async function placeImages(
  ctx: TenantContext,
  images: ImagesDesign,
  base: string,
  found: ReadonlyMap<string, TakenImage>,
): Promise<PlacedImages> {
  await storeTaken(ctx, found.values());
  const placed: PlacedImages = { images: {}, bytes: {}, statements: [] };
  for (const [slot, design] of slotsOf(images)) {
    if (design === undefined) continue;
    const one = await (typeof design === "string"
      ? placeDerived(ctx, slot, `${base}/${slot}`, found.get(`${base}/${slot}`)!)
      : placeGiven(givenDensities(design).map(([density]) => [density, found.get(`${base}/${slot}/${density}`)!])));
    placed.images[slot] = one.pictures;
    placed.bytes[slot] = one.bytes;
    placed.statements.push(...one.statements);
  }
  return placed;
}

interface PlacedSlot {
  pictures: ResolvedSlot;
  bytes: PictureBytes;
  statements: BatchStatement[];
}

async function placeDerived(
  ctx: TenantContext,
  slot: ImageSlot,
  pointer: string,
  taken: TakenImage,
): Promise<PlacedSlot> {
  const { id, width, height, sha256 } = taken;
  const derived = await deriveSlot(ctx, taken, slot, pointer);
  const [pictures, bytes]: [ResolvedSlot, PictureBytes] = [{}, {}];
  for (const density of imageDensities) {
    const picture = derived.pictures[density];
    if (!picture) continue;
    const { variant } = picture;
    const facts = { id, width: picture.width, height: picture.height, sha256: picture.sha256 };
    pictures[density] = { ...facts, ...(variant !== null && { variant }) };
    bytes[density] = picture.bytes;
  }
  return { pictures: { ...pictures, original: { id, width, height, sha256 } }, bytes, statements: derived.statements };
}

async function placeGiven(given: [ImageDensity, TakenImage][]): Promise<PlacedSlot> {
  const placed: PlacedSlot = { pictures: {}, bytes: {}, statements: [] };
  for (const [density, taken] of given) {
    placed.pictures[density] = await asGiven(taken);
    placed.bytes[density] = taken.png;
  }
  return placed;
}

/** What was no PNG is shown as the PNG that was made of it, which may be smaller. */
async function asGiven({ id, width, height, sha256, mediaType, png }: TakenImage): Promise<ResolvedImage> {
  const read = mediaType === "image/png" ? null : readPng(png);
  if (!read?.ok) return { id, width, height, sha256 };
  return { id, width: read.png.width, height: read.png.height, sha256: await sha256Hex(png) };
}
