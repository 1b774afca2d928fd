import type { GoogleObjectRow } from "../../db/data-schema";
import type { GoogleError } from "../../providers/google/contract";
import type { TenantContext } from "../context";
import type { Delivered } from "./deliver";

export interface DeliveryError {
  code: GoogleError["kind"] | "google_not_configured" | "issuer_changed" | "tenant_suspended" | "internal";
  detail: string;
  retryAfterSeconds: number | null;
}

/** When to try again: `soon` with growing delay, `hourly` for what others may put right, `never` before the pass or the account changes. */
const retries: Record<DeliveryError["code"], "soon" | "hourly" | "never"> = {
  invalid: "never",
  not_found: "never",
  already_exists: "never",
  notification_quota: "never",
  issuer_changed: "never",
  credentials: "hourly",
  permission: "hourly",
  disabled: "hourly",
  google_not_configured: "hourly",
  tenant_suspended: "hourly",
  internal: "hourly",
  busy: "soon",
  unreachable: "soon",
};

const hourSeconds = 3600;
const firstRetrySeconds = 5;

/** What is to be settled of a pass that Google did not take. */
export function failed(
  ctx: Pick<TenantContext, "now">,
  row: GoogleObjectRow,
  seenVersion: number | null,
  error: DeliveryError,
): Delivered {
  const { code, detail } = error;
  const seconds = secondsUntilRetry(error, row.failures);
  return {
    row: { ...row, failures: row.failures + 1, failure: { code, detail, at: ctx.now } },
    seenVersion,
    dueAt: seconds === null ? null : ctx.now + seconds * 1000,
    error: { ...error, retryAfterSeconds: seconds },
  };
}

function secondsUntilRetry({ code, retryAfterSeconds }: DeliveryError, failures: number): number | null {
  if (retries[code] === "never") return null;
  if (retries[code] === "hourly") return hourSeconds;
  return retryAfterSeconds ?? Math.min(hourSeconds, firstRetrySeconds * 2 ** Math.min(failures, 12));
}
