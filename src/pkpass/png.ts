import { crc32 } from "node:zlib";
import { concat } from "./concat";
import { corrupt, fault, imageBytesMax, sizeFault, type PictureFault } from "./picture-limits";
import { headerLength, readPngHeader, type PngHeader } from "./png-header";

/** PNG (ISO/IEC 15948): what an image of a pass must be, whatever its name says. */

export interface Png {
  /** The file with nothing in it but what draws the picture. */
  bytes: Uint8Array;
  /** Pixels. */
  width: number;
  height: number;
}

export interface PngParts extends Png {
  header: PngHeader;
  /** Content of IHDR, and whole chunks that say what the colours mean. */
  ihdr: Uint8Array;
  colors: Uint8Array[];
  /** Contents of the IDAT chunks: together one zlib stream. */
  data: Uint8Array[];
  /** The same file with its colour profile, if it has one. */
  withProfile: Uint8Array | null;
  /** Content of eXIf. */
  exif: Uint8Array | null;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Metadata (text, EXIF, profiles) is left out: it may hold personal data, and Wallet does not use it. */
const keptChunks = new Set(["IHDR", "PLTE", "tRNS", "sRGB", "IDAT", "IEND"]);
const colorChunks = new Set(["sRGB", "PLTE", "tRNS"]);
const criticalChunks = new Set(["IHDR", "PLTE", "IDAT", "IEND"]);

export const isPng = (file: Uint8Array): boolean => signature.every((byte, index) => file[index] === byte);

/**
 * Checks the structure and every checksum; answers the stripped picture or the rule that it breaks. What was drawn
 * here may have more bytes than what is sent.
 */
export function readPng(file: Uint8Array, bytesMax = imageBytesMax): { ok: true; png: Png } | PictureFault {
  const read = parsePng(file, bytesMax);
  if (!read.ok) return read;
  const { bytes, width, height } = read.png;
  return { ok: true, png: { bytes, width, height } };
}

interface Chunk {
  type: string;
  /** With length and checksum. */
  whole: Uint8Array;
  content: Uint8Array;
}

export function parsePng(file: Uint8Array, bytesMax = imageBytesMax): { ok: true; png: PngParts } | PictureFault {
  if (file.length > bytesMax) return fault("image_too_large", `an image may have at most ${bytesMax} bytes`);
  if (!isPng(file)) return corrupt("the file is no PNG");
  const read = readChunks(file);
  return read.ok ? assemble(file, read.chunks) : read;
}

function readChunks(file: Uint8Array): { ok: true; chunks: Chunk[] } | PictureFault {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chunks: Chunk[] = [];
  for (let at = signature.length; at < file.length;) {
    if (at + 12 > file.length) return corrupt("the PNG ends in the middle of a chunk");
    const end = at + 12 + view.getUint32(at);
    if (end > file.length) return corrupt("the PNG ends in the middle of a chunk");
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (crc32(file.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) {
      return corrupt(`the checksum of the PNG's ${type} chunk is wrong`);
    }
    const content = file.subarray(at + 8, end - 4);
    if ((chunks.length === 0) !== (type === "IHDR") || (chunks.length === 0 && content.length !== headerLength)) {
      return corrupt("a PNG starts with one IHDR chunk");
    }
    if (/^[A-Z]/.test(type) && !criticalChunks.has(type)) {
      return corrupt(`the PNG has a ${type} chunk, without which it cannot be drawn and which is unknown here`);
    }
    chunks.push({ type, whole: file.subarray(at, end), content });
    if (type === "IEND") return { ok: true, chunks };
    at = end;
  }
  return corrupt("the PNG has no end");
}

function assemble(file: Uint8Array, chunks: Chunk[]): ReturnType<typeof parsePng> {
  const contentsOf = (name: string) => chunks.filter(({ type }) => type === name).map(({ content }) => content);
  const data = contentsOf("IDAT");
  if (data.length === 0) return corrupt("the PNG has no picture in it");
  const read = readPngHeader(chunks[0]!.content, contentsOf("PLTE"));
  if (!read.ok) return read;
  const { header } = read;
  const { width, height } = header;
  const tooLarge = sizeFault(width, height);
  if (tooLarge) return tooLarge;
  const withChunks = (kept: (type: string) => boolean) =>
    concat([file.subarray(0, signature.length), ...chunks.filter(({ type }) => kept(type)).map(({ whole }) => whole)]);
  const bytes = withChunks((type) => keptChunks.has(type));
  const hasProfile = chunks.some(({ type }) => type === "iCCP");
  const withProfile = hasProfile ? withChunks((type) => keptChunks.has(type) || type === "iCCP") : null;
  const ihdr = chunks[0]!.content;
  const colors = chunks.filter(({ type }) => colorChunks.has(type)).map(({ whole }) => whole);
  const exif = contentsOf("eXIf")[0] ?? null;
  return { ok: true, png: { bytes, width, height, header, ihdr, colors, data, withProfile, exif } };
}

/** A file of these chunks; `colors` whole, of `ihdr` and `data` the content. */
export function encodePng(ihdr: Uint8Array, colors: Uint8Array[], data: Uint8Array): Uint8Array {
  return concat([
    Uint8Array.from(signature),
    chunkOf("IHDR", ihdr),
    ...colors,
    chunkOf("IDAT", data),
    chunkOf("IEND", new Uint8Array(0)),
  ]);
}

function chunkOf(type: string, content: Uint8Array): Uint8Array {
  const name = Uint8Array.from(type, (character) => character.charCodeAt(0));
  const bytes = concat([new Uint8Array(4), name, content, new Uint8Array(4)]);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(4, -4)));
  return bytes;
}
