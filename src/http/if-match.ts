import type { Context } from "hono";
import type { Issue } from "../pass-model/issue";
import { ServiceError } from "../services/errors";
import type { AppEnv } from "./env";

/** The pass version in `If-Match: "3"` (RFC 9110 §13.1.1), or null if the header is absent or `*`. */
export function ifMatchVersion(c: Context<AppEnv>): number | null {
  const header = c.req.header("if-match");
  if (header === undefined || header.trim() === "*") return null;
  const match = /^\s*"?(\d{1,15})"?\s*$/.exec(header);
  if (match) return Number(match[1]);
  const detail = 'expected the version of the pass in quotes, such as "3"';
  throw new ServiceError("validation_error", "The header If-Match cannot be understood.", {
    errors: [{ pointer: "#/If-Match", code: "invalid_value", detail, in: "header" } as Issue],
  });
}
