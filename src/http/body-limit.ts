import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { ServiceError } from "../services/errors";
import type { AppEnv } from "./env";

const mebibyte = 1024 * 1024;

/** Templates bring images with them, and 8 MB of a file are 11 MB of base64. */
const bytesMax: [RegExp, number][] = [
  [/^\/v2\/templates/, 8 * mebibyte],
  [/^\/v2\/images/, 12 * mebibyte],
  [/^\/v2\/apple\/doctor/, 12 * mebibyte],
  // Batches of many passes, and 5 MB of barcode values.
  [/^\/simulator\/google\/(batch$|upload\/)/, 8 * mebibyte],
  // Apple's protocol knows no refusal of a log: it is heard out, though most of a large one is ignored.
  [/^\/apple\/[^/]+\/v1\/log$/, mebibyte],
  [/^\/apple\//, mebibyte / 16],
  // Callbacks of Google have some 900 bytes.
  [/^\/api\/[^/]+\/passes\/google$/, mebibyte / 64],
  [/^/, mebibyte],
];
const bodyBytesMax = Math.max(...bytesMax.map(([, bytes]) => bytes));

const limitOf = (c: Context<AppEnv>): number => bytesMax.find(([path]) => path.test(c.req.path))![1];

/**
 * Reads a body whose length is not told, so that it is heard out whatever becomes of the request: who is cut off while sending
 * hears no answer, and local servers fall over it.
 */
export function readBody() {
  return createMiddleware<AppEnv>(async function readBodyMiddleware(c, next) {
    const { body, headers, method } = c.req.raw;
    if (body && method !== "GET" && method !== "HEAD" && announcedLength(headers) === null) {
      const read = await readUpTo(body, limitOf(c));
      c.set("bodyTooLarge", read === null);
      c.req.raw = new Request(c.req.raw, { method, body: read });
    }
    await next();
  });
}

/** Refuses what is too large; behind authentication, so that this, too, is told to a key with its limits. */
export function limitBody() {
  return createMiddleware<AppEnv>(async function limitBodyMiddleware(c, next) {
    if (c.get("bodyTooLarge") || (announcedLength(c.req.raw.headers) ?? 0) > limitOf(c)) throw tooLarge();
    await next();
  });
}

const announcedLength = (headers: Headers): number | null =>
  headers.has("transfer-encoding") || !headers.has("content-length") ? null : Number(headers.get("content-length"));

/** Null if it is too much; reads on then, within reason. */
async function readUpTo(body: ReadableStream<Uint8Array>, limit: number): Promise<Blob | null> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk as Uint8Array<ArrayBuffer>);
      if (size > 2 * bodyBytesMax) break;
    }
  } catch (cause) {
    throw new ServiceError("malformed_json", "The body broke off before its end.", { cause });
  }
  return size > limit ? null : new Blob(chunks);
}

const tooLarge = () => new ServiceError("body_too_large", "The body is larger than this operation takes.");
