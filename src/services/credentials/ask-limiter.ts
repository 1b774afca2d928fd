import type { CredentialRow, TenantRow } from "../../db/control-schema";
import type { TakeResult, Taken } from "../../durable-objects/rate-limiter";
import type { BaseContext } from "../context";
import { within } from "../deadline";
import { networkOf } from "../network";
import { limitsOf, policiesOf } from "./limits";

export interface KnownKey {
  credential: CredentialRow;
  tenant: TenantRow;
}

/** An answer takes milliseconds; whoever waits longer is not helped by it any more. */
const patienceMs = 2500;

/**
 * `stale`: there are newer credentials than these. `other_version`: it is of the version before, for the length of a rollout, and
 * counts by rules of its own. `unreachable`: overloaded, away or slow; it is not asked again, for that would make it worse.
 */
type LimiterAnswer = Taken | "stale" | "other_version" | "unreachable";

/** Counts the request at the tenant's limiter; that of a suspended tenant is only looked at. `isFresh`: `key` was read just now. */
export async function askLimiter(ctx: BaseContext, key: KnownKey, isFresh: boolean): Promise<LimiterAnswer> {
  const tenantId = key.tenant.id;
  try {
    const answer = await within(patienceMs, take(ctx, key, isFresh));
    if (answer === null) {
      logUnreachable(ctx, tenantId, "no answer in time");
      return "unreachable";
    }
    if (answer.stale) return "stale";
    if (Array.isArray(answer.windows)) return answer;
    ctx.log({ level: "warn", msg: "limiter of another version", tenantId });
    return "other_version";
  } catch (error) {
    logUnreachable(ctx, tenantId, error);
    return "unreachable";
  }
}

async function take(ctx: BaseContext, { tenant, credential }: KnownKey, isFresh: boolean): Promise<TakeResult> {
  return ctx.limiter(tenant.id).take({
    cost: tenant.status === "suspended" ? 0 : 1,
    policies: policiesOf(limitsOf(ctx.environment, tenant)),
    keyId: credential.keyId,
    address: ctx.address,
    network: ctx.address === null ? null : networkOf(ctx.address),
    epoch: tenant.credentialEpoch,
    isFresh,
  });
}

/** `cause`: what was thrown, or a word of our own. */
export function logUnreachable(ctx: BaseContext, tenantId: string, cause: unknown): void {
  ctx.log({
    level: "error",
    msg: "limiter unreachable",
    tenantId,
    overloaded: (cause as { overloaded?: unknown } | null)?.overloaded === true,
    error: cause instanceof Error ? cause.name : typeof cause === "string" ? cause : "unknown",
  });
}
