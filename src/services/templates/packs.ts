import { createPack, decodePack, encodePack, type Pack } from "../../pkpass/archive";
import { IsolateCache } from "../../db/isolate-cache";
import type { BaseContext, TenantContext } from "../context";

/** Packs of this isolate, at most 32 MB of its 128. */
const packs = new IsolateCache<Pack>(32_000_000, ({ zip }) => zip.length);

const packKey = (tenantCode: string, hash: string): string => `${tenantCode}/packs/${hash}`;

/** Prepares and stores the pack of these files; its name is the hash of its content, so a repeat overwrites like with like. */
export async function storePack(ctx: TenantContext, files: Record<string, Uint8Array>): Promise<string> {
  const pack = createPack(files);
  const bytes = encodePack(pack);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  await ctx.files.put(packKey(ctx.tenant.code, hash), bytes);
  packs.set(packKey(ctx.tenant.code, hash), pack);
  return hash;
}

export async function loadPack(ctx: BaseContext, tenantCode: string, hash: string): Promise<Pack> {
  const key = packKey(tenantCode, hash);
  const cached = packs.get(key);
  if (cached) return cached;
  const object = await ctx.files.get(key);
  if (!object) throw new Error(`the pack ${hash} is missing from R2`);
  const pack = decodePack(new Uint8Array(await object.arrayBuffer()));
  packs.set(key, pack);
  return pack;
}
