import { eq } from "drizzle-orm";
import { credentials, tenants, type CredentialRow, type TenantRow } from "../../db/control-schema";
import { IsolateCache } from "../../db/isolate-cache";
import { hashSecret, parseApiKey } from "../../db/tokens";
import type { TakeResult } from "../../durable-objects/rate-limiter";
import { forTenant, keyModes, type BaseContext, type TenantContext } from "../context";
import { ServiceError } from "../errors";
import type { Scope } from "../scopes";

export interface Authenticated {
  ctx: TenantContext;
  scopes: Scope[];
}

interface KnownKey {
  credential: CredentialRow;
  tenant: TenantRow;
}

/** Keys whose secret was presented, with the tenant as it was at `tenant.credentialEpoch`. */
const known = new IsolateCache<KnownKey>(1000);

/** Generous on purpose: a guard against runaway loops. */
const requestsPerMinute = 10_000;

/**
 * Who presents this token. The secret is checked first, so a wrong key costs one read and never the
 * tenant's quota; then one call to the tenant's limiter answers the quota and the credential epoch, and a
 * cached key of an older epoch is read again. Hot, that is no read at all.
 *
 * Throws `malformed_token`, `key_environment_mismatch`, `unknown_key`, `revoked_key`, `expired_key`,
 * `tenant_suspended`, `rate_limited`.
 */
export async function authenticate(ctx: BaseContext, token: string, address: string | null): Promise<Authenticated> {
  const parsed = parseApiKey(token);
  if (!parsed) {
    throw new ServiceError("malformed_token", "The bearer token is not a WePass API key, or was not copied whole.");
  }
  if (parsed.mode !== keyModes[ctx.environment]) {
    const detail = `This is a ${parsed.mode} key, and this is the ${ctx.environment} environment.`;
    throw new ServiceError("key_environment_mismatch", detail);
  }
  const secretHash = await hashSecret(token);
  let key = known.get(parsed.keyId) ?? (await readKey(ctx, parsed.keyId));
  assertSecret(key, secretHash);
  const taken = await take(ctx, key, address);
  if (taken && taken.epoch <= key.tenant.credentialEpoch) {
    known.set(parsed.keyId, key);
  } else {
    known.delete(parsed.keyId);
    key = await readKey(ctx, parsed.keyId);
    assertSecret(key, secretHash);
    if (taken) known.set(parsed.keyId, key);
  }
  assertUsable(key, ctx.now);
  if (taken && !taken.allowed) {
    throw new ServiceError("rate_limited", `This account may make ${taken.limit} requests per minute.`, {
      retryAfterSeconds: Math.max(1, Math.ceil(taken.resetMs / 1000)),
    });
  }
  const actor = { type: "key", id: key.credential.id } as const;
  return { ctx: forTenant(ctx, key.tenant, actor), scopes: key.credential.scopes as Scope[] };
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

function assertUsable({ credential, tenant }: KnownKey, now: number): void {
  if (credential.revokedAt !== null) throw new ServiceError("revoked_key", "This API key was revoked.");
  if (credential.expiresAt !== null && credential.expiresAt <= now) {
    throw new ServiceError("expired_key", `This API key expired at ${new Date(credential.expiresAt).toISOString()}.`);
  }
  if (tenant.status === "suspended") throw new ServiceError("tenant_suspended", "This account is suspended.");
}

/** Null if the limiter cannot be reached: the request goes on, with its credentials read anew. */
async function take(ctx: BaseContext, key: KnownKey, address: string | null): Promise<TakeResult | null> {
  try {
    return await ctx.limiter(key.tenant.id).take({
      cost: 1,
      limit: requestsPerMinute,
      windowSeconds: 60,
      keyId: key.credential.keyId,
      address,
      epoch: key.tenant.credentialEpoch,
    });
  } catch (error) {
    ctx.log({
      msg: "limiter unreachable",
      tenantId: key.tenant.id,
      error: error instanceof Error ? error.name : "unknown",
    });
    return null;
  }
}
