import { uprighting } from "../../pkpass/exif";
import type { Picture } from "../../pkpass/picture";
import { corrupt, fault, imageBytesMax, type PictureFault } from "../../pkpass/picture-limits";
import { readPng, type Png } from "../../pkpass/png";
import { flipPng } from "../../pkpass/png-flip";
import type { PixelSize } from "../../providers/images/contract";
import type { TenantContext } from "../context";
import { ServiceError } from "../errors";

/** Pixels on the longer side of what is drawn: more than any wallet shows. */
const publicPixelsMax = 2048;
/** Of what has too many bytes at that size: with four bytes a pixel it cannot have more than 8 MB, however little it compresses. */
const densePixelsMax = 1400;
/** Pixels of a PNG that is drawn in its own size; a larger one is drawn as a JPEG is. */
const ownSizeAreaMax = 8_000_000;

type Drawn = { ok: true; png: Png } | PictureFault;

/** The public picture of an original. A PNG is its own, unless it must be drawn anew and can be here. */
export async function drawPublic(ctx: TenantContext, picture: Picture): Promise<Drawn> {
  const isPng = picture.mediaType === "image/png";
  if (isPng && !(picture.redraw && ctx.images)) return readPng(picture.file);
  const ownSize = isPng && picture.width * picture.height <= ownSizeAreaMax;
  const drawn = await drawPng(ctx, picture, ownSize ? undefined : within(publicPixelsMax));
  const isDense = drawn.ok && drawn.png.bytes.length > imageBytesMax;
  return isDense ? drawPng(ctx, picture, within(densePixelsMax)) : drawn;
}

const within = (pixels: number): PixelSize => ({ width: pixels, height: pixels, fit: "contain" });

/** For a rejection: null if it says that nothing can be converted here; else it goes on. */
export function nullIfNotConfigured(error: unknown): null {
  if (error instanceof ServiceError && error.code === "images_not_configured") return null;
  throw error;
}

/**
 * Draws a picture upright, as a PNG without metadata; `size` is of the upright one. Throws
 * `images_not_configured` where there is no converter, or it does not answer.
 */
export async function drawPng(
  ctx: TenantContext,
  { mediaType, source, orientation }: Pick<Picture, "mediaType" | "source" | "orientation">,
  size?: PixelSize,
): Promise<Drawn> {
  if (!ctx.images) throw notConfigured("has no Images binding");
  const { rotate, flip } = uprighting[orientation];
  const drawn = await ctx.images.toPng(source, { size, rotate });
  if (!drawn.ok && drawn.reason === "unavailable") throw notConfigured("cannot convert images at the moment");
  const upright = drawn.ok && flip ? await flipPng(drawn.png) : drawn.ok && drawn.png;
  const read = upright ? readPng(upright, Infinity) : null;
  return read?.ok && hasSize(read.png, size) ? read : undrawable(mediaType);
}

/** A converter that answers another size has not understood; half pixels are rounded either way. */
function hasSize({ width, height }: Png, size?: PixelSize): boolean {
  if (!size) return true;
  if (size.fit === "cover") return width === size.width && height === size.height;
  return width <= size.width + 1 && height <= size.height + 1;
}

export function notConfigured(why: string): ServiceError {
  const detail = `This deployment ${why}; only PNGs that have their size already can be taken.`;
  return new ServiceError("images_not_configured", detail);
}

function undrawable(mediaType: Picture["mediaType"]): PictureFault {
  if (mediaType === "image/svg+xml") {
    return fault("svg_not_rendered", "the SVG cannot be drawn here; export it as PNG");
  }
  const name = mediaType === "image/png" ? "PNG" : "JPEG";
  return corrupt(`the ${name} cannot be decoded`);
}
