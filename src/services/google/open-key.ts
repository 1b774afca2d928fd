import { importSaveKey, saveKeyAlgorithm } from "../../google-wallet/save-key";
import { sha256Hex } from "../../pkpass/bytes";

/** A service account's key, ready for use. */
export interface OpenKey {
  signingKey: CryptoKey;
  publicKey: JsonWebKey;
  /** Lowercase hex SHA-256 of the public key (DER, SubjectPublicKeyInfo). */
  fingerprint: string;
}

export async function openKey(pkcs8: Uint8Array): Promise<OpenKey> {
  const readable = await crypto.subtle.importKey("pkcs8", pkcs8, saveKeyAlgorithm, true, ["sign"]);
  const { kty, n, e } = (await crypto.subtle.exportKey("jwk", readable)) as JsonWebKey;
  const publicKey = { kty, n, e } as JsonWebKey;
  const imported = await crypto.subtle.importKey("jwk", publicKey, saveKeyAlgorithm, true, ["verify"]);
  const spki = (await crypto.subtle.exportKey("spki", imported)) as ArrayBuffer;
  return { signingKey: await importSaveKey(pkcs8), publicKey, fingerprint: await sha256Hex(new Uint8Array(spki)) };
}
