import { crc32, deflateSync } from "node:zlib";

/**
 * PNG (W3C PNG, third edition) from RGBA pixels: 8 bits per channel, without alpha where nothing is
 * transparent. Only IHDR, IDAT and IEND, so the same pixels give the same bytes.
 */

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const colorType = { truecolor: 2, truecolorWithAlpha: 6 };

/** `pixels` is straight-alpha RGBA, row by row: `width * height * 4` bytes. */
export function encodePng({ width, height, pixels }) {
  const opaque = isOpaque(pixels);
  const channels = opaque ? 3 : 4;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = opaque ? colorType.truecolor : colorType.truecolorWithAlpha;
  const data = deflateSync(filterRows(pixels, width, height, channels), { level: 9, memLevel: 9 });
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(type, data) {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, "latin1");
  data.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

function isOpaque(pixels) {
  for (let at = 3; at < pixels.length; at += 4) if (pixels[at] !== 255) return false;
  return true;
}

/** Each row with the filter whose residue has the least sum of magnitudes, the specification's heuristic (12.7). */
function filterRows(pixels, width, height, channels) {
  const stride = width * channels;
  const out = Buffer.alloc((stride + 1) * height);
  const candidates = Array.from({ length: 5 }, () => new Int8Array(stride));
  // Both rows begin with one pixel of zeros, which is what the filters see to the left of the picture.
  let above = new Uint8Array(channels + stride);
  let row = new Uint8Array(channels + stride);
  for (let y = 0; y < height; y++) {
    for (let x = 0, from = y * width * 4, to = channels; x < width; x++, from += 4) {
      for (let c = 0; c < channels; c++) row[to++] = pixels[from + c];
    }
    const best = filterRow(row, above, channels, candidates);
    out[y * (stride + 1)] = best;
    out.set(candidates[best], y * (stride + 1) + 1);
    [above, row] = [row, above];
  }
  return out;
}

/** Fills all five candidates (None, Sub, Up, Average, Paeth) and answers the number of the best one. */
function filterRow(row, above, channels, [none, sub, up, average, paeth]) {
  let [sumNone, sumSub, sumUp, sumAverage, sumPaeth] = [0, 0, 0, 0, 0];
  for (let i = 0; i < none.length; i++) {
    const value = row[i + channels];
    const a = row[i];
    const b = above[i + channels];
    none[i] = value;
    sub[i] = value - a;
    up[i] = value - b;
    average[i] = value - ((a + b) >> 1);
    paeth[i] = value - nearest(a, b, above[i]);
    sumNone += Math.abs(none[i]);
    sumSub += Math.abs(sub[i]);
    sumUp += Math.abs(up[i]);
    sumAverage += Math.abs(average[i]);
    sumPaeth += Math.abs(paeth[i]);
  }
  const sums = [sumNone, sumSub, sumUp, sumAverage, sumPaeth];
  return sums.indexOf(Math.min(...sums));
}

function nearest(a, b, c) {
  const toA = Math.abs(b - c);
  const toB = Math.abs(a - c);
  const toC = Math.abs(a + b - 2 * c);
  if (toA <= toB && toA <= toC) return a;
  return toB <= toC ? b : c;
}
