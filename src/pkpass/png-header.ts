import { corrupt, type PictureFault } from "./picture-limits";

/** What IHDR says (ISO/IEC 15948, 11.2.1), and how many bytes the picture must have by it. */
export interface PngHeader {
  width: number;
  height: number;
  bitsPerPixel: number;
  interlaced: boolean;
}

/** Bytes of IHDR, always the same. */
export const headerLength = 13;

/** Colour type to samples per pixel and the bit depths that go with it (table 11.1). */
const colorTypes: Record<number, { samples: number; depths: number[] }> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};

const paletteColor = 3;

export function readPngHeader(
  ihdr: Uint8Array,
  palettes: Uint8Array[],
): { ok: true; header: PngHeader } | PictureFault {
  const view = new DataView(ihdr.buffer, ihdr.byteOffset, ihdr.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  if (width < 1 || height < 1) return corrupt("the PNG has no size");
  const [depth, colorType, compression, filter, interlace] = ihdr.subarray(8) as unknown as number[];
  const color = colorTypes[colorType!];
  if (!color?.depths.includes(depth!)) {
    return corrupt(`a PNG cannot have colour type ${colorType} with ${depth} bits`);
  }
  if (compression !== 0 || filter !== 0 || interlace! > 1) {
    return corrupt("the PNG names a compression, filter or interlacing that does not exist");
  }
  if (colorType === paletteColor && palettes.length !== 1) return corrupt("the PNG's colours need one palette");
  if (palettes.some(({ length }) => length === 0 || length > 768 || length % 3 !== 0)) {
    return corrupt("the PNG's palette is broken");
  }
  return { ok: true, header: { width, height, bitsPerPixel: color.samples * depth!, interlaced: interlace === 1 } };
}

/** First column and row of each Adam7 pass and the steps to the next (8.2). */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Rows of the uncompressed data in order, in runs of equal length: a filter byte and the pixels (7.2, 9.2). */
export function rowRuns({ width, height, bitsPerPixel, interlaced }: PngHeader): { rows: number; bytes: number }[] {
  const run = (columns: number, rows: number) =>
    columns > 0 && rows > 0 ? [{ rows, bytes: 1 + Math.ceil((columns * bitsPerPixel) / 8) }] : [];
  if (!interlaced) return run(width, height);
  return passes.flatMap(([x, y, across, down]) => run(Math.ceil((width - x) / across), Math.ceil((height - y) / down)));
}
