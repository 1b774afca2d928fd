import { Buffer } from "node:buffer";
import { createHash, createPrivateKey, createPublicKey } from "node:crypto";

const rsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", publicExponent: new Uint8Array([1, 0, 1]) };

const made = new Map<string, Promise<CryptoKeyPair>>();

/** The same pair for the same name, for making one takes its time. */
export function rsaPair(name = "one", modulusLength = 2048): Promise<CryptoKeyPair> {
  const known = made.get(name);
  if (known) return known;
  const pair = crypto.subtle.generateKey({ ...rsa, modulusLength }, true, ["sign", "verify"]) as Promise<CryptoKeyPair>;
  made.set(name, pair);
  return pair;
}

export function pem(label: string, der: ArrayBuffer | Uint8Array, lineBreak = "\n"): string {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(der)));
  const lines = [`-----BEGIN ${label}-----`, ...base64.match(/.{1,64}/g)!, `-----END ${label}-----`, ""];
  return lines.join(lineBreak);
}

export const pkcs8Of = async (key: CryptoKey): Promise<Uint8Array> =>
  new Uint8Array((await crypto.subtle.exportKey("pkcs8", key)) as ArrayBuffer);

export const pkcs8Pem = async (key: CryptoKey, lineBreak?: string): Promise<string> =>
  pem("PRIVATE KEY", await pkcs8Of(key), lineBreak);

export function fingerprintOf(privateKeyPem: string): string {
  const spki = createPublicKey(createPrivateKey(privateKeyPem)).export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest("hex");
}

/** As Google writes it. */
export const serviceAccountFile = async (pair?: CryptoKeyPair) => ({
  type: "service_account",
  project_id: "shop-1",
  private_key_id: "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
  private_key: await pkcs8Pem((pair ?? (await rsaPair())).privateKey),
  client_email: "wallet@shop-1.iam.gserviceaccount.com",
  client_id: "123456789012345678901",
  auth_uri: "https://accounts.google.com/o/oauth2/auth",
  token_uri: "https://attacker.shop.com/token",
  universe_domain: "googleapis.com",
});

/** PKCS#8 of whatever numbers, put together by hand: RFC 8017, appendix A.1.2, within RFC 5958. */
export function pkcs8OfNumbers(numbers: JsonWebKey): Uint8Array {
  const { n, e, d, p, q, dp, dq, qi } = numbers;
  const integers = ["AA", n, e, d, p, q, dp, dq, qi].map((one) => integer(Buffer.from(one!, "base64url")));
  const rsaEncryption = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
  const key = tagged(0x04, tagged(0x30, integers.flat()));
  return new Uint8Array(tagged(0x30, [...integer([0]), ...tagged(0x30, rsaEncryption), ...key]));
}

const integer = (bytes: Iterable<number>): number[] => {
  const all = [...bytes];
  return tagged(0x02, all[0]! >= 0x80 ? [0, ...all] : all);
};

const tagged = (tag: number, content: number[]): number[] => {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return [tag, ...size, ...content];
};

/** What follows from the two factors. RFC 8017, section 3.2. */
export function numbersOf(p: bigint, q: bigint): JsonWebKey {
  const e = 65_537n;
  const d = inverse(e, (p - 1n) * (q - 1n));
  const numbers = { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const members = Object.entries(numbers).map(([name, value]) => [name, base64url(value)]);
  return { kty: "RSA", ...Object.fromEntries(members) };
}

/** The numbers fit each other as those of a key do, but their factors are no primes: to find those takes long. */
export function almostKey(bits: number): JsonWebKey {
  const q = (3n << BigInt(bits / 2 - 2)) + 5n;
  return numbersOf(q + 2n, q);
}

function inverse(of: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [of, modulus, 1n, 0n];
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return ((x % modulus) + modulus) % modulus;
}

function base64url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex").toString("base64url");
}

export const numberOf = (text: string): bigint => BigInt(`0x${Buffer.from(text, "base64url").toString("hex")}`);
