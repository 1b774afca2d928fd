import type * as asn1js from "asn1js";
import * as pkijs from "pkijs";
import { attempt } from "./attempt";
import { areBearable, derivationRounds, derivationRoundsMax, isPkcs12Encryption } from "./key-derivation";
import { isKnownMac, macRoundCost, macRounds, verifyMac, type Pkcs12Mac } from "./pkcs12-mac";

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

const bag = {
  key: "1.2.840.113549.1.12.10.1.1",
  shroudedKey: "1.2.840.113549.1.12.10.1.2",
  certificate: "1.2.840.113549.1.12.10.1.3",
};

/** Of certificates and of keys: each key is tried with each certificate. */
const bagsMax = 20;

/** Never throws. */
export async function openPkcs12(bytes: Uint8Array, password = ""): Promise<Pkcs12Result> {
  const file = attempt(() => readFile(bytes));
  const algorithms = attempt(() => algorithmsOf(readFile(bytes).safe));
  if (!file || !algorithms) return refuse.notPkcs12;
  const { pfx, safe } = file;
  if (algorithms.some(isPkcs12Encryption)) return refuse.legacy;
  const mac = macOf(pfx);
  const rounds = algorithms.flatMap((algorithm) => derivationRounds(algorithm) ?? []);
  if (!safe || rounds.length < algorithms.length || (mac && !isKnownMac(mac))) return refuse.unsupported;
  if (!areBearable([...rounds, ...(mac ? [macRounds(mac, password)] : [])])) return refuse.tooSlow;
  try {
    if (mac && !verifyMac(mac, contentOf(pfx.authSafe), password)) return refuse.wrongPassword;
    return await readSafe(safe, toBuffer(new TextEncoder().encode(password)));
  } catch {
    return refuse.wrongPassword;
  }
}

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
  const bags = contents.flatMap(({ value }) => value.safeBags);
  const shrouded = bags.flatMap(({ bagValue }) => (bagValue instanceof pkijs.PKCS8ShroudedKeyBag ? [bagValue] : []));
  const refused = refuseBags(bags) ?? refuseKeys(shrouded);
  if (refused) return refused;
  for (const { bagId, bagValue } of bags) {
    if (bagId === bag.certificate) {
      certificates.push(new Uint8Array(((bagValue as pkijs.CertBag).certValue as asn1js.OctetString).getValue()));
    } else if (bagId === bag.key) {
      privateKeys.push(encodeKey(bagValue as pkijs.PrivateKeyInfo));
    } else if (bagValue instanceof pkijs.PKCS8ShroudedKeyBag) {
      // pkijs keeps this method to itself, although its own example calls it.
      await (
        bagValue as unknown as { parseInternalValues(input: { password: ArrayBuffer }): Promise<void> }
      ).parseInternalValues({ password });
      privateKeys.push(encodeKey(bagValue.parsedValue!));
    }
  }
  return { ok: true, certificates, privateKeys, privateKey: privateKeys[0] ?? null };
}

function refuseBags(bags: pkijs.SafeBag[]): Pkcs12Result | null {
  const isMany = (ids: string[]) => bags.filter(({ bagId }) => ids.includes(bagId)).length > bagsMax;
  return isMany([bag.certificate]) || isMany([bag.key, bag.shroudedKey]) ? refuse.tooMany : null;
}

/** Keys inside of an encrypted safe are seen only once that is open. */
function refuseKeys(keys: pkijs.PKCS8ShroudedKeyBag[]): Pkcs12Result | null {
  const algorithms = keys.map(({ encryptionAlgorithm }) => encryptionAlgorithm);
  if (algorithms.some(isPkcs12Encryption)) return refuse.legacy;
  const rounds = algorithms.flatMap((algorithm) => derivationRounds(algorithm) ?? []);
  if (rounds.length < keys.length) return refuse.unsupported;
  return areBearable(rounds) ? null : refuse.tooSlow;
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
  tooSlow: {
    ok: false,
    code: "unsupported_pkcs12",
    detail: `the file derives its keys in more than ${derivationRoundsMax} rounds together (a round of its integrity check counts for ${macRoundCost}), which takes too long. Write it anew with fewer, and send modern.p12: ${convertPlainCommand}`,
  },
  tooMany: {
    ok: false,
    code: "unsupported_pkcs12",
    detail: `the file holds more than ${bagsMax} certificates or keys. Export the pass type certificate and its key alone`,
  },
  wrongPassword: {
    ok: false,
    code: "wrong_password",
    detail: "the password does not open the file: send the one that was set when the file was exported",
  },
} as const satisfies Record<string, Pkcs12Result>;
