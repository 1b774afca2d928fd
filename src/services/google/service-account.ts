import { IsolateCache } from "../../db/isolate-cache";
import { openSaveKey, type SaveKey } from "../../google-wallet/save-key";
import type { ServiceAccount } from "../../providers/google/contract";
import type { TenantContext } from "../context";
import type { GoogleAccount } from "./account";
import { readSandboxKey } from "./sandbox-key";

/** By tenant and fingerprint: another key is another entry, so none outlives its replacement. */
const openKeys = new IsolateCache<SaveKey>(200);

/** Of a sandbox's accounts those that the simulator knows. */
const registered = new IsolateCache<true>(1000);

/**
 * The account as Google's API is called with it. Its key is opened when something is to be signed, once per isolate;
 * in a sandbox at once, for the simulator is told of the account before it is used.
 */
export async function serviceAccountOf(ctx: TenantContext, account: GoogleAccount): Promise<ServiceAccount> {
  const { issuerId, clientEmail, privateKeyId, updatedAt } = account;
  const keyFingerprint = account.key?.fingerprint ?? (await readSandboxKey(ctx)).fingerprint;
  // By the time of its connection as well: what is connected anew can have been erased there before.
  const registration = `${ctx.tenant.id}/${issuerId}/${clientEmail}/${keyFingerprint}/${updatedAt}`;
  if (ctx.googleSimulator && !registered.get(registration)) {
    const { publicKey } = await keyOf(ctx, account);
    await ctx.googleSimulator.register({ issuerId, clientEmail, publicKey, registrant: ctx.tenant.id });
    registered.set(registration, true);
  }
  return {
    clientEmail,
    privateKeyId,
    keyFingerprint,
    signingKey: async () => (await keyOf(ctx, account)).signingKey,
    // It can have been erased there all the same: it is told again before the next use.
    onRefused: () => registered.delete(registration),
  };
}

async function keyOf(ctx: TenantContext, { key }: GoogleAccount): Promise<SaveKey> {
  if (!key) return readSandboxKey(ctx);
  const cacheKey = `${ctx.tenant.id}/${key.fingerprint}`;
  const cached = openKeys.get(cacheKey);
  if (cached) return cached;
  const opened = await openSaveKey(await ctx.vault.open(key.sealed));
  openKeys.set(cacheKey, opened);
  return opened;
}
