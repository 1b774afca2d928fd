import { crc32 } from "node:zlib";

/** PNG (ISO/IEC 15948): what an image of a pass must be, whatever its name says. */

export interface Png {
  /** The file with nothing in it but what draws the picture. */
  bytes: Uint8Array;
  /** Pixels. */
  width: number;
  height: number;
}

export const imageBytesMax = 8_000_000;
export const imagePixelsMax = 8192;

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Bytes of IHDR, always the same (ISO/IEC 15948, 11.2.1). */
const headerLength = 13;
/** Metadata (text, EXIF, profiles) is left out: it may hold personal data, and Wallet does not use it. */
const keptChunks = new Set(["IHDR", "PLTE", "tRNS", "sRGB", "IDAT", "IEND"]);

/** Checks the structure and every checksum; answers the stripped picture or the rule that it breaks. */
export function readPng(file: Uint8Array): { ok: true; png: Png } | { ok: false; code: string; detail: string } {
  if (file.length > imageBytesMax) return fail("image_too_large", `an image may have at most ${imageBytesMax} bytes`);
  if (!signature.every((byte, index) => file[index] === byte)) return fail("not_a_png", whatItIs(file));
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const kept: Uint8Array[] = [file.subarray(0, 8)];
  let seen = 0;
  let hasData = false;
  for (let at = 8; at < file.length;) {
    if (at + 12 > file.length) return fail("corrupt_image", "the PNG ends in the middle of a chunk");
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > file.length) return fail("corrupt_image", "the PNG ends in the middle of a chunk");
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (crc32(file.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) {
      return fail("corrupt_image", `the checksum of the PNG's ${type} chunk is wrong`);
    }
    if ((seen === 0) !== (type === "IHDR") || (seen === 0 && length !== headerLength)) {
      return fail("corrupt_image", "a PNG starts with one IHDR chunk");
    }
    if (keptChunks.has(type)) kept.push(file.subarray(at, end));
    if (type === "IDAT") hasData = true;
    seen += 1;
    at = end;
    if (type === "IEND") {
      if (!hasData) return fail("corrupt_image", "the PNG has no picture in it");
      return measured(kept, view);
    }
  }
  return fail("corrupt_image", "the PNG has no end");
}

function measured(kept: Uint8Array[], view: DataView): ReturnType<typeof readPng> {
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  if (width < 1 || height < 1) return fail("corrupt_image", "the PNG has no size");
  if (width > imagePixelsMax || height > imagePixelsMax) {
    return fail(
      "image_too_large",
      `an image may be at most ${imagePixelsMax} pixels wide and high; this is ${width}×${height}`,
    );
  }
  const bytes = new Uint8Array(kept.reduce((total, chunk) => total + chunk.length, 0));
  let at = 0;
  for (const chunk of kept) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { ok: true, png: { bytes, width, height } };
}

const otherFormats: [string, string][] = [
  ["JPEG", "\xff\xd8\xff"],
  ["GIF", "GIF8"],
  ["WebP", "RIFF"],
  ["SVG", "<svg"],
  ["XML", "<?xml"],
];

function whatItIs(file: Uint8Array): string {
  const start = String.fromCharCode(...file.subarray(0, 16));
  const format = otherFormats.find(([, magic]) => start.startsWith(magic))?.[0];
  return `the image is ${format ? `a ${format} file` : "no image that is known here"}; a pass needs PNG`;
}

const fail = (code: string, detail: string) => ({ ok: false, code, detail }) as const;
