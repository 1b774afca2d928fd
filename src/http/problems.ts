import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { UnknownMasterKeyError } from "../db/vault";
import { describeFault } from "../services/describe-fault";
import { ServiceError, type ErrorCode } from "../services/errors";
import type { AppEnv } from "./env";
import { problemTable } from "./problem-table";

export const problemMediaType = "application/problem+json";

/** The page that explains a code: `/problems/validation-error`. */
export const problemPath = (code: string): string => `/problems/${code.replaceAll("_", "-")}`;

/** Writes one refusal as RFC 9457 problem details. Every refusal of the API leaves by this door. */
export function problem(c: Context<AppEnv>, error: ServiceError): Response {
  const { status, title } = problemTable[error.code];
  const requestId = c.get("requestId") ?? "";
  c.set("errorCode", error.code);
  const body = {
    type: `${publicUrlOf(c)}${problemPath(error.code)}`,
    title,
    status,
    code: error.code,
    detail: error.message,
    instance: `urn:wepass:request:${requestId}`,
    requestId,
    ...error.extra,
    ...(error.errors.length > 0 && { errors: error.errors }),
  };
  return c.body(JSON.stringify(body), status, { "content-type": problemMediaType, ...extraHeaders(error, status) });
}

const publicUrlOf = (c: Context<AppEnv>): string => (c.env.PUBLIC_URL ?? "").replace(/\/+$/, "");

/** Of those whose credential is no key: a device's, and Google's signature (RFC 9110 §11.6.1 wants a challenge with each 401). */
const ownChallenges: Partial<Record<ErrorCode, string>> = {
  device_unauthorized: "ApplePass",
  invalid_callback_signature: "ECv2SigningOnly",
  callback_expired: "ECv2SigningOnly",
};

/** RFC 6750 §3: which credential is wanted, and what was wrong with the one that was sent. */
function extraHeaders(error: ServiceError, status: number): Record<string, string> {
  const headers: Record<string, string> = { "x-should-retry": String(isWorthRetrying(error.code)) };
  const realm = 'Bearer realm="wepass"';
  if (status === 401) {
    headers["www-authenticate"] =
      ownChallenges[error.code] ?? (error.code === "missing_token" ? realm : `${realm}, error="invalid_token"`);
  }
  if (error.code === "insufficient_scope") {
    const scope = ((error.extra.requiredScopes as string[] | undefined) ?? []).join(" ");
    headers["www-authenticate"] = `${realm}, error="insufficient_scope", scope="${scope}"`;
  }
  if (error.retryAfterSeconds !== null) headers["retry-after"] = String(error.retryAfterSeconds);
  if (Array.isArray(error.extra.allow)) headers.allow = error.extra.allow.join(", ");
  return headers;
}

/** Whether the same request, repeated as it is, may be answered otherwise without anybody doing anything (R217). */
export function isWorthRetrying(code: ErrorCode): boolean {
  const { status } = problemTable[code];
  if (code === "idempotency_in_progress") return true;
  return code !== "master_key_mismatch" && (status === 429 || status >= 500);
}

/** What was thrown, as one of our refusals. The cause of a fault goes to the log, never into the answer. */
export function toServiceError(thrown: unknown): ServiceError {
  if (thrown instanceof ServiceError) return thrown;
  if (thrown instanceof UnknownMasterKeyError) {
    return new ServiceError("master_key_mismatch", "Secrets here were sealed under another master key.", {
      cause: thrown,
    });
  }
  if (thrown instanceof HTTPException && thrown.status < 500) {
    const code: ErrorCode = thrown.status === 413 ? "body_too_large" : "malformed_json";
    const detail =
      code === "body_too_large" ? "The body is larger than this operation takes." : "The body is not valid JSON.";
    return new ServiceError(code, detail, { cause: thrown });
  }
  return new ServiceError("internal_error", "The request could not be completed. Nothing in it is known to be wrong.", {
    cause: thrown,
  });
}

export function logFault(c: Context<AppEnv>, error: ServiceError): void {
  if (problemTable[error.code].status < 500 || error.cause === undefined) return;
  const described = describeFault(error.cause);
  console.error({ msg: "fault", requestId: c.get("requestId"), errorCode: error.code, error: described });
}
