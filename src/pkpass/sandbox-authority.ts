import * as asn1js from "asn1js";
import * as pkijs from "pkijs";
import { oid } from "./apple-oids";
import { distinguishedName } from "./distinguished-name";

/**
 * The certificate authority of a sandbox: it stands where Apple's WWDR stands in production. One P-256
 * authority and one RSA leaf key per deployment, and a certificate per tenant over that key, shaped as
 * Apple's pass certificates are (RFC 5280; Apple OIDs 1.2.840.113635.100).
 */

export interface SandboxAuthority {
  /** DER, self-signed. */
  certificate: Uint8Array;
  privateKey: CryptoKey;
}

export const authorityKeyAlgorithm = { name: "ECDSA", namedCurve: "P-256" } as const;
export const leafKeyAlgorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

/** Makes both key pairs of a deployment; RSA-2048 costs some 60 ms of CPU, so this happens once. */
export async function generateSandboxKeys(): Promise<{ authority: CryptoKeyPair; leaf: CryptoKeyPair }> {
  const authority = await crypto.subtle.generateKey(authorityKeyAlgorithm, true, ["sign", "verify"]);
  const rsa = { ...leafKeyAlgorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
  const leaf = await crypto.subtle.generateKey(rsa, true, ["sign", "verify"]);
  return { authority: authority as CryptoKeyPair, leaf: leaf as CryptoKeyPair };
}

/** How every sandbox calls its authority: by this name one is recognised elsewhere. */
export const authorityName = { commonName: "WePass Sandbox Pass Authority", organization: "WePass Sandbox" };

/** The self-signed certificate of the authority, valid for 30 years. */
export async function issueAuthorityCertificate(keys: CryptoKeyPair, now: Date): Promise<Uint8Array> {
  const name: [string, string][] = [
    [oid.commonName, "WePass Sandbox Pass Authority"],
    [oid.organizationName, "WePass Sandbox"],
    [oid.countryName, "US"],
  ];
  const certificate = await blankCertificate(name, keys.publicKey, now, yearsAfter(now, 30));
  certificate.issuer = certificate.subject;
  certificate.extensions = [
    extension(oid.basicConstraints, true, new pkijs.BasicConstraints({ cA: true, pathLenConstraint: 0 }).toSchema()),
    extension(oid.keyUsage, true, bits(0b0000_0110, 1)),
    extension(oid.subjectKeyIdentifier, false, new asn1js.OctetString({ valueHex: await keyId(keys.publicKey) })),
  ];
  await certificate.sign(keys.privateKey, "SHA-256");
  return new Uint8Array(certificate.toSchema(true).toBER(false));
}

interface PassCertificateSubject {
  passTypeIdentifier: string;
  teamIdentifier: string;
  /** True if absent. */
  nfc?: boolean;
  /** Ten years if absent. */
  days?: number;
}

/** A pass type certificate as Apple would issue it, valid from an hour ago. */
export async function issuePassCertificate(
  authority: SandboxAuthority,
  leafPublicKey: CryptoKey,
  { passTypeIdentifier, teamIdentifier, nfc = true, days }: PassCertificateSubject,
  now: Date,
): Promise<Uint8Array> {
  const issuer = pkijs.Certificate.fromBER(authority.certificate);
  const name: [string, string][] = [
    [oid.userId, passTypeIdentifier],
    [oid.commonName, `Pass Type ID${nfc ? " with NFC" : ""}: ${passTypeIdentifier}`],
    [oid.organizationalUnit, teamIdentifier],
    [oid.organizationName, "WePass Sandbox"],
    [oid.countryName, "US"],
  ];
  const notAfter = days === undefined ? yearsAfter(now, 10) : wholeSecond(now.getTime() + days * 86_400_000);
  const certificate = await blankCertificate(name, leafPublicKey, now, notAfter);
  certificate.issuer = issuer.subject;
  const usages = new pkijs.ExtKeyUsage({ keyPurposes: [oid.applePassSigning] });
  const issuerKeyId = issuer.extensions?.find(({ extnID }) => extnID === oid.subjectKeyIdentifier)?.parsedValue as
    | asn1js.OctetString
    | undefined;
  certificate.extensions = [
    extension(oid.basicConstraints, true, new pkijs.BasicConstraints({ cA: false }).toSchema()),
    extension(oid.keyUsage, true, bits(0b1000_0000, 7)),
    extension(oid.extendedKeyUsage, true, usages.toSchema()),
    extension(oid.subjectKeyIdentifier, false, new asn1js.OctetString({ valueHex: await keyId(leafPublicKey) })),
    ...(issuerKeyId
      ? [
          extension(
            oid.authorityKeyIdentifier,
            false,
            new pkijs.AuthorityKeyIdentifier({
              keyIdentifier: new asn1js.OctetString({ valueHex: issuerKeyId.valueBlock.valueHexView }),
            }).toSchema(),
          ),
        ]
      : []),
    extension(oid.applePassType, false, new asn1js.Utf8String({ value: passTypeIdentifier })),
  ];
  await certificate.sign(authority.privateKey, "SHA-256");
  return new Uint8Array(certificate.toSchema(true).toBER(false));
}

const wholeSecond = (milliseconds: number) => new Date(Math.floor(milliseconds / 1000) * 1000);

/** Clocks differ, so a certificate begins before it is made. */
const startOf = (now: Date) => wholeSecond(now.getTime() - 3_600_000);

function yearsAfter(now: Date, years: number): Date {
  const notAfter = startOf(now);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + years);
  return notAfter;
}

async function blankCertificate(
  subject: [string, string][],
  publicKey: CryptoKey,
  now: Date,
  notAfter: Date,
): Promise<pkijs.Certificate> {
  const notBefore = startOf(now);
  const serial = crypto.getRandomValues(new Uint8Array(16));
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  const certificate = new pkijs.Certificate({
    version: 2,
    serialNumber: new asn1js.Integer({ valueHex: serial.buffer }),
    subject: distinguishedName(subject),
    notBefore: new pkijs.Time({ type: timeType(notBefore), value: notBefore }),
    notAfter: new pkijs.Time({ type: timeType(notAfter), value: notAfter }),
  });
  await certificate.subjectPublicKeyInfo.importKey(publicKey);
  return certificate;
}

/** RFC 5280 §4.1.2.5: UTCTime (0) through 2049, GeneralizedTime (1) after. */
const timeType = (time: Date) => (time.getUTCFullYear() < 2050 ? 0 : 1);

function extension(extnID: string, critical: boolean, value: asn1js.BaseBlock): pkijs.Extension {
  return new pkijs.Extension({ extnID, critical, extnValue: value.toBER(false) });
}

function bits(byte: number, unusedBits: number): asn1js.BitString {
  return new asn1js.BitString({ valueHex: new Uint8Array([byte]).buffer, unusedBits });
}

/** RFC 5280 §4.2.1.2, method 1: SHA-1 of the public key's bits. */
async function keyId(publicKey: CryptoKey): Promise<ArrayBuffer> {
  const info = new pkijs.PublicKeyInfo();
  await info.importKey(publicKey);
  return crypto.subtle.digest("SHA-1", info.subjectPublicKey.valueBlock.valueHexView);
}
