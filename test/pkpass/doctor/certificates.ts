import * as asn1js from "asn1js";
import * as pkijs from "pkijs";
import { oid } from "../../../src/pkpass/apple-oids";
import { distinguishedName } from "../../../src/pkpass/distinguished-name";
import { generateSandboxKeys, issueAuthorityCertificate } from "../../../src/pkpass/sandbox-authority";
import type { SigningMaterial } from "../../../src/pkpass/sign";

/** Certificates right and wrong in single points. They are shaped as Apple's are and issued by stand-ins. */

type Name = [type: string, value: string][];

export const passTypeIdentifier = "pass.com.example.fern";
export const teamIdentifier = "A1B2C3D4E5";
/** What the tests take for the present. */
export const now = Date.parse("2026-05-01T18:30:00Z");
export const day = 86_400_000;

const wwdrName = (unit: string | null): Name => [
  [oid.commonName, "Apple Worldwide Developer Relations Certification Authority"],
  ...(unit ? ([[oid.organizationalUnit, unit]] as Name) : []),
  [oid.organizationName, "Apple Inc."],
  [oid.countryName, "US"],
];

export interface CertificateOptions {
  subject?: Name;
  nfc?: boolean;
  /** Null leaves the extension out. */
  extensionPassType?: string | null;
  usage?: boolean;
  authority?: boolean;
  notBefore?: number;
  notAfter?: number;
  publicKey?: CryptoKey;
}

export interface Authority {
  name: Name;
  certificate: Uint8Array;
  privateKey: CryptoKey;
}

const keys = await generateSandboxKeys();
const ecKeys = (await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
  "sign",
  "verify",
])) as CryptoKeyPair;
export const leafKey = keys.leaf.privateKey;
export const leafPublicKey = keys.leaf.publicKey;
export const otherKeys = ecKeys;

async function makeAuthority(name: Name, options: CertificateOptions = {}): Promise<Authority> {
  const { authority } = keys;
  const bare = { name, certificate: new Uint8Array(), privateKey: authority.privateKey };
  const certificate = await issue(bare, { subject: name, authority: true, publicKey: authority.publicKey, ...options });
  return { ...bare, certificate };
}

let serials = 4711;

/** DER. Without options: as Apple issues it, valid for a year from a month ago. */
export async function issue(issuer: Authority, options: CertificateOptions = {}): Promise<Uint8Array> {
  const { nfc = false, usage = true, authority = false, publicKey = leafPublicKey } = options;
  const { extensionPassType = passTypeIdentifier } = options;
  const subject: Name = options.subject ?? [
    [oid.userId, passTypeIdentifier],
    [oid.commonName, `Pass Type ID${nfc ? " with NFC" : ""}: ${passTypeIdentifier}`],
    [oid.organizationalUnit, teamIdentifier],
    [oid.organizationName, "Fern & Finch Coffee"],
    [oid.countryName, "US"],
  ];
  const certificate = new pkijs.Certificate({
    version: 2,
    serialNumber: new asn1js.Integer({ value: (serials += 1) }),
    subject: distinguishedName(subject),
    issuer: distinguishedName(issuer.name),
    notBefore: new pkijs.Time({ type: 0, value: new Date(options.notBefore ?? now - 30 * day) }),
    notAfter: new pkijs.Time({ type: 0, value: new Date(options.notAfter ?? now + 335 * day) }),
  });
  await certificate.subjectPublicKeyInfo.importKey(publicKey);
  const usages = new pkijs.ExtKeyUsage({ keyPurposes: [oid.applePassSigning] }).toSchema();
  certificate.extensions = [extension(oid.basicConstraints, new pkijs.BasicConstraints({ cA: authority }).toSchema())];
  if (usage && !authority) certificate.extensions.push(extension(oid.extendedKeyUsage, usages));
  if (extensionPassType !== null && !authority) {
    certificate.extensions.push(extension(oid.applePassType, new asn1js.Utf8String({ value: extensionPassType })));
  }
  await certificate.sign(issuer.privateKey, "SHA-256");
  return new Uint8Array(certificate.toSchema(true).toBER(false));
}

const extension = (extnID: string, value: asn1js.BaseBlock) =>
  new pkijs.Extension({ extnID, critical: false, extnValue: value.toBER(false) });

export const wwdr = await makeAuthority(wwdrName("G4"));
export const oldWwdr = (unit: string | null) => makeAuthority(wwdrName(unit));
export const expiredWwdr = await makeAuthority(wwdrName("G4"), { notAfter: now - day });
export const ownAuthority = await makeAuthority([[oid.commonName, "My own CA"]]);
export const sandboxAuthority: Authority = {
  name: [
    [oid.commonName, "WePass Sandbox Pass Authority"],
    [oid.organizationName, "WePass Sandbox"],
    [oid.countryName, "US"],
  ],
  certificate: await issueAuthorityCertificate(keys.authority, new Date(now - day)),
  privateKey: keys.authority.privateKey,
};

export const material = async (options: CertificateOptions = {}, issuer = wwdr): Promise<SigningMaterial> => ({
  certificate: await issue(issuer, options),
  issuerCertificate: issuer.certificate,
  key: leafKey,
});
