import { crc32 } from "node:zlib";
import { base62Number, randomBase32, randomBase62, type RandomBytes } from "./ids";

/**
 * What opens a door: API keys, link tokens and Apple's authentication tokens. An API key is
 * `wp_test_<keyId>_<secret>`: the key id is public (tenant code and 10 characters), the secret is 43 random
 * characters and a checksum by which secret scanners and we tell a key from a typo; the prefix is not in it, so a key of
 * the other environment is told from a broken one.
 */

export type KeyMode = "test" | "live";

export const tenantCodeLength = 8;

export const newTenantCode = (): string => randomBase32(tenantCodeLength);

export function newApiKey(
  mode: KeyMode,
  tenantCode: string,
  random?: RandomBytes,
): { keyId: string; secret: string; token: string } {
  const keyId = `${tenantCode}${randomBase32(10, random)}`;
  const unsigned = randomBase62(43, random);
  const secret = unsigned + checksum(`${keyId}_${unsigned}`);
  return { keyId, secret, token: `wp_${mode}_${keyId}_${secret}` };
}

export function parseApiKey(token: string): { mode: KeyMode; keyId: string; secret: string } | null {
  const match = /^wp_(test|live)_([0-9A-HJKMNP-TV-Z]{18})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/.exec(token);
  if (!match) return null;
  const [, mode, keyId, random, sum] = match;
  if (checksum(`${keyId}_${random}`) !== sum) return null;
  return { mode: mode as KeyMode, keyId: keyId!, secret: random! + sum! };
}

const checksum = (text: string): string => base62Number(crc32(text), 6);

/** 95 random bits behind the code of the tenant, so a link finds its tenant's database before any search. */
export const newLinkToken = (tenantCode: string, random?: RandomBytes): string => tenantCode + randomBase62(16, random);

export function linkTenantCode(token: string): string | null {
  return /^[0-9A-HJKMNP-TV-Z]{8}[0-9A-Za-z]{16}$/.test(token) ? token.slice(0, tenantCodeLength) : null;
}

export const newAuthenticationToken = (): string => randomBase62(32);

export async function hashSecret(secret: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Compares in constant time; both sides are hashed first, so their lengths are equal. */
export async function secretsMatch(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([hashSecret(a), hashSecret(b)]);
  return crypto.subtle.timingSafeEqual(new TextEncoder().encode(left), new TextEncoder().encode(right));
}
