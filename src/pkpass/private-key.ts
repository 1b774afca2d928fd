import { Buffer } from "node:buffer";
import { createPrivateKey } from "node:crypto";
import * as asn1js from "asn1js";
import * as pkijs from "pkijs";
import { oid } from "./apple-oids";
import { attempt } from "./attempt";
import { bitLength } from "./bytes";
import {
  areBearable,
  derivationRounds,
  derivationRoundsMax,
  isCommonPbes2,
  isPkcs12Encryption,
} from "./key-derivation";
import { readPemBlocks, type PemBlock } from "./pem";

/**
 * Private keys in every form that tools write, as PKCS#8 (RFC 5958), which is all that WebCrypto takes:
 * PKCS#1, SEC1, PKCS#8, plain and encrypted, in PEM or DER.
 */

export type PrivateKeyProblem =
  | "no_private_key"
  | "several_private_keys"
  | "public_key_given"
  | "certificate_given"
  | "openssh_key_given"
  | "passphrase_required"
  | "wrong_passphrase"
  | "unsupported_encryption"
  | "unsupported_key_type"
  | "key_too_short";

type PrivateKeyResult =
  | { ok: true; pkcs8: Uint8Array; keyType: "RSA" | "EC"; keyBits: number }
  | { ok: false; code: PrivateKeyProblem; detail: string };

const rsaBitsMin = 2048;
/** Larger ones take a tenth of a second for each signature, and Apple issues certificates for none. */
const rsaBitsMax = 4096;
const otherKeyTypes: Record<string, string> = {
  "1.2.840.10040.4.1": "a DSA key",
  "1.2.840.113549.1.1.10": "an RSA key restricted to PSS",
  "1.3.101.110": "an X25519 key",
  "1.3.101.112": "an Ed25519 key",
  "1.3.101.113": "an Ed448 key",
};

const askForRsa = "Apple issues pass certificates for RSA keys of 2048 bits: send the key whose request went to Apple";

/** Reads a key from PEM, or from DER without any label. Never throws. */
export function readPrivateKey(file: string | Uint8Array, passphrase?: string): PrivateKeyResult {
  const text = typeof file === "string" ? file : new TextDecoder().decode(file);
  if (!text.includes("-----BEGIN ")) {
    return typeof file === "string" ? refuseText() : readDer(file, passphrase);
  }
  const blocks = readPemBlocks(text);
  const keys = blocks.filter(({ label }) => label.endsWith("PRIVATE KEY"));
  if (keys.length > 1) {
    const detail = `the file holds ${keys.length} private keys, and it is not clear which is meant: leave only one in it`;
    return { ok: false, code: "several_private_keys", detail };
  }
  return keys[0] ? readBlock(keys[0], passphrase) : refuseOthers(blocks);
}

function readBlock(block: PemBlock, passphrase: string | undefined): PrivateKeyResult {
  if (block.label === "OPENSSH PRIVATE KEY") {
    const detail = "this is a key in OpenSSH's own format; convert a copy of it by: ssh-keygen -p -m PKCS8 -f key";
    return { ok: false, code: "openssh_key_given", detail };
  }
  if (block.label === "ENCRYPTED PRIVATE KEY") return readEncrypted(block.der, passphrase);
  if (!/ENCRYPTED/.test(block.headers["Proc-Type"] ?? "")) return readPlain(block.der);
  // Traditional encryption stands in the headers (OpenSSL's PEM_read_bio), so the text itself is decrypted.
  if (!passphrase) return refuse.passphraseRequired;
  const opened = attempt(() => createPrivateKey({ key: `${block.text}\n`, format: "pem", passphrase }));
  if (opened) return describe(opened);
  return knownTraditional.test(block.headers["DEK-Info"] ?? "") ? refuse.wrongPassphrase : refuse.encryption;
}

const knownTraditional = /^(AES-(128|192|256)-CBC|DES-EDE3-CBC),/;

function readDer(der: Uint8Array, passphrase: string | undefined): PrivateKeyResult {
  if (isEncryptedInfo(der)) return readEncrypted(der, passphrase);
  const plain = readPlain(der);
  if (plain.ok || plain.code !== "no_private_key") return plain;
  return attempt(() => pkijs.Certificate.fromBER(der)) ? refuse.certificate : plain;
}

function readEncrypted(der: Uint8Array, passphrase: string | undefined): PrivateKeyResult {
  if (!passphrase) return refuse.passphraseRequired;
  const rounds = roundsOf(der);
  if (rounds === null) return refuse.encryption;
  if (!areBearable([rounds])) return refuse.tooSlow;
  const key = Buffer.from(der);
  const opened = attempt(() => createPrivateKey({ key, format: "der", type: "pkcs8", passphrase }));
  return opened ? describe(opened) : refuse.wrongPassphrase;
}

/** The forms of an unencrypted key in DER look different, so at most one of them is accepted. */
function readPlain(der: Uint8Array): PrivateKeyResult {
  const other = attempt(() => otherKeyTypes[pkijs.PrivateKeyInfo.fromBER(der).privateKeyAlgorithm.algorithmId]);
  if (other) return unsupportedType(other);
  for (const type of ["pkcs8", "pkcs1", "sec1"] as const) {
    const opened = attempt(() => createPrivateKey({ key: Buffer.from(der), format: "der", type }));
    if (opened) return describe(opened);
  }
  return refuse.noKey;
}

type KeyObject = ReturnType<typeof createPrivateKey>;

function describe(key: KeyObject): PrivateKeyResult {
  const pkcs8 = new Uint8Array(key.export({ format: "der", type: "pkcs8" }));
  const info = pkijs.PrivateKeyInfo.fromBER(pkcs8);
  const { algorithmId, algorithmParams } = info.privateKeyAlgorithm;
  if (algorithmId === oid.ellipticKey) {
    if (algorithmParams?.valueBlock?.toString() === oid.p256) return { ok: true, pkcs8, keyType: "EC", keyBits: 256 };
    return unsupportedType("an elliptic key on another curve than P-256");
  }
  if (algorithmId !== oid.rsaKey) return unsupportedType(otherKeyTypes[algorithmId] ?? "a key of an unknown kind");
  const { modulus } = info.parsedKey as pkijs.RSAPrivateKey;
  const keyBits = bitLength(modulus.valueBlock.valueHexView);
  if (keyBits > rsaBitsMax) return unsupportedType(`an RSA key of ${keyBits} bits, more than ${rsaBitsMax}`);
  if (keyBits >= rsaBitsMin) return { ok: true, pkcs8, keyType: "RSA", keyBits };
  const detail = `the key has ${keyBits} bits, and fewer than ${rsaBitsMin} can be broken: ${askForRsa}`;
  return { ok: false, code: "key_too_short", detail };
}

/** PKCS#8 EncryptedPrivateKeyInfo: a sequence of an algorithm and an octet string. */
function isEncryptedInfo(der: Uint8Array): boolean {
  const { result } = asn1js.fromBER(der);
  if (!(result instanceof asn1js.Sequence)) return false;
  const [algorithm, data] = result.valueBlock.value;
  return algorithm instanceof asn1js.Sequence && data instanceof asn1js.OctetString;
}

/** PKCS#12 key derivation with SHA-1 and triple DES, which `openssl pkcs8 -v1` writes. */
const pbeTripleDes = "1.2.840.113549.1.12.1.3";

/** Null unless a failure to decrypt can only mean that the passphrase is wrong. */
function roundsOf(der: Uint8Array): number | null {
  const encryption = attempt(() => pkijs.PKCS8ShroudedKeyBag.fromBER(der).encryptionAlgorithm);
  if (!encryption) return null;
  const isKnown = isPkcs12Encryption(encryption) ? encryption.algorithmId === pbeTripleDes : isCommonPbes2(encryption);
  return isKnown ? derivationRounds(encryption) : null;
}

const refuse = {
  noKey: {
    ok: false,
    code: "no_private_key",
    detail: "expected a private key in PKCS#8, PKCS#1 or SEC1, PEM or DER, and this is none or is not whole",
  },
  certificate: {
    ok: false,
    code: "certificate_given",
    detail: "this is a certificate, and the private key that belongs to it was expected: send the file that holds it",
  },
  passphraseRequired: {
    ok: false,
    code: "passphrase_required",
    detail: "the key is encrypted: send its passphrase as well",
  },
  wrongPassphrase: {
    ok: false,
    code: "wrong_passphrase",
    detail: "the passphrase does not open the key: send the one that was set when the key was exported",
  },
  encryption: {
    ok: false,
    code: "unsupported_encryption",
    detail:
      "the key is encrypted in a way that is not known here; convert it by: openssl pkcs8 -topk8 -in key.pem -out new.pem (if OpenSSL 3 calls it unsupported, add: -provider legacy -provider default)",
  },
  tooSlow: {
    ok: false,
    code: "unsupported_encryption",
    detail: `the key is derived from its passphrase in more than ${derivationRoundsMax} rounds, which takes too long; encrypt it anew by: openssl pkcs8 -topk8 -iter 2048 -in key.pem -out new.pem`,
  },
} as const satisfies Record<string, PrivateKeyResult>;

const refuseText = (): PrivateKeyResult => ({
  ok: false,
  code: "no_private_key",
  detail: "expected a private key in PEM, which begins with a line like -----BEGIN PRIVATE KEY-----",
});

function refuseOthers(blocks: PemBlock[]): PrivateKeyResult {
  const labels = blocks.map(({ label }) => label);
  if (labels.some((label) => label.endsWith("PUBLIC KEY"))) {
    const detail = "this is a public key, and the private one that belongs to it was expected";
    return { ok: false, code: "public_key_given", detail };
  }
  return labels.includes("CERTIFICATE") ? refuse.certificate : refuse.noKey;
}

const unsupportedType = (what: string): PrivateKeyResult => ({
  ok: false,
  code: "unsupported_key_type",
  detail: `this is ${what}, and Wallet takes none such: ${askForRsa}`,
});
