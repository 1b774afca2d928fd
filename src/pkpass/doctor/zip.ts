import { crc32, inflateRawSync } from "node:zlib";

/**
 * Reads a zip that may be broken or hostile: sizes are added up before anything is unpacked, and no entry
 * unpacks to more than it declares. Offsets are those of PKWARE's APPNOTE.TXT, 4.3.7, 4.3.12 and 4.3.16.
 */

export interface ZipEntry {
  path: string;
  isDirectory: boolean;
  isEncrypted: boolean;
  /** 0 is stored, 8 is deflated. */
  method: number;
  crc: number;
  packedBytes: number;
  unpackedBytes: number;
  /** Of the local header. */
  offset: number;
}

const signatures = { localHeader: 0x04034b50, directoryRecord: 0x02014b50, end: 0x06054b50 };
const lengths = { localHeader: 30, directoryRecord: 46, end: 22, commentMax: 0xffff };
const methods = { stored: 0, deflated: 8 };
/** In the place of a count or an offset: the true one is in a Zip64 record. */
const zip64Marks = { count: 0xffff, offset: 0xffff_ffff };

export const looksLikeZip = (file: Uint8Array): boolean =>
  file[0] === 0x50 && file[1] === 0x4b && [0x0304, 0x0506].includes((file[2]! << 8) | file[3]!);

/** The directory of the zip, or in words why it cannot be read. */
export function readDirectory(zip: Uint8Array): { ok: true; entries: ZipEntry[] } | { ok: false; detail: string } {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = findEnd(view);
  if (end === null) return { ok: false, detail: "it has no directory at its end, as a file that was cut off" };
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === zip64Marks.count || at === zip64Marks.offset) return { ok: false, detail: "it is a Zip64 archive" };
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    if (at + lengths.directoryRecord > end || view.getUint32(at, true) !== signatures.directoryRecord) {
      return { ok: false, detail: `its directory ends after ${index} of ${count} entries` };
    }
    const nameLength = view.getUint16(at + 28, true);
    const name = zip.subarray(at + lengths.directoryRecord, at + lengths.directoryRecord + nameLength);
    const path = new TextDecoder().decode(name);
    entries.push({
      path,
      isDirectory: path.endsWith("/"),
      isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packedBytes: view.getUint32(at + 20, true),
      unpackedBytes: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at += lengths.directoryRecord + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return { ok: true, entries };
}

/** The end record stands last, before a comment of any length. */
function findEnd(view: DataView): number | null {
  const last = view.byteLength - lengths.end;
  for (let at = last; at >= Math.max(0, last - lengths.commentMax); at -= 1) {
    const fits = at + lengths.end + view.getUint16(at + 20, true) <= view.byteLength;
    if (view.getUint32(at, true) === signatures.end && fits) return at;
  }
  return null;
}

type Unpacked = { ok: true; bytes: Uint8Array } | { ok: false; detail: string };

/** The content of an entry, or in words why it cannot be unpacked. */
export function unpack(zip: Uint8Array, entry: ZipEntry): Unpacked {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const { offset, method, packedBytes, unpackedBytes } = entry;
  const isLocal = offset + lengths.localHeader <= zip.length;
  if (!isLocal || view.getUint32(offset, true) !== signatures.localHeader) return fail("its place is empty");
  const start = offset + lengths.localHeader + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const packed = zip.subarray(start, start + packedBytes);
  if (packed.length < packedBytes) return fail("the archive ends in the middle of it");
  const unpacked = method === methods.stored ? { ok: true as const, bytes: packed } : inflate(packed, unpackedBytes);
  if (!unpacked.ok) return unpacked;
  const { bytes } = unpacked;
  if (bytes.length !== unpackedBytes) return fail(`it unpacks to ${bytes.length} bytes, and declares ${unpackedBytes}`);
  return crc32(bytes) === entry.crc ? unpacked : fail("its checksum (CRC-32) is wrong");
}

export const isSupportedMethod = ({ method }: ZipEntry): boolean => Object.values(methods).includes(method);

/** Stops at the first byte more than declared, however much would follow. */
function inflate(packed: Uint8Array, unpackedBytes: number): Unpacked {
  try {
    return { ok: true, bytes: inflateRawSync(packed, { maxOutputLength: unpackedBytes + 1 }) };
  } catch (error) {
    const isLonger = (error as Error).name === "RangeError";
    return fail(
      isLonger ? `it unpacks to more than the ${unpackedBytes} bytes that it declares` : "its data is damaged",
    );
  }
}

const fail = (detail: string) => ({ ok: false, detail }) as const;
