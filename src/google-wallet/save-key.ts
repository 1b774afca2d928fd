/** Keys of service accounts: RSA, PKCS#8 (RFC 5958) in PEM (RFC 7468). With one, save links and token requests are signed. */

export const saveKeyAlgorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

export type SaveKeyResult =
  | { ok: true; pkcs8: Uint8Array; fingerprint: string }
  | { ok: false; code: SaveKeyProblem; detail: string };

export type SaveKeyProblem = "invalid_private_key" | "unsupported_key_type" | "key_too_short" | "key_too_long";

const bitsMin = 2048;
/** Larger ones take a tenth of a second for each signature. Google's have 2048. */
const bitsMax = 4096;
const charactersMax = 16_384;

/** A key, ready for use. */
export interface SaveKey {
  signingKey: CryptoKey;
  publicKey: JsonWebKey;
  /** Lowercase hex SHA-256 of the public key (DER, SubjectPublicKeyInfo). */
  fingerprint: string;
}

/** Opens what `readSaveKey` read. */
export async function openSaveKey(pkcs8: Uint8Array): Promise<SaveKey> {
  const { publicKey, fingerprint } = await importPair(pkcs8);
  const signingKey = await crypto.subtle.importKey("pkcs8", pkcs8, saveKeyAlgorithm, false, ["sign"]);
  return { signingKey, publicKey, fingerprint };
}

/** Reads a key from PEM, whose line breaks may be a literal `\n`, as environment variables hold them. Never throws. */
export async function readSaveKey(text: string): Promise<SaveKeyResult> {
  if (text.length > charactersMax) return refuse("invalid_private_key", "this is too long for a key", newKey);
  const pem = /-----BEGIN ([A-Z0-9 ]{1,64})-----([^-]*)-----END \1-----/.exec(text.replace(/\\+r|\\+n/g, "\n"));
  if (!pem) return refuse("invalid_private_key", notPem, asItIs);
  const [, label, body] = pem;
  if (label !== "PRIVATE KEY") return refuse(...(otherLabels[label!] ?? otherLabel));
  const der = decodeBase64(body!);
  if (!der) return refuse("invalid_private_key", notPem, asItIs);
  const opened = await open(der).catch(() => null);
  if (!opened) return refuse(...(holds(der, ellipticOid) ? otherLabels["EC PRIVATE KEY"]! : notRsa));
  const { bits, ...key } = opened;
  if (bits < bitsMin) return refuse("key_too_short", `the key has ${bits} bits, and ${bitsMin} are the least`, newKey);
  if (bits > bitsMax) return refuse("key_too_long", `the key has ${bits} bits, and ${bitsMax} are the most`, newKey);
  return { ok: true, ...key };
}

type Refusal = [code: SaveKeyProblem, what: string, remedy: string];

const newKey = "make a new key of the service account in the Google Cloud console, as JSON, and send that file";
const asItIs = "send the file as Google made it, for a key that is cut or altered signs nothing";
const notPem = "expected a whole key in PEM, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----";
const notRsa: Refusal = ["invalid_private_key", "this is no RSA key, or it is not whole", asItIs];
const otherLabel: Refusal = ["invalid_private_key", "this is something else than a private key in PKCS#8", newKey];
const otherLabels: Record<string, Refusal> = {
  "RSA PRIVATE KEY": [
    "unsupported_key_type",
    "this is a key in PKCS#1, and Google's files hold PKCS#8",
    "send the file as Google made it, or convert the key by: openssl pkcs8 -topk8 -nocrypt -in key.pem",
  ],
  "EC PRIVATE KEY": ["unsupported_key_type", "this is an elliptic key, and Google signs by RSA keys only", newKey],
  "ENCRYPTED PRIVATE KEY": [
    "unsupported_key_type",
    "the key is encrypted by a passphrase",
    "send the file as Google made it, or decrypt the key by: openssl pkcs8 -topk8 -nocrypt -in key.pem",
  ],
  "PUBLIC KEY": ["unsupported_key_type", "this is a public key, and the private one was expected", asItIs],
  CERTIFICATE: ["unsupported_key_type", "this is a certificate, and a private key was expected", asItIs],
};

/** 1.2.840.10045.2.1 (RFC 5480), as DER writes it. */
const ellipticOid = [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/**
 * Throws for what is no RSA key. The fingerprint stands for the account wherever isolates share something, so the key
 * proves by a signature that it has the private half, too: a public modulus is easily put into a made-up file.
 */
async function open(der: Uint8Array): Promise<{ pkcs8: Uint8Array; fingerprint: string; bits: number }> {
  const { privateKey, verifyingKey, fingerprint } = await importPair(der);
  const bits = (privateKey.algorithm as CryptoKeyRsaKeyAlgorithm).modulusLength;
  if (bits <= bitsMax) {
    const probe = crypto.getRandomValues(new Uint8Array(32));
    const signature = await crypto.subtle.sign(saveKeyAlgorithm, privateKey, probe);
    if (!(await crypto.subtle.verify(saveKeyAlgorithm, verifyingKey, signature, probe)))
      throw new Error("halves differ");
  }
  const pkcs8 = (await crypto.subtle.exportKey("pkcs8", privateKey)) as ArrayBuffer;
  return { pkcs8: new Uint8Array(pkcs8), fingerprint, bits };
}

async function importPair(pkcs8: Uint8Array) {
  const { subtle } = crypto;
  const privateKey = await subtle.importKey("pkcs8", pkcs8, saveKeyAlgorithm, true, ["sign"]);
  const { kty, n, e } = (await subtle.exportKey("jwk", privateKey)) as JsonWebKey;
  const publicKey = { kty, n, e } as JsonWebKey;
  const verifyingKey = await subtle.importKey("jwk", publicKey, saveKeyAlgorithm, true, ["verify"]);
  const spki = (await subtle.exportKey("spki", verifyingKey)) as ArrayBuffer;
  const digest = new Uint8Array(await subtle.digest("SHA-256", spki));
  const fingerprint = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { privateKey, verifyingKey, publicKey, fingerprint };
}

function decodeBase64(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text.replace(/\s+/g, "")), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

const holds = (bytes: Uint8Array, part: number[]): boolean =>
  bytes.some((_, at) => part.every((byte, index) => bytes[at + index] === byte));

const refuse = (code: SaveKeyProblem, what: string, remedy: string): SaveKeyResult => ({
  ok: false,
  code,
  detail: `${what}: ${remedy}`,
});
