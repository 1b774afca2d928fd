import { concat } from "./concat";
import { encodePng, parsePng } from "./png";
import { inflate } from "./png-pixels";

/** Bytes of pixels that are held at once, twice. */
const pixelBytesMax = 32_000_000;
const sub = 1;

/**
 * The same PNG with its rows in reverse order, which the local emulation of the Images binding cannot do. Null
 * if it is interlaced or too large.
 */
export async function flipPng(file: Uint8Array): Promise<Uint8Array | null> {
  const read = parsePng(file, Infinity);
  if (!read.ok) return null;
  const { header, data, ihdr, colors } = read.png;
  const rowBytes = Math.ceil((header.width * header.bitsPerPixel) / 8);
  if (header.interlaced || rowBytes * header.height > pixelBytesMax) return null;
  const step = Math.max(1, header.bitsPerPixel / 8);
  const parts: Uint8Array[] = [];
  for await (const part of inflate(data)) parts.push(part);
  const filtered = concat(parts);
  const flipped = new Uint8Array(filtered.length);
  let above: Uint8Array = new Uint8Array(rowBytes);
  for (let row = 0; row < header.height; row += 1) {
    const from = row * (rowBytes + 1);
    const pixels = filtered.subarray(from + 1, from + 1 + rowBytes);
    unfilter(filtered[from]!, pixels, above, step);
    writeRow(flipped.subarray((header.height - 1 - row) * (rowBytes + 1)), pixels, step);
    above = pixels;
  }
  return encodePng(ihdr, colors, await deflate(flipped));
}

/** In place (ISO/IEC 15948, 9.2). */
function unfilter(filter: number, row: Uint8Array, above: Uint8Array, step: number): void {
  for (let at = 0; filter > 0 && at < row.length; at += 1) {
    const left = at >= step ? row[at - step]! : 0;
    const up = above[at]!;
    if (filter === 1) row[at] = row[at]! + left;
    else if (filter === 2) row[at] = row[at]! + up;
    else if (filter === 3) row[at] = row[at]! + ((left + up) >> 1);
    else row[at] = row[at]! + nearest(left, up, at >= step ? above[at - step]! : 0);
  }
}

/** Paeth: which of the three neighbours is nearest to what they promise (9.4). */
function nearest(left: number, up: number, corner: number): number {
  const promise = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(promise - left), Math.abs(promise - up), Math.abs(promise - corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

function writeRow(target: Uint8Array, row: Uint8Array, step: number): void {
  target[0] = sub;
  for (let at = 0; at < row.length; at += 1) target[at + 1] = row[at]! - (at >= step ? row[at - step]! : 0);
}

async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
