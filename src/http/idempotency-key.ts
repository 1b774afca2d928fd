import type { Issue } from "../pass-model/issue";
import { ServiceError } from "../services/errors";

const keyLengthMax = 255;

/**
 * The key in the header `Idempotency-Key`: bare, as most clients send it, or as the string of RFC 9651 §3.3.3 that
 * draft-ietf-httpapi-idempotency-key-header asks for. Both are the same key. Whitespace around is no part of it (RFC 9110 §5.5); a bare
 * one has no comma, by which a header that came twice is joined (§5.3). Throws `validation_error`.
 */
export function parseIdempotencyKey(header: string): string {
  const value = header.replace(/^[ \t]+|[ \t]+$/g, "");
  const isQuoted = value.startsWith('"');
  const bare = value.includes(",") ? null : value;
  const text = isQuoted ? (/^"((?:[ !#-[\]-~]|\\["\\])*)"$/.exec(value)?.[1] ?? null) : bare;
  const key = isQuoted ? text?.replace(/\\(.)/g, "$1") : text;
  if (key && key.length <= keyLengthMax && /^[ -~]+$/.test(key)) return key;
  const detail = `expected 1 to ${keyLengthMax} printable ASCII characters, once, bare (then without a comma) or as a quoted string`;
  throw new ServiceError("validation_error", "The header Idempotency-Key cannot be understood.", {
    errors: [{ pointer: "#/Idempotency-Key", code: "invalid_value", detail, in: "header" } as Issue],
  });
}
