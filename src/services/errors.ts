import type { Issue } from "../pass-model/issue";

/** Every way in which a verb refuses. `src/http/problems.ts` says how each looks on the wire. */
export const errorCodes = [
  "validation_error",
  "malformed_json",
  "missing_token",
  "malformed_token",
  "unknown_key",
  "revoked_key",
  "expired_key",
  "key_environment_mismatch",
  "invalid_admin_token",
  "insufficient_scope",
  "tenant_suspended",
  "https_required",
  "not_found",
  "method_not_allowed",
  "external_id_taken",
  "template_in_use",
  "template_archived",
  "pass_voided",
  "key_revoked",
  "apple_not_configured",
  "nfc_certificate_required",
  "google_not_configured",
  "image_in_use",
  "images_not_configured",
  "certificate_request_completed",
  "certificate_is_default",
  "certificate_in_use",
  "device_unauthorized",
  "link_gone",
  "version_mismatch",
  "body_too_large",
  "unsupported_media_type",
  "rate_limited",
  "idempotency_in_progress",
  "idempotency_key_reused",
  "internal_error",
  "temporarily_unavailable",
  "master_key_mismatch",
  "malformed_callback",
  "unsupported_signature_scheme",
  "invalid_callback_signature",
  "callback_expired",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** What a verb throws. It names no status: the same refusal can leave by HTTP, a queue or cron. */
export class ServiceError extends Error {
  /** One entry per member that is wrong. */
  readonly errors: Issue[];
  /** Members of the answer beside the common ones, such as the id of the pass in the way. */
  readonly extra: Record<string, unknown>;
  readonly retryAfterSeconds: number | null;

  constructor(
    readonly code: ErrorCode,
    detail: string,
    options: { errors?: Issue[]; extra?: Record<string, unknown>; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.errors = options.errors ?? [];
    this.extra = options.extra ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

export function notFound(what: string): ServiceError {
  return new ServiceError("not_found", `There is no ${what} of this id.`);
}

/** Throws unless `errors` is empty. */
export function refuseIssues(errors: Issue[], what: string): void {
  if (errors.length === 0) return;
  const count = errors.length === 1 ? "1 member" : `${errors.length} members`;
  throw new ServiceError("validation_error", `${count} of the ${what} cannot be accepted.`, { errors });
}
