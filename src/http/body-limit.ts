import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { ServiceError } from "../services/errors";
import type { AppEnv } from "./env";

const mebibyte = 1024 * 1024;

/** Templates bring images with them, and 8 MB of a file are 11 MB of base64. */
const bytesMax: [string, number][] = [
  ["/v2/templates", 8 * mebibyte],
  ["/v2/images", 12 * mebibyte],
  ["/v2/apple/doctor", 12 * mebibyte],
  ["/apple/", mebibyte / 16],
  ["/", mebibyte],
];

const limits = bytesMax.map(([prefix, maxSize]) => ({ prefix, check: bodyLimit({ maxSize, onError: tooLarge }) }));

export function limitBody() {
  return createMiddleware<AppEnv>(async function limitBodyMiddleware(c, next) {
    const limit = limits.find(({ prefix }) => c.req.path.startsWith(prefix));
    return limit?.check(c, next);
  });
}

function tooLarge(): never {
  throw new ServiceError("body_too_large", "The body is larger than this operation takes.");
}
