import * as asn1js from "asn1js";
import * as pkijs from "pkijs";
import { oid } from "./apple-oids";
import { attempt } from "./attempt";
import { bitLength, sha256Hex, toHex } from "./bytes";
import { readName, type NameParts } from "./distinguished-name";

/** What can be read from a certificate, of Apple's or of anybody's (RFC 5280). Times are epoch milliseconds. */
export interface CertificateFacts {
  der: Uint8Array;
  /** SHA-256 of the DER, lowercase hex. */
  fingerprint: string;
  subject: NameParts;
  issuer: NameParts;
  /** Lowercase hex. */
  serialNumber: string;
  notBefore: number;
  notAfter: number;
  /** The subject's UID. */
  passTypeIdentifier: string | null;
  /** The subject's OU. */
  teamIdentifier: string | null;
  /** Apple's extension 1.2.840.113635.100.6.1.16, by which Wallet matches the pass type. */
  extensionPassType: string | null;
  /** May sign passes with `nfc` or a personalization. */
  nfc: boolean;
  /** Has the extended key usage of pass signing, 1.2.840.113635.100.4.14. */
  passSigning: boolean;
  certificateAuthority: boolean;
  keyType: "RSA" | "EC" | "other";
  /** 0 for a key of a kind that we cannot measure. */
  keyBits: number;
  /** DER SubjectPublicKeyInfo. */
  publicKey: Uint8Array;
  /** Subject and issuer are the same name. */
  selfSigned: boolean;
}

type CertificateResult =
  | { ok: true; certificate: CertificateFacts }
  | { ok: false; code: "not_a_certificate"; detail: string };

/** Reads one DER certificate with nothing before or after it. Never throws. */
export async function readCertificate(der: Uint8Array): Promise<CertificateResult> {
  const facts = attempt(() => readFacts(der));
  if (facts) return { ok: true, certificate: { ...facts, fingerprint: await sha256Hex(der) } };
  const detail = "expected an X.509 certificate, and these bytes are none or are not whole";
  return { ok: false, code: "not_a_certificate", detail };
}

function readFacts(der: Uint8Array): Omit<CertificateFacts, "fingerprint"> | null {
  const parsed = parse(der);
  if (!parsed || !isTime(parsed.notBefore) || !isTime(parsed.notAfter)) return null;
  const subject = readName(parsed.subject);
  const usages = extensionOf(parsed, oid.extendedKeyUsage)?.parsedValue as pkijs.ExtKeyUsage | undefined;
  const constraints = extensionOf(parsed, oid.basicConstraints)?.parsedValue as pkijs.BasicConstraints | undefined;
  return {
    der,
    subject,
    issuer: readName(parsed.issuer),
    serialNumber: toHex(parsed.serialNumber.valueBlock.valueHexView).replace(/^00(?=..)/, ""),
    notBefore: parsed.notBefore.value.getTime(),
    notAfter: parsed.notAfter.value.getTime(),
    passTypeIdentifier: subject.userId,
    teamIdentifier: subject.organizationalUnit,
    extensionPassType: readPassType(parsed),
    // Apple tells it nowhere else than in the common name.
    nfc: /^Pass Type ID with NFC\b/i.test(subject.commonName ?? ""),
    passSigning: usages?.keyPurposes?.includes(oid.applePassSigning) ?? false,
    certificateAuthority: constraints?.cA ?? false,
    ...readKeyKind(parsed.subjectPublicKeyInfo),
    publicKey: new Uint8Array(parsed.subjectPublicKeyInfo.toSchema().toBER(false)),
    selfSigned: parsed.subject.isEqual(parsed.issuer),
  };
}

/** Whether `issuer` is named as the issuer of `certificate` and its key made the signature. Dates are not looked at. */
export async function isIssuedBy(
  certificate: Pick<CertificateFacts, "der">,
  issuer: Pick<CertificateFacts, "der">,
): Promise<boolean> {
  const [child, parent] = [parse(certificate.der), parse(issuer.der)];
  if (!child || !parent || !child.issuer.isEqual(parent.subject)) return false;
  try {
    return await child.verify(parent);
  } catch {
    // An algorithm that WebCrypto lacks, or a key that does not fit it.
    return false;
  }
}

function parse(der: Uint8Array): pkijs.Certificate | null {
  return attempt(() => {
    const { result, offset } = asn1js.fromBER(der);
    return offset === der.length ? new pkijs.Certificate({ schema: result }) : null;
  });
}

const isTime = ({ value }: pkijs.Time) => !Number.isNaN(value.getTime());

const extensionOf = (certificate: pkijs.Certificate, id: string) =>
  certificate.extensions?.find(({ extnID }) => extnID === id);

function readPassType(certificate: pkijs.Certificate): string | null {
  const bytes = extensionOf(certificate, oid.applePassType)?.extnValue.valueBlock.valueHexView;
  if (!bytes) return null;
  const { result, offset } = asn1js.fromBER(bytes);
  if (offset === bytes.length && result instanceof asn1js.BaseStringBlock) return result.getValue();
  return new TextDecoder().decode(bytes);
}

/** Of named curves (RFC 5480 §2.1.1.1). */
const curveBits: Record<string, number> = {
  [oid.p256]: 256,
  "1.3.132.0.34": 384,
  "1.3.132.0.35": 521,
};

function readKeyKind(info: pkijs.PublicKeyInfo): Pick<CertificateFacts, "keyType" | "keyBits"> {
  const { algorithmId, algorithmParams } = info.algorithm;
  if (algorithmId === oid.rsaKey) {
    const modulus = (info.parsedKey as pkijs.RSAPublicKey | undefined)?.modulus.valueBlock.valueHexView;
    return { keyType: "RSA", keyBits: bitLength(modulus ?? new Uint8Array()) };
  }
  if (algorithmId === oid.ellipticKey) {
    const curve: string = algorithmParams?.valueBlock?.toString() ?? "";
    return { keyType: "EC", keyBits: curveBits[curve] ?? 0 };
  }
  return { keyType: "other", keyBits: 0 };
}
