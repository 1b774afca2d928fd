import { createHash } from "node:crypto";
import { strToU8, zipSync, type Zippable } from "fflate";

/**
 * The zip of a pass, and the *pack*: all of it that is the same for every pass of a template version
 * (images and string tables), zipped and hashed once. A pass is the pack's entries followed by its own
 * three, so building one copies the pack and compresses nothing.
 *
 * Offsets and record sizes are those of PKWARE's APPNOTE.TXT, 4.3.12 and 4.3.16.
 */

/** Any instant after 1980 would do; a fixed one makes equal input equal bytes. */
const entryTime = "2000-01-01T00:00:00Z";
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

export function sha1Hex(bytes: Uint8Array): string {
  return createHash("sha1").update(bytes).digest("hex");
}

/** The pack's entries, then `files`, as one zip. */
export function appendToPack(pack: Pack, files: Record<string, Uint8Array>): Uint8Array {
  const base = readEnd(pack.zip);
  const added = zipStored(files);
  const tail = readEnd(added);
  const length = pack.zip.length + added.length - endRecordLength;
  const zip = new Uint8Array(length);
  // Entries of both, then directories of both, then one end record.
  zip.set(pack.zip.subarray(0, base.directoryOffset), 0);
  zip.set(added.subarray(0, tail.directoryOffset), base.directoryOffset);
  const directoryOffset = base.directoryOffset + tail.directoryOffset;
  zip.set(pack.zip.subarray(base.directoryOffset, base.endOffset), directoryOffset);
  const addedDirectory = directoryOffset + base.endOffset - base.directoryOffset;
  zip.set(added.subarray(tail.directoryOffset, tail.endOffset), addedDirectory);
  const view = new DataView(zip.buffer);
  for (let record = addedDirectory; record < length - endRecordLength; ) {
    view.setUint32(record + 42, view.getUint32(record + 42, true) + base.directoryOffset, true);
    const variable = view.getUint16(record + 28, true) + view.getUint16(record + 30, true) + view.getUint16(record + 32, true);
    record += directoryRecordLength + variable;
  }
  const end = length - endRecordLength;
  zip.set(added.subarray(tail.endOffset), end);
  view.setUint16(end + 8, base.count + tail.count, true);
  view.setUint16(end + 10, base.count + tail.count, true);
  view.setUint32(end + 12, end - directoryOffset, true);
  view.setUint32(end + 16, directoryOffset, true);
  return zip;
}

function readEnd(zip: Uint8Array): { count: number; directoryOffset: number; endOffset: number } {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const endOffset = zip.length - endRecordLength;
  return { count: view.getUint16(endOffset + 10, true), directoryOffset: view.getUint32(endOffset + 16, true), endOffset };
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
