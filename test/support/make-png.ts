import { crc32, deflateSync } from "node:zlib";

/** PNGs of any shape, sound or not. */

export const signature = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
export const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

export function join(...parts: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export function chunk(type: string, data: Uint8Array = new Uint8Array(0), crc?: number): Uint8Array {
  const bytes = join(new Uint8Array(4), latin1(type), data, new Uint8Array(4));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  view.setUint32(bytes.length - 4, crc ?? crc32(bytes.subarray(4, -4)));
  return bytes;
}

export function header(width: number, height: number, coding: number[] = []): Uint8Array {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  data.set([8, 6, 0, 0, 0], 8);
  data.set(coding, 8);
  return chunk("IHDR", data);
}

/** A transparent picture of this size. */
export const picture = (width: number, height: number) =>
  chunk("IDAT", new Uint8Array(deflateSync(new Uint8Array((width * 4 + 1) * height))));
export const end = chunk("IEND");
export const plain = join(signature, header(2, 3), picture(2, 3), end);
