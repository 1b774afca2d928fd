import type { Issue } from "../pass-model/issue";
import { ServiceError } from "../services/errors";

const keyLengthMax = 255;

/**
 * The key in the header `Idempotency-Key`: bare, as most clients send it, or as the string of RFC 9651 §3.3.3 that
 * draft-ietf-httpapi-idempotency-key-header asks for. Both are the same key. Throws `validation_error`.
 */
export function parseIdempotencyKey(header: string): string {
  const isQuoted = header.startsWith('"');
  const text = isQuoted ? (/^"((?:[ !#-[\]-~]|\\["\\])*)"$/.exec(header)?.[1] ?? null) : header;
  const key = isQuoted ? text?.replace(/\\(.)/g, "$1") : text;
  if (key && key.length <= keyLengthMax && /^[ -~]+$/.test(key)) return key;
  const detail = `expected 1 to ${keyLengthMax} printable ASCII characters, bare or as a quoted string`;
  throw new ServiceError("validation_error", "The header Idempotency-Key cannot be understood.", {
    errors: [{ pointer: "#/Idempotency-Key", code: "invalid_value", detail, in: "header" } as Issue],
  });
}
