import { concat } from "./concat";
import { isTurned, readOrientation, type Orientation } from "./exif";
import { corrupt, fault, sizeFault, type PictureFault } from "./picture-limits";

/** JPEG (ITU-T T.81): walked marker by marker, never decoded. */

export interface Jpeg {
  /** Pixels of the upright picture. */
  width: number;
  height: number;
  orientation: Orientation;
  /** The file without EXIF and other metadata; colour profile and Adobe's colour mark stay. */
  source: Uint8Array;
}

const markers = { soi: 0xd8, eoi: 0xd9, sos: 0xda, app0: 0xe0, app1: 0xe1, app2: 0xe2, app14: 0xee } as const;
/** Baseline, extended and progressive DCT with Huffman coding; nothing decodes the others. */
const readableFrames = new Set([0xc0, 0xc1, 0xc2]);
/** Frames of any kind; C4, C8 and CC mean something else (table B.1). */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** TEM and the restart marks have no content. */
const isBare = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
/** A progressive file draws the whole picture once per scan; cameras use about ten. */
const scansMax = 100;

interface Segment {
  marker: number;
  /** With marker and length; of a scan, with its data. */
  whole: Uint8Array;
  content: Uint8Array;
}

export const isJpeg = (file: Uint8Array): boolean => file[0] === 0xff && file[1] === markers.soi && file[2] === 0xff;

export function readJpeg(file: Uint8Array): { ok: true; jpeg: Jpeg } | PictureFault {
  const read = readSegments(file);
  if (!read.ok) return read;
  const { segments } = read;
  const frames = segments.filter(({ marker }) => isFrame(marker));
  const frame = frames[0];
  if (!frame || frames.length > 1) return corrupt(`the JPEG has ${frames.length} frames, and must have one`);
  const scans = segments.filter(({ marker }) => marker === markers.sos).length;
  if (scans === 0) return corrupt("the JPEG has no picture in it");
  if (scans > scansMax)
    return fault("image_too_complex", `a JPEG may have at most ${scansMax} scans, and not ${scans}`);
  return measured(segments, frame);
}

function measured(segments: Segment[], { marker, content }: Segment): ReturnType<typeof readJpeg> {
  if (!readableFrames.has(marker) || content[0] !== 8) {
    const detail = "the JPEG is lossless, arithmetic-coded or of more than 8 bits; save it as an ordinary JPEG";
    return fault("unsupported_image", detail);
  }
  if (content.length < 6) return corrupt("the JPEG's frame is broken");
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const [height, width] = [view.getUint16(1), view.getUint16(3)];
  if (width < 1 || height < 1) return corrupt("the JPEG has no size");
  const exif = segments.find((segment) => segment.marker === markers.app1 && startsWith(segment.content, "Exif\0\0"));
  const orientation = exif ? readOrientation(exif.content.subarray(6)) : 1;
  const size = isTurned(orientation) ? { width: height, height: width } : { width, height };
  const source = concat(segments.filter(isDrawn).map(({ whole }) => whole));
  return sizeFault(width, height) ?? { ok: true, jpeg: { ...size, orientation, source } };
}

const isMetadata = (marker: number) => (marker >= markers.app0 && marker <= 0xef) || marker === 0xfe;

/** Of the application segments and comments only those are needed that say what the colours mean. */
function isDrawn({ marker, content }: Segment): boolean {
  if (marker === markers.app2) return startsWith(content, "ICC_PROFILE\0");
  return !isMetadata(marker) || marker === markers.app0 || marker === markers.app14;
}

function readSegments(file: Uint8Array): { ok: true; segments: Segment[] } | PictureFault {
  const segments: Segment[] = [{ marker: markers.soi, whole: file.subarray(0, 2), content: file.subarray(2, 2) }];
  for (let at = 2; at < file.length;) {
    if (file[at] !== 0xff) return corrupt("the JPEG is broken: a marker was expected");
    const start = at;
    while (file[at] === 0xff) at += 1;
    const marker = file[at];
    if (marker === undefined) break;
    at += 1;
    if (marker === markers.eoi) {
      segments.push({ marker, whole: Uint8Array.of(0xff, marker), content: file.subarray(at, at) });
      return { ok: true, segments };
    }
    if (isBare(marker)) continue;
    const length = at + 2 <= file.length ? file[at]! * 256 + file[at + 1]! : 0;
    if (length < 2 || at + length > file.length) return corrupt("the JPEG is cut off");
    const content = file.subarray(at + 2, at + length);
    at += length;
    if (marker === markers.sos) at = endOfScan(file, at);
    segments.push({ marker, whole: file.subarray(start, at), content });
  }
  return corrupt("the JPEG is cut off: it has no end");
}

/** In the data of a scan FF is followed by 00, a restart mark or more FF; anything else is the next marker (B.1.1.5). */
function endOfScan(file: Uint8Array, from: number): number {
  for (let at = file.indexOf(0xff, from); at >= 0; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1];
    if (next !== undefined && next !== 0 && next !== 0xff && !isBare(next)) return at;
  }
  return file.length;
}

const startsWith = (bytes: Uint8Array, text: string): boolean =>
  bytes.length >= text.length && Array.from(text).every((character, index) => bytes[index] === character.charCodeAt(0));
