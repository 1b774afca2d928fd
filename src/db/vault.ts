import { Buffer } from "node:buffer";

/**
 * Secrets at rest: AES-256-GCM envelopes under `MASTER_KEY`. Each envelope has its own data key; the master
 * key only wraps data keys, and its id stands beside them, so `MASTER_KEY_PREVIOUS` can still open old ones.
 */

interface Envelope {
  /** Id of the master key: the first 16 hex digits of its SHA-256. */
  kid: string;
  /** Base64: wrapped data key and its IV, ciphertext and its IV. */
  key: string;
  keyIv: string;
  data: string;
  iv: string;
}

export class UnknownMasterKeyError extends Error {
  constructor(readonly kid: string) {
    super(`a secret was sealed under another master key (id ${kid})`);
  }
}

export interface Vault {
  /** Id of the current master key; safe to show. */
  keyId(): Promise<string>;
  seal(plain: Uint8Array): Promise<string>;
  /** Throws `UnknownMasterKeyError` if neither the current nor the previous master key sealed it. */
  open(sealed: string): Promise<Uint8Array>;
  /** HMAC-SHA256 under a key derived for `purpose` alone. */
  mac(purpose: string, message: string): Promise<Uint8Array>;
}

export function createVault(masterKey: string, previousMasterKey?: string): Vault {
  const current = loadMasterKey(masterKey);
  const previous = previousMasterKey ? loadMasterKey(previousMasterKey) : null;
  /** By purpose, of which there is a handful. */
  const macKeys = new Map<string, CryptoKey>();
  return {
    keyId: async () => (await current).kid,
    async seal(plain) {
      const { kid, wrap } = await current;
      const raw = crypto.getRandomValues(new Uint8Array(32));
      const { bytes: key, iv: keyIv } = await encrypt(wrap, raw);
      const dataKey = await importAes(raw);
      const { bytes: data, iv } = await encrypt(dataKey, plain);
      const envelope: Envelope = {
        kid,
        key: toBase64(key),
        keyIv: toBase64(keyIv),
        data: toBase64(data),
        iv: toBase64(iv),
      };
      return JSON.stringify(envelope);
    },
    async open(sealed) {
      const envelope = JSON.parse(sealed) as Envelope;
      const known = [await current, await previous].find((candidate) => candidate?.kid === envelope.kid);
      if (!known) throw new UnknownMasterKeyError(envelope.kid);
      const raw = await decrypt(known.wrap, envelope.key, envelope.keyIv);
      return decrypt(await importAes(raw), envelope.data, envelope.iv);
    },
    async mac(purpose, message) {
      const key = macKeys.get(purpose) ?? (await deriveMacKey((await current).derive, purpose));
      macKeys.set(purpose, key);
      return new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(message)));
    },
  };
}

function deriveMacKey(from: CryptoKey, purpose: string): Promise<CryptoKey> {
  const info = new TextEncoder().encode(purpose);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info };
  return crypto.subtle.deriveKey(parameters, from, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

async function loadMasterKey(base64: string): Promise<{ kid: string; wrap: CryptoKey; derive: CryptoKey }> {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(base64)) throw new Error("MASTER_KEY must be 32 bytes in base64");
  const raw = fromBase64(base64);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", raw));
  const kid = Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const derive = await crypto.subtle.importKey("raw", raw, "HKDF", false, ["deriveKey"]);
  return { kid, wrap: await importAes(raw), derive };
}

const importAes = (raw: Uint8Array) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

async function encrypt(key: CryptoKey, plain: Uint8Array): Promise<{ bytes: Uint8Array; iv: Uint8Array }> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { bytes: new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain)), iv };
}

async function decrypt(key: CryptoKey, data: string, iv: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: fromBase64(iv) }, key, fromBase64(data)));
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** Throws a SyntaxError for what is no base64 (RFC 4648 §4); padding may be missing. */
export function fromBase64(text: string): Uint8Array {
  const unbroken = /\s/.test(text) ? text.replace(/\s+/g, "") : text;
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(unbroken)) throw new SyntaxError("not base64");
  return new Uint8Array(Buffer.from(unbroken, "base64"));
}
