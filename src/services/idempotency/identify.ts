import { sha256Hex } from "../../pkpass/bytes";
import type { RequestMark } from "../../durable-objects/idempotency-ledger";

/** A request under an Idempotency-Key. */
export interface KeyedRequest {
  tenantId: string;
  key: string;
  method: string;
  /** Path with query. */
  target: string;
  /** `If-Match`: on another version of the object it is another request. */
  precondition: string | null;
  /** As it came. */
  body: Uint8Array;
  /** Whom alone the answer may be told again; null if everybody who may ask the same. */
  caller: string | null;
}

/** The same key has another hash in each account. Whoever guesses what was sent can tell that from the hashes. */
export async function identify({ tenantId, key, body, ...request }: KeyedRequest): Promise<RequestMark> {
  const { method, target, precondition, caller } = request;
  const asked = JSON.stringify([method, target, precondition, await sha256Hex(body), caller]);
  const [keyHash, fingerprint] = await Promise.all(
    [`${tenantId}\n${key}`, asked].map((text) => sha256Hex(new TextEncoder().encode(text))),
  );
  return { keyHash: keyHash!, fingerprint: fingerprint! };
}

const shardCount = 16;

/** Of a key, by the first digit of its hash. */
export const shardOf = ({ keyHash }: Pick<RequestMark, "keyHash">): number => Number.parseInt(keyHash[0]!, shardCount);

export const allShards = Array.from({ length: shardCount }, (_, shard) => shard);
