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

export function limitBody() {
  return createMiddleware<AppEnv>(async function limitBodyMiddleware(c, next) {
    const { body, headers, method } = c.req.raw;
    if (!body) return next();
    const [, limit] = bytesMax.find(([path]) => path.test(c.req.path))!;
    const announced = headers.has("transfer-encoding") ? null : headers.get("content-length");
    if (announced === null) c.req.raw = new Request(c.req.raw, { method, body: await readUpTo(body, limit) });
    else if (Number(announced) > limit) throw tooLarge();
    await next();
  });
}

/** Reads on when it is too much, within reason: who is cut off while sending hears no answer, and local servers fall over it. */
async function readUpTo(body: ReadableStream<Uint8Array>, limit: number): Promise<Blob> {
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
  if (size > limit) throw tooLarge();
  return new Blob(chunks);
}

const tooLarge = () => new ServiceError("body_too_large", "The body is larger than this operation takes.");
