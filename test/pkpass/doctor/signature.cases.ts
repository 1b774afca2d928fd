import { strToU8 } from "fflate";
import { oid } from "../../../src/pkpass/apple-oids";
import { toPem } from "../../../src/pkpass/pem";
import { buildSignedData, type SigningMaterial } from "../../../src/pkpass/sign";
import {
  day,
  expiredWwdr,
  material,
  now,
  oldWwdr,
  otherKeys,
  ownAuthority,
  sandboxAuthority,
  teamIdentifier,
  wwdr,
  type CertificateOptions,
} from "./certificates";
import { type Spoiled } from "./passes";
import { sign, type SignatureOptions } from "./signatures";

const signed = (options: SignatureOptions): Spoiled => ({ sign: (by, manifest) => sign(by, manifest, options) });

export const right = await material();
const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

async function underOtherKey(): Promise<Spoiled> {
  const pair = (await crypto.subtle.generateKey(
    { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ["sign", "verify"],
  )) as CryptoKeyPair;
  return { material: { ...right, key: pair.privateKey } };
}

async function withWeakKey(): Promise<Spoiled> {
  const pair = (await crypto.subtle.generateKey(
    { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ["sign", "verify"],
  )) as CryptoKeyPair;
  return { material: { ...(await material({ publicKey: pair.publicKey })), key: pair.privateKey } };
}

export const under = async (options: CertificateOptions, issuer = wwdr): Promise<Spoiled> => ({
  material: await material(options, issuer),
});

/** SHA-256 with RSA, but for the digest algorithm's last number: 2.16.840.1.101.3.4.2.7 is SHA3-224. */
async function unknownDigest(by: SigningMaterial, manifest: Uint8Array): Promise<Uint8Array> {
  const signature = await buildSignedData(by, manifest, new Date(now));
  const sha256 = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
  for (let at = 0; at < signature.length; at += 1) {
    if (sha256.every((byte, index) => signature[at + index] === byte)) signature[at + 8] = 7;
  }
  return signature;
}

/** As streaming tools write it: the outermost length is left open and closed by two zeros. */
async function indefinite(by: SigningMaterial, manifest: Uint8Array): Promise<Uint8Array> {
  const der = await buildSignedData(by, manifest, new Date(now));
  return Uint8Array.from([0x30, 0x80, ...der.subarray(4), 0, 0]);
}

const wrongIntermediate = async (unit: string | null): Promise<Spoiled> => ({
  material: right,
  ...signed({ certificates: [right.certificate, (await oldWwdr(unit)).certificate] }),
});

const otherSubject: [string, string][] = [
  [oid.userId, "com.example.app"],
  [oid.commonName, "Apple Development: Zoë Fern"],
  [oid.organizationalUnit, teamIdentifier],
];

const subjectOf = (type: string | null, team: string | null): [string, string][] => [
  ...(type === null ? [] : [[oid.userId, type] as [string, string]]),
  [oid.commonName, "Pass Type ID: pass.com.example.fern"],
  ...(team === null ? [] : [[oid.organizationalUnit, team] as [string, string]]),
];

export const signatureCases: [code: string, at: string, how: string, Spoiled | Promise<Spoiled>][] = [
  ["signature_not_cms", "signature", "text", { sign: async () => strToU8("signed, Zoë") }],
  ["signature_not_cms", "signature", "bytes", { sign: async () => new Uint8Array([1, 2, 3]) }],
  ["signature_not_cms", "signature", "nothing", { sign: async () => new Uint8Array() }],
  [
    "signature_not_cms",
    "signature",
    "PEM",
    { sign: async (by, manifest) => strToU8(toPem("CMS", await buildSignedData(by, manifest, new Date(now)))) },
  ],
  ["signature_not_der", "signature", "an open length", { sign: indefinite }],
  ["signature_not_detached", "signature", "the manifest inside", signed({ content: true })],
  ["signature_without_signer", "signature", "certificates only", signed({ signers: 0 })],
  ["signature_several_signers", "signature", "two signers", signed({ signers: 2 })],
  [
    "signature_signing_time_missing",
    "signature",
    "no signingTime",
    signed({ attributes: ["contentType", "messageDigest"] }),
  ],
  ["signature_signing_time_missing", "signature", "no signed attributes", signed({ attributes: null })],
  [
    "signature_attributes_unsorted",
    "signature",
    "attributes in another order",
    signed({ attributes: ["messageDigest", "contentType", "signingTime"] }),
  ],
  [
    "signature_digest_mismatch",
    "signature",
    "another manifest",
    { sign: (by, manifest) => buildSignedData(by, strToU8(`${new TextDecoder().decode(manifest)} `), new Date(now)) },
  ],
  [
    "signature_invalid",
    "signature",
    "a changed signature",
    {
      sign: async (by, manifest) => {
        const bytes = await buildSignedData(by, manifest, new Date(now));
        return flipped(bytes, bytes.length - 5);
      },
    },
  ],
  ["signature_invalid", "signature", "another key", underOtherKey()],
  [
    "signature_invalid",
    "signature",
    "another key, under an issuer of its own",
    underOtherKey().then((spoiled) => ({ ...spoiled, options: { issuerFingerprints: [] } })),
  ],
  ["signature_algorithm_unknown", "signature", "SHA-3", { sign: unknownDigest }],
  ["signature_sha1", "signature", "SHA-1", signed({ digest: "SHA-1" })],
  ["signer_certificate_missing", "signature", "no certificates", signed({ certificates: [] })],
  ["signer_certificate_missing", "signature", "the issuer's alone", signed({ certificates: [wwdr.certificate] })],
  [
    "intermediate_missing",
    "signature",
    "the signer's alone",
    { material: right, ...signed({ certificates: [right.certificate] }) },
  ],
  ["intermediate_wrong", "signature", "G1 beside it", wrongIntermediate(null)],
  ["intermediate_wrong", "signature", "G3 beside it", wrongIntermediate("G3")],
  ["intermediate_wrong", "signature", "G6 beside it", wrongIntermediate("G6")],
  [
    "intermediate_expired",
    "signature",
    "an expired authority",
    under({}, expiredWwdr).then((spoiled) => ({ ...spoiled, options: { authorities: [expiredWwdr.certificate] } })),
  ],
  ["signed_before_validity", "signature", "signed too early", signed({ signedAt: now - 31 * day })],
  ["signed_after_expiry", "signature", "signed too late", under({ notAfter: now - day })],
  [
    "certificate_expired",
    "signature",
    "expired since",
    under({ notAfter: now - day }).then((spoiled) => ({ ...spoiled, ...signed({ signedAt: now - 2 * day }) })),
  ],
  [
    "certificate_not_yet_valid",
    "signature",
    "valid from tomorrow",
    under({ notBefore: now + day }).then((spoiled) => ({ ...spoiled, ...signed({ signedAt: now + 2 * day }) })),
  ],
  ["certificate_expires_soon", "signature", "30 days left", under({ notAfter: now + 30 * day - 1000 })],
  [
    "certificate_not_pass_type",
    "signature",
    "a developer's",
    under({ subject: otherSubject, usage: false, extensionPassType: null }),
  ],
  ["pass_type_missing", "signature", "no UID", under({ subject: subjectOf(null, teamIdentifier) })],
  [
    "pass_type_malformed",
    "signature",
    "another UID",
    under({ subject: subjectOf("com.example.fern", teamIdentifier), extensionPassType: "com.example.fern" }),
  ],
  ["team_missing", "signature", "no OU", under({ subject: subjectOf("pass.com.example.fern", null) })],
  ["certificate_is_authority", "signature", "an authority's", under({ authority: true })],
  ["certificate_extensions_missing", "signature", "no extended key usage", under({ usage: false })],
  [
    "certificate_extension_mismatch",
    "signature",
    "another type",
    under({ extensionPassType: "pass.com.example.other" }),
  ],
  ["certificate_extensions_missing", "signature", "no extension", under({ extensionPassType: null })],
  ["issuer_outdated", "signature", "G1", oldWwdr(null).then((issuer) => under({}, issuer))],
  ["issuer_outdated", "signature", "G3", oldWwdr("G3").then((issuer) => under({}, issuer))],
  ["issuer_outdated", "signature", "G6", oldWwdr("G6").then((issuer) => under({}, issuer))],
  ["issuer_not_apple", "signature", "another authority", under({}, ownAuthority)],
  [
    "issuer_not_apple",
    "signature",
    "an authority with Apple's name",
    { ...(await under({}, wwdr)), options: { issuerFingerprints: [] } },
  ],
  ["issuer_sandbox", "signature", "a sandbox", under({}, sandboxAuthority)],
  [
    "certificate_pass_type_mismatch",
    "pass.json#/passTypeIdentifier",
    "another pass type",
    { json: (pass) => (pass.passTypeIdentifier = "pass.com.example.other") },
  ],
  [
    "certificate_team_mismatch",
    "pass.json#/teamIdentifier",
    "another team",
    { json: (pass) => (pass.teamIdentifier = "Z9Y8X7W6V5") },
  ],
  [
    "certificate_ec_key",
    "signature",
    "an elliptic key",
    material({ publicKey: otherKeys.publicKey }).then((made) => ({ material: { ...made, key: otherKeys.privateKey } })),
  ],
  ["certificate_key_weak", "signature", "RSA of 1024 bits", withWeakKey()],
];
