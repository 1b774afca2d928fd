import { corrupt, type PictureFault } from "./picture-limits";
import type { PngParts } from "./png";
import { rowRuns } from "./png-header";

/** So little goes in at once that what comes out of it stays small: zlib makes at most 1,032 bytes of one. */
const sliceBytes = 4096;
/** Filter types (ISO/IEC 15948, 9.2). */
const filterMax = 4;

/**
 * Whether the data inflates to exactly the rows that the header promises. Stops at the first byte too many,
 * so a decompression bomb costs no more than the picture that it says it is.
 */
export async function checkPngPixels(png: Pick<PngParts, "header" | "data">): Promise<{ ok: true } | PictureFault> {
  const rows = rowCounter(png);
  try {
    for await (const inflated of inflate(png.data)) {
      const state = rows.take(inflated);
      if (state === "bad filter") return corrupt("the PNG's picture is broken: a row has an unknown filter");
      if (state === "too much") return corrupt("the PNG holds more than the size in its header");
    }
  } catch (error) {
    // Trailing bytes behind a complete picture are an error of the stream, and no harm.
    if (!(error instanceof TypeError)) throw error;
    if (!rows.complete()) return corrupt("the PNG's picture is broken: its data does not decompress");
  }
  return rows.complete() ? { ok: true } : corrupt("the PNG's picture is cut off");
}

/** Throws a TypeError where the data is broken or ends too soon. */
export async function* inflate(parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  const slices = slicesOf(parts);
  const source = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const next = slices.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
    },
    { highWaterMark: 0 },
  );
  const reader = source.pipeThrough(new DecompressionStream("deflate")).getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function* slicesOf(parts: Uint8Array[]): Generator<Uint8Array> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += sliceBytes) yield part.slice(at, at + sliceBytes);
  }
}

type RowState = "fine" | "bad filter" | "too much";

/** Walks over the rows as they come, in pieces of any size. */
function rowCounter({ header }: Pick<PngParts, "header">) {
  const runs = rowRuns(header);
  let run = 0;
  let row = 0;
  /** Of the present row. */
  let seen = 0;
  return {
    complete: () => run === runs.length,
    take(bytes: Uint8Array): RowState {
      for (let at = 0; at < bytes.length;) {
        const present = runs[run];
        if (!present) return "too much";
        if (seen === 0 && bytes[at]! > filterMax) return "bad filter";
        const step = Math.min(present.bytes - seen, bytes.length - at);
        at += step;
        seen += step;
        if (seen < present.bytes) continue;
        seen = 0;
        row += 1;
        if (row === present.rows) {
          row = 0;
          run += 1;
        }
      }
      return "fine";
    },
  };
}
