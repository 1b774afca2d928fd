import { and, eq, sql } from "drizzle-orm";
import type { BatchStatement } from "../../db/client";
import { images, type ImageVariants } from "../../db/data-schema";
import { imageDensities, type ImageDensity, type ImageSlot } from "../../pass-model/vocabulary";
import { sha256Hex } from "../../pkpass/bytes";
import { slotBox } from "../../pkpass/image-sizes";
import { readPicture, type Picture } from "../../pkpass/picture";
import { readPng, type Png } from "../../pkpass/png";
import type { PixelSize } from "../../providers/images/contract";
import type { TenantContext } from "../context";
import { refuseIssues } from "../errors";
import { drawPng } from "./draw";
import { variantKey } from "./paths";
import { putPng } from "./store";
import type { TakenImage } from "./take";

export interface DerivedPicture {
  width: number;
  height: number;
  /** Lowercase hex SHA-256 of the bytes. */
  sha256: string;
  bytes: Uint8Array;
  /** `logo@2x`, or null if the image's own PNG serves. */
  variant: string | null;
}

export interface DerivedSlot {
  pictures: Partial<Record<ImageDensity, DerivedPicture>>;
  /** Densities for which the original would have to be enlarged; they are left out. */
  tooSmall: ImageDensity[];
  /** That remember what was made, for the batch that counts the use. */
  statements: BatchStatement[];
}

/**
 * The pictures of one slot from one original. Those that are made are stored at once; a repeat overwrites
 * like with like. An original that is too small even at 1x stands in there as it is. Throws
 * `images_not_configured` if something must be made and cannot be here. `pointer` names the slot to the caller.
 */
export async function deriveSlot(
  ctx: TenantContext,
  image: TakenImage,
  slot: ImageSlot,
  pointer: string,
): Promise<DerivedSlot> {
  const own = readPng(image.png);
  if (!own.ok) throw new Error(`the stored image ${image.id} is broken: ${own.detail}`);
  const source = await drawable(image, own.png);
  const pictures: DerivedSlot["pictures"] = {};
  const tooSmall: ImageDensity[] = [];
  const made: ImageVariants[string] = {};
  const derive = async (density: ImageDensity): Promise<void> => {
    const size = sizeIn(image, slot, density);
    if (isSize(own.png, size)) {
      pictures[density] = { ...(await pictureOf(own.png)), variant: null };
      return;
    }
    if (!size.enough) {
      tooSmall.push(density);
      if (density === "1x") pictures[density] = { ...(await pictureOf(own.png)), variant: null };
      return;
    }
    const variant = `${slot}@${density}`;
    const known = image.variants[slot]?.[density] && (await readVariant(ctx, image.id, variant));
    const png = known || (await drawVariant(ctx, source, pointer, size.box));
    const picture = await pictureOf(png);
    pictures[density] = { ...picture, variant };
    if (known) return;
    const { width, height, sha256 } = picture;
    made[density] = { width, height, sha256 };
    await putPng(ctx, variantKey(ctx.tenant.code, image.id, variant), png.bytes, image.personal);
  };
  await Promise.all(imageDensities.map(derive));
  return { pictures, tooSmall: tooSmall.sort(), statements: rememberVariants(ctx, image.id, slot, made) };
}

interface WantedSize {
  /** Of the picture that is to come out. */
  width: number;
  height: number;
  /** What it is to fill, or to fit into. */
  box: PixelSize;
  /** Whether the original has as many pixels. */
  enough: boolean;
}

function sizeIn({ width, height }: TakenImage, slot: ImageSlot, density: ImageDensity): WantedSize {
  const points = slotBox(slot, width, height);
  const scale = Number(density[0]);
  const [boxWidth, boxHeight] = [points.width * scale, points.height * scale];
  const [across, down] = [boxWidth / width, boxHeight / height];
  const box = { width: boxWidth, height: boxHeight, fit: points.exact ? "cover" : "contain" } as const;
  if (points.exact) return { width: boxWidth, height: boxHeight, box, enough: Math.max(across, down) <= 1 };
  const factor = Math.min(across, down);
  const side = (pixels: number) => Math.max(1, Math.round(pixels * factor));
  return { width: side(width), height: side(height), box, enough: factor <= 1 };
}

const isSize = (png: Png, { width, height }: WantedSize): boolean => png.width === width && png.height === height;

/** A JPEG is drawn from what was sent: its public picture may have been made smaller. */
async function drawable(image: TakenImage, own: Png): Promise<Pick<Picture, "mediaType" | "source" | "orientation">> {
  const reading = image.mediaType === "image/jpeg" ? await readPicture(image.file) : null;
  return reading?.ok ? reading.picture : { mediaType: "image/png", source: own.bytes, orientation: 1 };
}

async function drawVariant(
  ctx: TenantContext,
  source: Awaited<ReturnType<typeof drawable>>,
  pointer: string,
  box: PixelSize,
): Promise<Png> {
  const drawn = await drawPng(ctx, source, box);
  if (drawn.ok) return drawn.png;
  refuseIssues([{ pointer, code: drawn.code, detail: drawn.detail }], "images");
  throw new Error("unreachable");
}

async function readVariant(ctx: TenantContext, id: string, variant: string): Promise<Png | null> {
  const object = await ctx.files.get(variantKey(ctx.tenant.code, id, variant));
  const read = object && readPng(new Uint8Array(await object.arrayBuffer()), Infinity);
  return read?.ok ? read.png : null;
}

const pictureOf = async ({ bytes, width, height }: Png) => ({ width, height, bytes, sha256: await sha256Hex(bytes) });

function rememberVariants(
  ctx: TenantContext,
  id: string,
  slot: ImageSlot,
  made: ImageVariants[string],
): BatchStatement[] {
  if (Object.keys(made).length === 0) return [];
  return [
    ctx.data
      .update(images)
      .set({ variants: sql`json_patch(${images.variants}, ${JSON.stringify({ [slot]: made })})` })
      .where(and(eq(images.tenantId, ctx.tenant.id), eq(images.id, id))),
  ];
}
