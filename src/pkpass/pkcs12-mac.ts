import { createHash, createHmac } from "node:crypto";

/** The integrity check of PKCS#12 files: an HMAC under a key made of the password (RFC 7292 §4 and appendix B). */
export interface Pkcs12Mac {
  digestAlgorithm: string;
  digest: Uint8Array;
  salt: Uint8Array;
  iterations: number;
}

/** By OID; the block is `v` of appendix B.2. */
const hashes: Record<string, { name: string; blockBytes: number }> = {
  "1.3.14.3.2.26": { name: "sha1", blockBytes: 64 },
  "2.16.840.1.101.3.4.2.1": { name: "sha256", blockBytes: 64 },
  "2.16.840.1.101.3.4.2.2": { name: "sha384", blockBytes: 128 },
  "2.16.840.1.101.3.4.2.3": { name: "sha512", blockBytes: 128 },
};

export const isKnownMac = ({ digestAlgorithm }: Pkcs12Mac): boolean => digestAlgorithm in hashes;

/** Each round is a call, so that it costs as much as so many of PBKDF2, which is one call for all. */
export const macRoundCost = 8;

/** As many rounds of PBKDF2 cost what the check costs. */
export const macRounds = ({ iterations }: Pkcs12Mac, password: string): number =>
  iterations * macRoundCost * formsOf(password).length;

/** "No password" is an empty one to some tools, with its terminator, and nothing at all to others. */
const formsOf = (password: string): Uint8Array[] =>
  password === "" ? [bmpString(""), new Uint8Array()] : [bmpString(password)];

/** Whether the password made the MAC over `content`. */
export function verifyMac(mac: Pkcs12Mac, content: Uint8Array, password: string): boolean {
  return formsOf(password).some((form) => {
    const hmac = createHmac(hashes[mac.digestAlgorithm]!.name, deriveKey(mac, form)).update(content).digest();
    return hmac.length === mac.digest.length && hmac.every((byte, index) => byte === mac.digest[index]);
  });
}

/** Appendix B.2 with ID 3. The key is as long as the hash, so one round of the outer loop makes it. */
function deriveKey({ digestAlgorithm, salt, iterations }: Pkcs12Mac, password: Uint8Array): Uint8Array {
  const { name, blockBytes } = hashes[digestAlgorithm]!;
  const diversifier = new Uint8Array(blockBytes).fill(3);
  let key: Uint8Array = createHash(name)
    .update(diversifier)
    .update(filled(salt, blockBytes))
    .update(filled(password, blockBytes))
    .digest();
  for (let round = 1; round < iterations; round += 1) key = createHash(name).update(key).digest();
  return key;
}

/** Repeated to the next multiple of the block. */
function filled(bytes: Uint8Array, blockBytes: number): Uint8Array {
  const length = Math.ceil(bytes.length / blockBytes) * blockBytes;
  return Uint8Array.from({ length }, (_, index) => bytes[index % bytes.length]!);
}

/** UTF-16, most significant byte first, and a terminator (appendix B.1). */
function bmpString(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2 + 2);
  for (let index = 0; index < text.length; index += 1) {
    bytes[index * 2] = text.charCodeAt(index) >> 8;
    bytes[index * 2 + 1] = text.charCodeAt(index) & 0xff;
  }
  return bytes;
}
