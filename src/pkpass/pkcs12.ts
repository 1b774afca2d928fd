import type * as asn1js from "asn1js";
import * as pkijs from "pkijs";
import { attempt } from "./attempt";
import { isKnownMac, verifyMac, type Pkcs12Mac } from "./pkcs12-mac";

/** Opens PKCS#12 files (RFC 7292) as OpenSSL 3 and newer tools write them: PBES2 with AES, or no encryption at all. */

export type Pkcs12Result =
  | {
      ok: true;
      /** DER, in the order of the file. */
      certificates: Uint8Array[];
      /** PKCS#8; the first of `privateKeys`, null if there is none. */
      privateKey: Uint8Array | null;
      privateKeys: Uint8Array[];
    }
  | {
      ok: false;
      code: "not_pkcs12" | "legacy_pkcs12" | "wrong_password" | "unsupported_pkcs12";
      detail: string;
    };

/** For OpenSSL 3; each of the two asks for a password, and what lies between them is not encrypted. */
export const convertLegacyCommand =
  "openssl pkcs12 -legacy -in old.p12 -nodes -out all.pem && openssl pkcs12 -export -in all.pem -out modern.p12 && rm all.pem";

const convertPlainCommand = convertLegacyCommand.replace(" -legacy", "");

const pbes2 = "1.2.840.113549.1.5.13";
/** RFC 7292 §C: password-based encryption with RC4, RC2 or triple DES. */
const legacyEncryption = /^1\.2\.840\.113549\.1\.12\.1\.\d+$/;
const bag = {
  key: "1.2.840.113549.1.12.10.1.1",
  shroudedKey: "1.2.840.113549.1.12.10.1.2",
  certificate: "1.2.840.113549.1.12.10.1.3",
};

/** workerd derives with at most this many; OpenSSL writes 2,048 and Java 10,000. */
const iterationsMax = 100_000;

/** Never throws. */
export async function openPkcs12(bytes: Uint8Array, password = ""): Promise<Pkcs12Result> {
  const file = attempt(() => readFile(bytes));
  const algorithms = attempt(() => algorithmsOf(readFile(bytes).safe));
  if (!file || !algorithms) return refuse.notPkcs12;
  const { pfx, safe } = file;
  if (algorithms.some(({ algorithmId }) => legacyEncryption.test(algorithmId))) return refuse.legacy;
  if (!safe || !algorithms.every(isSupported)) return refuse.unsupported;
  const mac = macOf(pfx);
  if (mac && (!isKnownMac(mac) || mac.iterations > iterationsMax)) return refuse.unsupported;
  try {
    if (mac && !verifyMac(mac, contentOf(pfx.authSafe), password)) return refuse.wrongPassword;
    return await readSafe(safe, toBuffer(new TextEncoder().encode(password)));
  } catch (error) {
    return error instanceof LegacyError ? refuse.legacy : refuse.wrongPassword;
  }
}

/** A legacy key inside of an encrypted safe is seen only once that is open. */
class LegacyError extends Error {}

function readFile(bytes: Uint8Array): { pfx: pkijs.PFX; safe: pkijs.AuthenticatedSafe | null } {
  const pfx = pkijs.PFX.fromBER(bytes);
  const { contentType } = pfx.authSafe;
  // The other integrity mode, by a signature instead of a password, is one that no tool writes.
  if (contentType !== pkijs.ContentInfo.DATA) return { pfx, safe: null };
  return { pfx, safe: pkijs.AuthenticatedSafe.fromBER(contentOf(pfx.authSafe)) };
}

/** BER may cut an octet string into several. */
const contentOf = ({ content }: pkijs.ContentInfo) => new Uint8Array((content as asn1js.OctetString).getValue());

/**
 * Those that the outside of the file tells of: each encrypted safe, and the keys in safes that are not. Uses up
 * what it is given, for pkijs takes a schema apart as it reads it.
 */
function algorithmsOf(safe: pkijs.AuthenticatedSafe | null): pkijs.AlgorithmIdentifier[] {
  if (!safe) return [];
  return safe.safeContents.flatMap((content) => {
    if (content.contentType === pkijs.ContentInfo.ENCRYPTED_DATA) {
      return [new pkijs.EncryptedData({ schema: content.content }).encryptedContentInfo.contentEncryptionAlgorithm];
    }
    return pkijs.SafeContents.fromBER(contentOf(content)).safeBags.flatMap(({ bagValue }) =>
      bagValue instanceof pkijs.PKCS8ShroudedKeyBag ? [bagValue.encryptionAlgorithm] : [],
    );
  });
}

function isSupported(algorithm: pkijs.AlgorithmIdentifier): boolean {
  if (algorithm.algorithmId !== pbes2) return false;
  const derivation = attempt(() => {
    const { keyDerivationFunc } = new pkijs.PBES2Params({ schema: algorithm.algorithmParams });
    return new pkijs.PBKDF2Params({ schema: keyDerivationFunc.algorithmParams });
  });
  return derivation !== null && derivation.iterationCount <= iterationsMax;
}

/** Null if the file has none; then the wrong password shows when something is decrypted. */
function macOf({ macData }: pkijs.PFX): Pkcs12Mac | null {
  if (!macData) return null;
  return {
    digestAlgorithm: macData.mac.digestAlgorithm.algorithmId,
    digest: macData.mac.digest.valueBlock.valueHexView,
    salt: macData.macSalt.valueBlock.valueHexView,
    iterations: macData.iterations ?? 1,
  };
}

async function readSafe(safe: pkijs.AuthenticatedSafe, password: ArrayBuffer): Promise<Pkcs12Result> {
  const certificates: Uint8Array[] = [];
  const privateKeys: Uint8Array[] = [];
  await safe.parseInternalValues({
    safeContents: safe.safeContents.map(({ contentType }) =>
      contentType === pkijs.ContentInfo.DATA ? {} : { password },
    ),
  });
  const contents = safe.parsedValue.safeContents as { value: pkijs.SafeContents }[];
  for (const { bagId, bagValue } of contents.flatMap(({ value }) => value.safeBags)) {
    if (bagId === bag.certificate) {
      certificates.push(new Uint8Array(((bagValue as pkijs.CertBag).certValue as asn1js.OctetString).getValue()));
    } else if (bagId === bag.key) {
      privateKeys.push(encodeKey(bagValue as pkijs.PrivateKeyInfo));
    } else if (bagId === bag.shroudedKey) {
      const shrouded = bagValue as pkijs.PKCS8ShroudedKeyBag;
      if (legacyEncryption.test(shrouded.encryptionAlgorithm.algorithmId)) throw new LegacyError();
      // pkijs keeps this method to itself, although its own example calls it.
      await (
        shrouded as unknown as { parseInternalValues(input: { password: ArrayBuffer }): Promise<void> }
      ).parseInternalValues({ password });
      privateKeys.push(encodeKey(shrouded.parsedValue!));
    }
  }
  return { ok: true, certificates, privateKeys, privateKey: privateKeys[0] ?? null };
}

const encodeKey = (key: pkijs.PrivateKeyInfo) => new Uint8Array(key.toSchema().toBER(false));

const toBuffer = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer as ArrayBuffer;

const refuse = {
  notPkcs12: {
    ok: false,
    code: "not_pkcs12",
    detail: "expected a PKCS#12 file (.p12 or .pfx), and these bytes are none or are not whole",
  },
  legacy: {
    ok: false,
    code: "legacy_pkcs12",
    detail: `the file is encrypted as older tools and Keychain Access do it (RC2, triple DES). Convert it, and send modern.p12: ${convertLegacyCommand}`,
  },
  unsupported: {
    ok: false,
    code: "unsupported_pkcs12",
    detail: `the file is protected in a way that is not known here. Convert it, and send modern.p12: ${convertPlainCommand}`,
  },
  wrongPassword: {
    ok: false,
    code: "wrong_password",
    detail: "the password does not open the file: send the one that was set when the file was exported",
  },
} as const satisfies Record<string, Pkcs12Result>;
