import { isObject } from "../../pass-model/json";
import { decodeStrictBase64 } from "./base64";

/** Google's keys document, as fetched: https://pay.google.com/gp/m/issuer/keys. What in it has another shape is passed over. */
export interface RootKeys {
  keys: readonly { keyValue: string; protocolVersion: string; keyExpiration?: string }[];
}

const p256 = { name: "ECDSA", namedCurve: "P-256" };

/** More than Google has at a time: a few root keys and the intermediate keys of some weeks. */
const rememberedMax = 32;
const remembered = new Map<string, CryptoKey>();

/** The root keys that may vouch for an intermediate one: of this very protocol, with an end, which lies in the future. */
export async function importLiveRoots(rootKeys: RootKeys, protocolVersion: string, now: number): Promise<CryptoKey[]> {
  const document: unknown = rootKeys;
  const entries: unknown[] = isObject(document) && Array.isArray(document.keys) ? document.keys : [];
  const roots: CryptoKey[] = [];
  for (const entry of entries) {
    if (!isObject(entry) || entry.protocolVersion !== protocolVersion || typeof entry.keyValue !== "string") continue;
    const expiresAt = readMilliseconds(entry.keyExpiration);
    if (expiresAt === null || isOver(expiresAt, now)) continue;
    const key = await importTrustedKey(entry.keyValue);
    if (key) roots.push(key);
  }
  return roots;
}

/**
 * A public key from Base64 of its SubjectPublicKeyInfo, or null if that is none of P-256. Imported keys are remembered by
 * that very text, so it is only for what Google vouches for: nobody else can fill the memory.
 */
export async function importTrustedKey(keyValue: string): Promise<CryptoKey | null> {
  const known = remembered.get(keyValue);
  if (known) return known;
  const spki = decodeStrictBase64(keyValue);
  if (!spki) return null;
  try {
    const key = await crypto.subtle.importKey("spki", spki, p256, false, ["verify"]);
    const [oldest] = remembered.keys();
    if (remembered.size >= rememberedMax && oldest !== undefined) remembered.delete(oldest);
    remembered.set(keyValue, key);
    return key;
  } catch {
    return null;
  }
}

/** Epoch milliseconds from a whole number, or from its decimal digits as Google writes it: at most those of 64 bits. */
export function readMilliseconds(value: unknown): number | null {
  if (typeof value === "number") return Number.isInteger(value) ? value : null;
  return typeof value === "string" && /^\d{1,19}$/.test(value) ? Number(value) : null;
}

/** What expires at this very moment has expired. If `now` is no time, so has everything. */
export const isOver = (expiresAt: number, now: number): boolean => !(expiresAt > now);
