import { parsePng } from "../../src/pkpass/png";
import { inflate } from "../../src/pkpass/png-pixels";

export interface Pixels {
  width: number;
  height: number;
  /** Red, green, blue and, if the file has one, alpha. */
  at: (x: number, y: number) => number[];
}

/** Decodes a PNG of 8 bits in grey, RGB or RGBA, straight by the standard. */
export async function decodePng(file: Uint8Array): Promise<Pixels> {
  const read = parsePng(file);
  if (!read.ok) throw new Error(read.detail);
  const { header, data, ihdr } = read.png;
  if (ihdr[8] !== 8 || header.interlaced || ihdr[9] === 3) throw new Error("a PNG that the tests do not decode");
  const parts: number[] = [];
  for await (const part of inflate(data)) for (const byte of part) parts.push(byte);
  const { width, height } = header;
  const step = header.bitsPerPixel / 8;
  const stride = width * step;
  const pixels = new Uint8Array(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = parts[y * (stride + 1)]!;
    for (let x = 0; x < stride; x += 1) {
      const left = x >= step ? pixels[y * stride + x - step]! : 0;
      const up = y > 0 ? pixels[(y - 1) * stride + x]! : 0;
      const corner = x >= step && y > 0 ? pixels[(y - 1) * stride + x - step]! : 0;
      const base = left + up - corner;
      const paeth = [left, up, corner].toSorted((a, b) => Math.abs(base - a) - Math.abs(base - b))[0]!;
      const guess = [0, left, up, Math.floor((left + up) / 2), paeth][filter]!;
      pixels[y * stride + x] = parts[y * (stride + 1) + 1 + x]! + guess;
    }
  }
  return { width, height, at: (x, y) => [...pixels.subarray(y * stride + x * step, y * stride + (x + 1) * step)] };
}

const names: [string, number[]][] = [
  ["red", [255, 0, 0]],
  ["green", [0, 255, 0]],
  ["blue", [0, 0, 255]],
  ["yellow", [255, 255, 0]],
];

/** Colours of the four corners, as in the pictures of `make-pictures.mjs`: red, green, blue, yellow if upright. */
export function cornersOf({ width, height, at }: Pixels): string[] {
  const [x, y] = [Math.floor(width / 8), Math.floor(height / 8)];
  const places = [
    [x, y],
    [width - 1 - x, y],
    [x, height - 1 - y],
    [width - 1 - x, height - 1 - y],
  ] as const;
  return places.map(([across, down]) => {
    const seen = at(across, down);
    return (
      names.find(([, color]) => color.every((value, index) => Math.abs(value - seen[index]!) < 40))?.[0] ?? `${seen}`
    );
  });
}

export const uprightCorners = ["red", "green", "blue", "yellow"];
