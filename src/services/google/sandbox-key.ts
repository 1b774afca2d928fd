import { eq } from "drizzle-orm";
import { deployment } from "../../db/control-schema";
import { IsolateCache } from "../../db/isolate-cache";
import { openSaveKey, saveKeyAlgorithm, type SaveKey } from "../../google-wallet/save-key";
import type { BaseContext } from "../context";

const rowName = "google_sandbox_key";

/** One, which never changes. */
const opened = new IsolateCache<SaveKey>(1);

/** The key of all made-up accounts of the deployment, made at the first call. Of two first calls at once, one wins. */
export async function readSandboxKey(ctx: BaseContext): Promise<SaveKey> {
  const cached = opened.get(rowName);
  if (cached) return cached;
  const key = await openSaveKey(await ctx.vault.open((await readSealed(ctx)) ?? (await makeSealed(ctx))));
  opened.set(rowName, key);
  return key;
}

async function readSealed(ctx: BaseContext): Promise<string | undefined> {
  const [row] = await ctx.control.select().from(deployment).where(eq(deployment.name, rowName));
  return row?.value;
}

async function makeSealed(ctx: BaseContext): Promise<string> {
  const pair = (await crypto.subtle.generateKey(
    { ...saveKeyAlgorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ["sign", "verify"],
  )) as CryptoKeyPair;
  const pkcs8 = (await crypto.subtle.exportKey("pkcs8", pair.privateKey)) as ArrayBuffer;
  const value = await ctx.vault.seal(new Uint8Array(pkcs8));
  await ctx.control.insert(deployment).values({ name: rowName, value }).onConflictDoNothing();
  return (await readSealed(ctx))!;
}
