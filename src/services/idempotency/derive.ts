import { createHmac } from "node:crypto";
import { newId, type RandomBytes } from "../../db/ids";
import type { TenantContext } from "../context";

/** What tells a request under an Idempotency-Key from every other one, and is the same in each attempt at it. */
export interface RequestIdentity {
  /** SHA-256 of the key, hex. */
  keyHash: string;
  /** When the first attempt began, epoch milliseconds. */
  startedAt: number;
}

/**
 * A context in which what is made has the ids and tokens that every attempt at this request gives it: a second one, after a crash
 * between commit and answer, meets what the first one made. Nobody can tell a token from the key: it derives from the master key, too.
 */
export async function underKey(ctx: TenantContext, { keyHash, startedAt }: RequestIdentity): Promise<TenantContext> {
  const secret = await ctx.vault.mac("idempotency", `${ctx.tenant.id}/${keyHash}/${startedAt}`);
  const random = (purpose: string) => stream(secret, purpose);
  return { ...ctx, isKeyed: true, random, newId: (prefix) => newId(prefix, startedAt, random(`id/${prefix}`)) };
}

/** HMAC-SHA256 of a counter: other bytes at each call, and the same ones in each stream of the same purpose. */
function stream(secret: Uint8Array, purpose: string): RandomBytes {
  let block = 0;
  return (length) => {
    const blocks: Uint8Array[] = [];
    for (let size = 0; size < length; size += 32) {
      blocks.push(createHmac("sha256", secret).update(`${purpose}/${block}`).digest());
      block += 1;
    }
    return Uint8Array.from(blocks.flatMap((bytes) => [...bytes])).subarray(0, length);
  };
}
