import * as asn1js from "asn1js";
import type * as pkijs from "pkijs";

/**
 * What it costs to make keys of passwords. A file says by how many rounds, and one of 2 kB may say billions, so all
 * of a file are counted before the first is worked off.
 */

/** At most 80 ms of CPU, and as many as workerd derives with by WebCrypto. OpenSSL writes 2,048 and Java 10,000. */
export const derivationRoundsMax = 100_000;

/** A key costs something of itself, and a file could have thousands with one round each. */
const roundsPerKeyMin = 500;

const pbes2 = "1.2.840.113549.1.5.13";
const pbkdf2 = "1.2.840.113549.1.5.12";
/** RFC 7292, appendix C: keys as PKCS#12 derives them, for RC4, RC2 or triple DES. */
const pkcs12Encryption = /^1\.2\.840\.113549\.1\.12\.1\.\d+$/;

type Encryption = Pick<pkijs.AlgorithmIdentifier, "algorithmId" | "algorithmParams">;

export const isPkcs12Encryption = ({ algorithmId }: Encryption): boolean => pkcs12Encryption.test(algorithmId);

/** Rounds of PBES2 with PBKDF2 (RFC 8018, appendix A) or of PKCS#12's own; null for all else, scrypt among it. */
export function derivationRounds(encryption: Encryption): number | null {
  const params = childrenOf(encryption.algorithmParams);
  if (isPkcs12Encryption(encryption)) return readRounds(params);
  if (encryption.algorithmId !== pbes2) return null;
  const [derivation, derivationParams] = childrenOf(params[0]);
  const isKnown = derivation instanceof asn1js.ObjectIdentifier && derivation.getValue() === pbkdf2;
  return isKnown ? readRounds(childrenOf(derivationParams)) : null;
}

/**
 * Whether `node:crypto` of workerd opens PBES2 of this kind: there it knows fewer than OpenSSL, and says of the
 * others, too, that the passphrase is wrong.
 */
export function isCommonPbes2({ algorithmParams }: Encryption): boolean {
  const [derivation, cipher] = childrenOf(algorithmParams);
  const prf = childrenOf(childrenOf(derivation)[1]).find((member) => member instanceof asn1js.Sequence);
  // PBKDF2 without a PRF is with HMAC-SHA-1 (RFC 8018, A.2).
  return (prf === undefined || commonPrfs.has(objectIdOf(prf))) && commonCiphers.has(objectIdOf(cipher));
}

/** HMAC with SHA-1 and SHA-256. */
const commonPrfs = new Set(["1.2.840.113549.2.7", "1.2.840.113549.2.9"]);
/** Triple DES, and AES of 128, 192 and 256 bits, all CBC. */
const commonCiphers = new Set([
  "1.2.840.113549.3.7",
  "2.16.840.1.101.3.4.1.2",
  "2.16.840.1.101.3.4.1.22",
  "2.16.840.1.101.3.4.1.42",
]);

function objectIdOf(block: unknown): string {
  const [id] = childrenOf(block);
  return id instanceof asn1js.ObjectIdentifier ? id.getValue() : "";
}

/** Whether keys of so many rounds each are made in bearable time. */
export const areBearable = (rounds: readonly number[]): boolean =>
  rounds.reduce((sum, each) => sum + Math.max(each, roundsPerKeyMin), 0) <= derivationRoundsMax;

/** SEQUENCE { salt OCTET STRING, rounds INTEGER, … }. asn1js takes a number of more than four bytes for 0. */
function readRounds([salt, rounds]: asn1js.BaseBlock[]): number | null {
  if (!(salt instanceof asn1js.OctetString) || !(rounds instanceof asn1js.Integer)) return null;
  return rounds.valueBlock.valueHexView.reduce((sum, byte) => sum * 256 + byte, 0);
}

const childrenOf = (block: unknown): asn1js.BaseBlock[] =>
  block instanceof asn1js.Sequence ? block.valueBlock.value : [];
