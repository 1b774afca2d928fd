import { IsolateCache } from "../../db/isolate-cache";
import type { ServiceAccount } from "../../providers/google/contract";
import type { TenantContext } from "../context";
import type { GoogleAccount } from "./account";
import { openKey, type OpenKey } from "./open-key";
import { readSandboxKey } from "./sandbox-key";

/** By tenant and fingerprint: another key is another entry, so none outlives its replacement. */
const openKeys = new IsolateCache<OpenKey>(200);

/** Of a sandbox's accounts those that the simulator knows. */
const registered = new IsolateCache<true>(1000);

/**
 * The account as Google's API is called with it. Its key is opened when something is to be signed, once per isolate;
 * in a sandbox at once, for the simulator is told of the account before it is used.
 */
export async function serviceAccountOf(ctx: TenantContext, account: GoogleAccount): Promise<ServiceAccount> {
  if (ctx.googleSimulator) await registerAccount(ctx, account);
  return {
    clientEmail: account.clientEmail,
    privateKeyId: account.privateKeyId,
    keyFingerprint: account.key?.fingerprint ?? (await readSandboxKey(ctx)).fingerprint,
    signingKey: async () => (await keyOf(ctx, account)).signingKey,
  };
}

async function keyOf(ctx: TenantContext, { key }: GoogleAccount): Promise<OpenKey> {
  if (!key) return readSandboxKey(ctx);
  const cacheKey = `${ctx.tenant.id}/${key.fingerprint}`;
  const cached = openKeys.get(cacheKey);
  if (cached) return cached;
  const opened = await openKey(await ctx.vault.open(key.sealed));
  openKeys.set(cacheKey, opened);
  return opened;
}

async function registerAccount(ctx: TenantContext, account: GoogleAccount): Promise<void> {
  const { issuerId, clientEmail, updatedAt } = account;
  const { publicKey, fingerprint } = await keyOf(ctx, account);
  // By the time of its connection as well: what is connected anew can have been erased there before.
  const cacheKey = `${issuerId}/${clientEmail}/${fingerprint}/${updatedAt}`;
  if (registered.get(cacheKey)) return;
  await ctx.googleSimulator!.register({ issuerId, clientEmail, publicKey });
  registered.set(cacheKey, true);
}
