import { Readable } from "node:stream";
import { createInflate } from "node:zlib";
import { corrupt, type PictureFault } from "./picture-limits";
import type { PngParts } from "./png";
import { rowRuns } from "./png-header";

const chunkBytes = 65_536;
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
  } catch {
    // Behind a complete picture only the checksum of the stream can be wrong or missing.
    if (!rows.complete()) return corrupt("the PNG's picture is broken: its data does not decompress");
  }
  return rows.complete() ? { ok: true } : corrupt("the PNG's picture is cut off");
}

/** In pieces, made as they are asked for. Throws where the data is broken or ends too soon; what stands behind it is ignored. */
export function inflate(parts: Uint8Array[]): AsyncIterable<Uint8Array> {
  return Readable.from(parts).pipe(createInflate({ chunkSize: chunkBytes }));
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
