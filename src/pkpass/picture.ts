import { isTurned, readOrientation, type Orientation } from "./exif";
import { isJpeg, readJpeg } from "./jpeg";
import { fault, imageBytesMax, type PictureFault } from "./picture-limits";
import { unsupportedFormat } from "./picture-formats";
import { isPng, parsePng } from "./png";
import { checkPngPixels } from "./png-pixels";
import { looksLikeSvg, readSvg } from "./svg";

/** What an upload may be. The bytes decide, never a name or a media type. */
export type PictureMediaType = "image/png" | "image/jpeg" | "image/svg+xml";

export interface Picture {
  mediaType: PictureMediaType;
  /** Pixels of the upright picture; of an SVG those that it is drawn with. */
  width: number;
  height: number;
  /** What is kept: a PNG without metadata, anything else as it was sent. */
  file: Uint8Array;
  /** What a converter takes: no mark of orientation is in it, and an SVG has the size to draw it in. */
  source: Uint8Array;
  /** Of the rows of `source`. */
  orientation: Orientation;
  /** Whether a PNG looks right only if it is drawn anew: it has a colour profile, or does not lie upright. */
  redraw: boolean;
}

export type PictureReading = { ok: true; picture: Picture } | PictureFault;

/** Reads a picture as far as can be without drawing it; or answers the rule that it breaks. */
export async function readPicture(file: Uint8Array): Promise<PictureReading> {
  if (file.length > imageBytesMax) return fault("image_too_large", `an image may have at most ${imageBytesMax} bytes`);
  if (isPng(file)) return pngPicture(file);
  if (isJpeg(file)) return jpegPicture(file);
  if (looksLikeSvg(latin1(file.subarray(0, 200)))) return svgPicture(file);
  const detail = `the image is ${unsupportedFormat(file)}; send a PNG, a JPEG or an SVG`;
  return fault("unsupported_image", detail);
}

async function pngPicture(file: Uint8Array): Promise<PictureReading> {
  const read = parsePng(file);
  if (!read.ok) return read;
  const { bytes, width, height, withProfile, exif } = read.png;
  const checked = await checkPngPixels(read.png);
  if (!checked.ok) return checked;
  const orientation = exif ? readOrientation(exif) : 1;
  const redraw = withProfile !== null || orientation !== 1;
  const size = isTurned(orientation) ? { width: height, height: width } : { width, height };
  const picture = { mediaType: "image/png", file: bytes, source: withProfile ?? bytes, orientation, redraw } as const;
  return { ok: true, picture: { ...picture, ...size } };
}

function jpegPicture(file: Uint8Array): PictureReading {
  const read = readJpeg(file);
  if (!read.ok) return read;
  return { ok: true, picture: { mediaType: "image/jpeg", file, redraw: false, ...read.jpeg } };
}

function svgPicture(file: Uint8Array): PictureReading {
  const read = readSvg(file);
  if (!read.ok) return read;
  return { ok: true, picture: { mediaType: "image/svg+xml", file, orientation: 1, redraw: false, ...read.svg } };
}

const latin1 = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);
