import type { JsonObject } from "../../pass-model/resolved-pass";

/** What Google calls the ways in which it refuses: HTTP status, the name of the status, the reason. `limitExceeded` is ours. */
const refusals = {
  invalid: [400, "INVALID_ARGUMENT", "invalid"],
  invalidResource: [400, "INVALID_ARGUMENT", "invalidResource"],
  parseError: [400, "INVALID_ARGUMENT", "parseError"],
  required: [401, "UNAUTHENTICATED", "required"],
  authError: [401, "UNAUTHENTICATED", "authError"],
  permissionDenied: [403, "PERMISSION_DENIED", "permissionDenied"],
  limitExceeded: [403, "PERMISSION_DENIED", "limitExceeded"],
  notFound: [404, "NOT_FOUND", "notFound"],
  resourceNotFound: [404, "NOT_FOUND", "resourceNotFound"],
  classNotFound: [404, "NOT_FOUND", "classNotFound"],
  alreadyExists: [409, "ALREADY_EXISTS", "alreadyExists"],
  tooLarge: [413, "INVALID_ARGUMENT", "uploadTooLarge"],
  quotaExceeded: [429, "RESOURCE_EXHAUSTED", "quotaExceeded"],
  rateLimitExceeded: [429, "RESOURCE_EXHAUSTED", "rateLimitExceeded"],
  backendError: [500, "INTERNAL", "backendError"],
} as const satisfies Record<string, readonly [status: number, name: string, reason: string]>;

type RefusalName = keyof typeof refusals;

/** Thrown by the verbs of the simulator, answered in Google's shape by its door. */
export class Refusal extends Error {
  readonly refusal: RefusalName;
  readonly details: string[];
  readonly retryAfterSeconds: number | null;

  constructor(
    refusal: RefusalName,
    message: string,
    { details = [message], retryAfterSeconds = null }: { details?: string[]; retryAfterSeconds?: number | null } = {},
  ) {
    super(message);
    this.refusal = refusal;
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get status(): number {
    return refusals[this.refusal][0];
  }

  get body(): JsonObject {
    const [code, status, reason] = refusals[this.refusal];
    const errors = this.details.map((message) => ({ message, domain: "walletobjects", reason }));
    return { error: { code, message: this.message, status, errors } };
  }
}

/** What was thrown, as a refusal: a fault of the simulator's own shows nothing of itself. */
export function toRefusal(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown;
  console.error({ msg: "fault of the Google simulator", error: thrown instanceof Error ? thrown.stack : "no Error" });
  return new Refusal("backendError", "Backend Error");
}
