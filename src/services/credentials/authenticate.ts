import { eq } from "drizzle-orm";
import { credentials, tenants } from "../../db/control-schema";
import { IsolateCache } from "../../db/isolate-cache";
import { hashSecret, parseApiKey } from "../../db/tokens";
import type { Taken, UsageNotice } from "../../durable-objects/rate-limiter";
import { forTenant, keyModes, type BaseContext, type TenantContext } from "../context";
import { ServiceError } from "../errors";
import type { Scope } from "../scopes";
import { askLimiter, type KnownKey } from "./ask-limiter";
import { block, blockedState } from "./blocks";
import { tooManyRequests, unknownState, type LimitState } from "./limit-state";

export interface Authenticated {
  ctx: TenantContext;
  scopes: Scope[];
  /** Null if the limiter was not asked or is out of reach; without windows if it is of another version. */
  limits: LimitState | null;
  /** Unusual uses of the tenant's keys that are still to be written down (`reportUsage`). */
  notices: UsageNotice[];
  /** Why the request goes no further, though its secret is right: `revoked_key`, `expired_key`, `tenant_suspended`, `rate_limited`. */
  refusal: ServiceError | null;
}

/** Keys whose secret was presented, with the tenant as it was at `tenant.credentialEpoch`. */
const known = new IsolateCache<KnownKey>(1000);

/**
 * Who presents this token. The secret is checked first, so a wrong key costs one read and never the tenant's quota; then one call to the
 * tenant's limiter answers the limits and the credential epoch, and a key of an older epoch is read again. Hot, that is no read at all.
 *
 * Throws `malformed_token`, `key_environment_mismatch`, `unknown_key`.
 */
export async function authenticate(ctx: BaseContext, token: string): Promise<Authenticated> {
  const parsed = parseApiKey(token);
  if (!parsed) {
    throw new ServiceError("malformed_token", "The bearer token is not a WePass API key, or was not copied whole.");
  }
  if (parsed.mode !== keyModes[ctx.environment]) {
    const detail = `This is a ${parsed.mode} key, and this is the ${ctx.environment} environment.`;
    throw new ServiceError("key_environment_mismatch", detail);
  }
  const secretHash = await hashSecret(token);
  const hot = known.get(parsed.keyId);
  const key = hot ?? (await readKey(ctx, parsed.keyId));
  assertSecret(key, secretHash);
  if (lapse(key, ctx.now)) return refuseLapsed(ctx, key);
  const blocked = hot ? blockedState(hot.tenant.id, ctx.clock()) : null;
  if (blocked) return outcome(ctx, key, blocked);
  const first = await askLimiter(ctx, key, false);
  if (typeof first === "object") return admit(ctx, key, first);

  known.delete(parsed.keyId);
  const fresh = await readKey(ctx, parsed.keyId);
  assertSecret(fresh, secretHash);
  if (lapse(fresh, ctx.now)) return refuseLapsed(ctx, fresh);
  const answer = first === "stale" ? await askLimiter(ctx, fresh, true) : first;
  if (typeof answer === "object") return admit(ctx, fresh, answer);
  return outcome(ctx, fresh, answer === "other_version" ? unknownState : null);
}

/** While a change is announced and not made yet, nothing that is read now may be used again. */
function admit(ctx: BaseContext, key: KnownKey, answer: Taken): Authenticated {
  if (answer.epoch <= key.tenant.credentialEpoch) known.set(key.credential.keyId, key);
  if (!answer.allowed) block(key.tenant.id, answer, ctx.clock());
  return outcome(ctx, key, answer, answer.notices);
}

/** It works again never more, so the limiter need not be asked, and the quota is for those that work. */
function refuseLapsed(ctx: BaseContext, key: KnownKey): Authenticated {
  known.set(key.credential.keyId, key);
  return outcome(ctx, key, null);
}

function outcome(
  ctx: BaseContext,
  key: KnownKey,
  limits: LimitState | null,
  notices: UsageNotice[] = [],
): Authenticated {
  const actor = { type: "key", id: key.credential.id } as const;
  return {
    ctx: forTenant(ctx, key.tenant, actor),
    scopes: key.credential.scopes as Scope[],
    limits: limits && { windows: limits.windows, violated: limits.violated },
    notices,
    refusal: refusalOf(key, limits, ctx.now),
  };
}

function refusalOf(key: KnownKey, limits: LimitState | null, now: number): ServiceError | null {
  const lapsed = lapse(key, now);
  if (lapsed) return lapsed;
  if (key.tenant.status === "suspended") return new ServiceError("tenant_suspended", "This account is suspended.");
  return limits && limits.violated.length > 0 ? tooManyRequests(limits) : null;
}

async function readKey(ctx: BaseContext, keyId: string): Promise<KnownKey | undefined> {
  const [row] = await ctx.control
    .select({ credential: credentials, tenant: tenants })
    .from(credentials)
    .innerJoin(tenants, eq(tenants.id, credentials.tenantId))
    .where(eq(credentials.keyId, keyId));
  return row;
}

function assertSecret(key: KnownKey | undefined, secretHash: string): asserts key is KnownKey {
  const encoder = new TextEncoder();
  const matches =
    key !== undefined &&
    key.tenant.status !== "deleted" &&
    crypto.subtle.timingSafeEqual(encoder.encode(key.credential.secretHash), encoder.encode(secretHash));
  if (!matches) throw new ServiceError("unknown_key", "No API key with this id and secret exists.");
}

/** Why a key works never again, or null. */
function lapse({ credential: { revokedAt, expiresAt } }: KnownKey, now: number): ServiceError | null {
  if (revokedAt !== null) return new ServiceError("revoked_key", "This API key was revoked.");
  if (expiresAt === null || expiresAt > now) return null;
  return new ServiceError("expired_key", `This API key expired at ${new Date(expiresAt).toISOString()}.`);
}
