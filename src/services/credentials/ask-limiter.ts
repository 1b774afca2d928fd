import type { CredentialRow, TenantRow } from "../../db/control-schema";
import type { TakeResult } from "../../durable-objects/rate-limiter";
import type { BaseContext } from "../context";
import { networkOf } from "../network";
import { limitsOf, policiesOf } from "./limits";

export interface KnownKey {
  credential: CredentialRow;
  tenant: TenantRow;
}

/** An answer takes milliseconds; whoever waits longer is not helped by it any more. */
const patienceMs = 2500;

/**
 * Counts the request at the tenant's limiter; that of a suspended tenant is only looked at. `isFresh`: `key` was read just now.
 * Null if the limiter is overloaded, away, slow, or of another version. It is not asked again: that would make it worse.
 */
export async function askLimiter(ctx: BaseContext, key: KnownKey, isFresh: boolean): Promise<TakeResult | null> {
  const { id } = key.tenant;
  try {
    const answer = await withinTime(take(ctx, key, isFresh));
    if (answer !== null && (answer.stale || Array.isArray(answer.windows))) return answer;
    logUnreachable(ctx, id, answer === null ? "no answer in time" : "an answer of another version");
  } catch (error) {
    logUnreachable(ctx, id, error);
  }
  return null;
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

async function withinTime<T>(answer: Promise<T>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expiry = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patienceMs);
  });
  try {
    return await Promise.race([answer, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
