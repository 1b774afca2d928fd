import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { strFromU8, strToU8, zipSync, type Zippable } from "fflate";

/**
 * The zip of a pass, and the *pack*: all of it that is the same for every pass of a template version
 * (images and string tables), zipped and hashed once. A pass is the pack's entries followed by its own
 * three, so building one copies the pack and compresses nothing.
 *
 * Offsets and record sizes are those of PKWARE's APPNOTE.TXT, 4.3.7, 4.3.12 and 4.3.16.
 */

/** Any instant after 1980 would do; a fixed one makes equal input equal bytes. */
const entryTime = "2000-01-01T00:00:00Z";
/** The same as MS-DOS has it: years since 1980, month and day in 7, 4 and 5 bits. */
const entryDosDate = (20 << 9) | (1 << 5) | 1;
const signatures = { localHeader: 0x04034b50, directoryRecord: 0x02014b50, end: 0x06054b50 };
const versionNeeded = 20;
/** Unix, as fflate's `os: 3`. */
const madeBy = (3 << 8) | versionNeeded;
const localHeaderLength = 30;
const endRecordLength = 22;
const directoryRecordLength = 46;

export interface Pack {
  /** A whole zip without a comment. */
  zip: Uint8Array;
  /** Path to lowercase hex SHA-1 of each file in it. */
  sha1: Record<string, string>;
}

/** Files that a reader stores as they are. No directory entries are written. */
export function zipStored(files: Record<string, Uint8Array>): Uint8Array {
  const entries: Zippable = {};
  for (const [path, bytes] of Object.entries(files)) entries[path] = [bytes, { level: 0, mtime: entryTime, os: 3 }];
  return zipSync(entries, { level: 0, mtime: entryTime });
}

export function createPack(files: Record<string, Uint8Array>): Pack {
  const sha1 = Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, sha1Hex(bytes)]));
  return { zip: zipStored(files), sha1 };
}

const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** `digest("hex")` costs as much again as the digest. */
export function sha1Hex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of createHash("sha1").update(bytes).digest()) hex += hexPairs[byte]!;
  return hex;
}

/**
 * The pack's entries, then `files`, as one zip: the bytes that `zipStored` would give for all of them. The
 * paths of `files` are ASCII. Written here, for zipSync with its CRC in JavaScript costs more than three times as much.
 */
export function appendToPack(pack: Pack, files: Record<string, Uint8Array>): Uint8Array {
  const added = Object.entries(files);
  const base = readEnd(pack.zip);
  let { directoryOffset, endOffset } = base;
  for (const [path, bytes] of added) {
    const length = localHeaderLength + path.length + bytes.length;
    directoryOffset += length;
    endOffset += length + directoryRecordLength + path.length;
  }
  const zip = new Uint8Array(endOffset + endRecordLength);
  const view = new DataView(zip.buffer);
  // Entries of both, then directories of both, then one end record.
  zip.set(pack.zip.subarray(0, base.directoryOffset), 0);
  zip.set(pack.zip.subarray(base.directoryOffset, base.endOffset), directoryOffset);
  let entry = base.directoryOffset;
  let record = directoryOffset + base.endOffset - base.directoryOffset;
  for (const [path, bytes] of added) {
    const checksum = crc32(bytes);
    view.setUint32(entry, signatures.localHeader, true);
    writeFacts(view, entry + 4, path, bytes, checksum);
    writeAscii(zip, entry + localHeaderLength, path);
    zip.set(bytes, entry + localHeaderLength + path.length);
    view.setUint32(record, signatures.directoryRecord, true);
    view.setUint16(record + 4, madeBy, true);
    writeFacts(view, record + 6, path, bytes, checksum);
    view.setUint32(record + 42, entry, true);
    writeAscii(zip, record + directoryRecordLength, path);
    entry += localHeaderLength + path.length + bytes.length;
    record += directoryRecordLength + path.length;
  }
  writeEnd(view, { count: base.count + added.length, directoryOffset, endOffset });
  return zip;
}

/**
 * The pack without the files at `removed`, and then `added`: the pack that `createPack` would make of those
 * files in this order. A path that is in both is replaced. The paths of `added` are ASCII.
 */
export function changePack(pack: Pack, removed: ReadonlySet<string>, added: Record<string, Uint8Array>): Pack {
  const kept = withoutFiles(pack, removed);
  const sha1 = { ...kept.sha1 };
  for (const [path, bytes] of Object.entries(added)) sha1[path] = sha1Hex(bytes);
  return { zip: appendToPack(kept, added), sha1 };
}

function withoutFiles(pack: Pack, removed: ReadonlySet<string>): Pack {
  if (!Object.keys(pack.sha1).some((path) => removed.has(path))) return pack;
  const kept = readEntries(pack.zip).filter(({ path }) => !removed.has(path));
  const length = kept.reduce((sum, { entry, record }) => sum + entry.length + record.length, endRecordLength);
  const zip = new Uint8Array(length);
  const view = new DataView(zip.buffer);
  const offsets: number[] = [];
  let at = 0;
  for (const { entry } of kept) {
    offsets.push(at);
    zip.set(entry, at);
    at += entry.length;
  }
  const directoryOffset = at;
  for (const [index, { record }] of kept.entries()) {
    zip.set(record, at);
    view.setUint32(at + 42, offsets[index]!, true);
    at += record.length;
  }
  writeEnd(view, { count: kept.length, directoryOffset, endOffset: at });
  return { zip, sha1: Object.fromEntries(Object.entries(pack.sha1).filter(([path]) => !removed.has(path))) };
}

/** The entries of a pack, in order, each with its header and its record of the directory. */
function readEntries(zip: Uint8Array): { path: string; entry: Uint8Array; record: Uint8Array }[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const { directoryOffset, endOffset } = readEnd(zip);
  const places: { path: string; offset: number; record: Uint8Array }[] = [];
  for (let at = directoryOffset; at < endOffset;) {
    const lengths = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const end = lengths.reduce((sum, length) => sum + length, at + directoryRecordLength);
    const name = zip.subarray(at + directoryRecordLength, at + directoryRecordLength + lengths[0]!);
    places.push({ path: strFromU8(name), offset: view.getUint32(at + 42, true), record: zip.subarray(at, end) });
    at = end;
  }
  return places.map(({ path, offset, record }, index) => {
    const end = places[index + 1]?.offset ?? directoryOffset;
    return { path, entry: zip.subarray(offset, end), record };
  });
}

/** What a local header and a directory record have in common, from "version needed" to the length of the name. */
function writeFacts(view: DataView, at: number, path: string, bytes: Uint8Array, checksum: number): void {
  view.setUint16(at, versionNeeded, true);
  view.setUint16(at + 8, entryDosDate, true);
  view.setUint32(at + 10, checksum, true);
  view.setUint32(at + 14, bytes.length, true);
  view.setUint32(at + 18, bytes.length, true);
  view.setUint16(at + 22, path.length, true);
}

function writeAscii(zip: Uint8Array, at: number, text: string): void {
  for (let index = 0; index < text.length; index += 1) zip[at + index] = text.charCodeAt(index);
}

interface End {
  count: number;
  directoryOffset: number;
  endOffset: number;
}

function writeEnd(view: DataView, { count, directoryOffset, endOffset }: End): void {
  view.setUint32(endOffset, signatures.end, true);
  view.setUint16(endOffset + 8, count, true);
  view.setUint16(endOffset + 10, count, true);
  view.setUint32(endOffset + 12, endOffset - directoryOffset, true);
  view.setUint32(endOffset + 16, directoryOffset, true);
}

function readEnd(zip: Uint8Array): End {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const endOffset = zip.length - endRecordLength;
  return {
    count: view.getUint16(endOffset + 10, true),
    directoryOffset: view.getUint32(endOffset + 16, true),
    endOffset,
  };
}

/** A pack as one object of bytes: length of the JSON (u32, little endian), the SHA-1s as JSON, the zip. */
export function encodePack(pack: Pack): Uint8Array {
  const head = strToU8(JSON.stringify(pack.sha1));
  const bytes = new Uint8Array(4 + head.length + pack.zip.length);
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 4);
  bytes.set(pack.zip, 4 + head.length);
  return bytes;
}

export function decodePack(bytes: Uint8Array): Pack {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  const sha1 = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Record<string, string>;
  return { zip: bytes.subarray(4 + length), sha1 };
}
