import type { TenantRow } from "../../db/control-schema";
import type { Policy } from "../../durable-objects/rate-limiter";
import type { BaseContext } from "../context";

export interface Limits {
  requestsPerMinute: number;
  /** Null if a day has none. */
  requestsPerDay: number | null;
}

/** What a plan may in production. */
const limitsByPlan: Record<TenantRow["plan"], Limits> = {
  standard: { requestsPerMinute: 100, requestsPerDay: 10_000 },
  premium: { requestsPerMinute: 1000, requestsPerDay: 200_000 },
};

/** A guard against runaway loops; nobody pays for a sandbox. */
const sandboxLimits: Limits = { requestsPerMinute: 1000, requestsPerDay: null };

type Limited = Pick<TenantRow, "plan" | "requestsPerMinute" | "requestsPerDay">;

/** The limits in force. Numbers of the account's own hold in both environments, so that a client can be tried against them. */
export function limitsOf(environment: BaseContext["environment"], tenant: Limited): Limits {
  const usual = environment === "sandbox" ? sandboxLimits : limitsByPlan[tenant.plan];
  return {
    requestsPerMinute: tenant.requestsPerMinute ?? usual.requestsPerMinute,
    requestsPerDay: tenant.requestsPerDay ?? usual.requestsPerDay,
  };
}

export function policiesOf({ requestsPerMinute, requestsPerDay }: Limits): Policy[] {
  const burst: Policy = { name: "burst", quota: requestsPerMinute, windowSeconds: 60 };
  return requestsPerDay === null ? [burst] : [burst, { name: "daily", quota: requestsPerDay, windowSeconds: 86_400 }];
}
