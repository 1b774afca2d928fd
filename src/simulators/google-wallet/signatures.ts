import { calculateJwkThumbprint, compactVerify, importJWK } from "jose";
import { isObject } from "../../pass-model/json";
import type { JsonObject } from "../../pass-model/resolved-pass";
import type { Account, Store } from "./store";

type Verified =
  | { ok: true; account: Account; claims: JsonObject }
  | { ok: false; reason: "malformed" | "unknown_account" | "wrong_signature" };

const decoder = new TextDecoder();

/** Who signed a JWT (RS256): the account named by `iss`, by one of its keys. The claims are not judged here. */
export async function verifySigner(store: Store, jwt: string): Promise<Verified> {
  const email = issuerClaim(jwt);
  if (email === null) return { ok: false, reason: "malformed" };
  const keys = store.publicKeys(email);
  for (const { fingerprint, publicKey } of keys) {
    try {
      const { payload } = await compactVerify(jwt, await importJWK(publicKey, "RS256"), { algorithms: ["RS256"] });
      const claims: unknown = JSON.parse(decoder.decode(payload));
      if (isObject(claims)) return { ok: true, account: { email, fingerprint }, claims };
    } catch {
      // Signed with another key, or with none.
    }
  }
  return { ok: false, reason: keys.length === 0 ? "unknown_account" : "wrong_signature" };
}

export const keyFingerprint = (publicKey: JsonWebKey): Promise<string> =>
  calculateJwkThumbprint(publicKey as Parameters<typeof calculateJwkThumbprint>[0], "sha256");

function issuerClaim(jwt: string): string | null {
  const payload = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(jwt)?.[1];
  if (payload === undefined) return null;
  try {
    const binary = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const claims: unknown = JSON.parse(decoder.decode(Uint8Array.from(binary, (byte) => byte.charCodeAt(0))));
    return isObject(claims) && typeof claims.iss === "string" ? claims.iss : null;
  } catch {
    return null;
  }
}
