import { isObject } from "../../pass-model/json";
import type { JsonObject } from "../../pass-model/resolved-pass";
import type { GoogleError } from "./types";

/**
 * Google's error bodies: `{"error": {code, message, status, errors: [{domain, reason}], details: [{reason}]}}` of the
 * API, `{"error", "error_description"}` of the token endpoint (RFC 6749, section 5.2), and pages of what stands before them.
 */

type Kind = GoogleError["kind"];

/** By the names in the body, the first row that has one; they say more than the status. */
const kindsByName: [Kind, names: string[]][] = [
  ["disabled", ["accessNotConfigured", "SERVICE_DISABLED"]],
  // Its status is not documented.
  ["notification_quota", ["QuotaExceededException", "walletobjects/quotaExceeded"]],
  [
    "busy",
    ["rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED"],
  ],
  ["credentials", ["invalid_grant", "invalid_client", "unauthorized_client", "authError", "UNAUTHENTICATED"]],
  ["permission", ["permissionDenied", "PermissionDeniedException", "insufficientPermissions", "PERMISSION_DENIED"]],
  ["already_exists", ["alreadyExists", "AlreadyExistsException", "ALREADY_EXISTS"]],
  ["not_found", ["notFound", "NotFoundException", "IssuerClassNotFoundException", "NOT_FOUND"]],
  ["invalid", ["invalidResource", "BadRequestException", "INVALID_ARGUMENT", "FAILED_PRECONDITION"]],
];

const kindsByStatus: Record<number, Kind> = {
  401: "credentials",
  403: "permission",
  404: "not_found",
  409: "already_exists",
  429: "busy",
  503: "busy",
};

const messageCharactersMax = 1000;

export function googleError(status: number, body: string, retryAfterSeconds: number | null): GoogleError {
  const { names, message } = read(body);
  return {
    kind: kindOf(status, names),
    status,
    reason: names.find((name) => !name.includes("/")) ?? null,
    message: clean(message ?? `Google answered ${status} and nothing that can be read`),
    retryAfterSeconds,
  };
}

/** No answer, or none that says anything. */
export const unreachable = (message: string, status: number | null = null): GoogleError => ({
  kind: "unreachable",
  status,
  reason: null,
  message,
  retryAfterSeconds: null,
});

/** Nothing was sent. */
export const busy = (message: string, retryAfterMs: number | null): GoogleError => ({
  kind: "busy",
  status: null,
  reason: null,
  message,
  retryAfterSeconds: retryAfterMs === null ? null : Math.ceil(retryAfterMs / 1000),
});

export const isUnsent = ({ kind, status }: GoogleError): boolean => kind === "busy" && status === null;

function kindOf(status: number, names: string[]): Kind {
  const named = kindsByName.find(([, known]) => known.some((name) => names.includes(name)));
  if (named) return named[0];
  return kindsByStatus[status] ?? (status >= 400 && status < 500 ? "invalid" : "unreachable");
}

/** The names in a body, the most telling first, and a name with its domain before it as `domain/name`. */
function read(body: string): { names: string[]; message: string | null } {
  const { error, error_description: description } = parseObject(body) ?? {};
  if (typeof error === "string") return { names: [error], message: textOf(description) ?? error };
  const { errors, details, status, message } = isObject(error) ? error : {};
  const reasons = [...listOf(errors), ...listOf(details)].flatMap(({ domain, reason }) =>
    typeof reason === "string" ? [reason, `${textOf(domain) ?? ""}/${reason}`] : [],
  );
  const exceptions = textOf(message)?.match(/\b[A-Z][A-Za-z]{0,60}Exception\b/g) ?? [];
  return { names: [...reasons, ...exceptions, ...(textOf(status) ? [textOf(status)!] : [])], message: textOf(message) };
}

/** Null if it is something else, or no JSON. */
export function parseObject(text: string): JsonObject | null {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : null;
  } catch {
    return null;
  }
}

const listOf = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/** JWTs and Google's tokens: whatever answers in Google's place could quote what it was sent. */
const secrets = /eyJ[\w-]{5,}(?:\.[\w-]+){1,2}|\bya29\.[\w.-]+|\bBearer\s+\S+/g;

/** Cut twice: before, for the search must end, and after, for a secret that is cut in two is not found. */
const clean = (message: string): string =>
  message
    .slice(0, 4 * messageCharactersMax)
    .replace(secrets, "…")
    .slice(0, messageCharactersMax);
