import * as asn1js from "asn1js";
import * as pkijs from "pkijs";
import { beforeAll, describe, expect, it } from "vitest";
import {
  authorityKeyAlgorithm,
  generateSandboxKeys,
  issueAuthorityCertificate,
  issuePassCertificate,
} from "../../src/pkpass/sandbox-authority";
import { buildSignedData, createSigner, type SigningMaterial } from "../../src/pkpass/sign";

const issuedAt = new Date("2026-05-01T12:00:00.500Z");
const subject = { passTypeIdentifier: "pass.com.example.fern", teamIdentifier: "A1B2C3D4E5" };
const manifest = new TextEncoder().encode('{"pass.json":"da39a3ee5e6b4b0d3255bfef95601890afd80709"}');
const at = new Date("2026-05-01T18:30:15.000Z");

let material: SigningMaterial;
/** As `material`, but with an elliptic key. */
let elliptic: SigningMaterial;
let leafPublicKey: CryptoKey;
let ellipticPublicKey: CryptoKey;

beforeAll(async () => {
  // RSA-2048 costs 60 ms and more, so one pair serves the whole file.
  const keys = await generateSandboxKeys();
  const issuerCertificate = await issueAuthorityCertificate(keys.authority, issuedAt);
  const authority = { certificate: issuerCertificate, privateKey: keys.authority.privateKey };
  leafPublicKey = keys.leaf.publicKey;
  material = {
    certificate: await issuePassCertificate(authority, leafPublicKey, subject, issuedAt),
    issuerCertificate,
    key: keys.leaf.privateKey,
  };
  const pair = (await crypto.subtle.generateKey(authorityKeyAlgorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  ellipticPublicKey = pair.publicKey;
  elliptic = {
    certificate: await issuePassCertificate(authority, ellipticPublicKey, subject, issuedAt),
    issuerCertificate,
    key: pair.privateKey,
  };
});

function parse(signature: Uint8Array): { signedData: pkijs.SignedData; signer: pkijs.SignerInfo } {
  const content = pkijs.ContentInfo.fromBER(signature);
  expect(content.contentType).toBe("1.2.840.113549.1.7.2");
  const signedData = new pkijs.SignedData({ schema: content.content as asn1js.Sequence });
  expect(signedData.signerInfos).toHaveLength(1);
  return { signedData, signer: signedData.signerInfos[0]! };
}

/** The signed attributes as they are signed: a SET OF, which the signature embeds under the tag [0]. */
function signedAttributes(signer: pkijs.SignerInfo): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(signer.signedAttrs!.encodedValue.slice(0));
  bytes[0] = 0x31;
  return bytes;
}

function attribute(signer: pkijs.SignerInfo, type: string): unknown {
  return signer.signedAttrs!.attributes.find((each) => each.type === type)?.values[0];
}

const signingTime = (signer: pkijs.SignerInfo) => attribute(signer, "1.2.840.113549.1.9.5") as asn1js.UTCTime;

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const times = [
  "1950-01-01T00:00:00.000Z",
  "1999-12-31T23:59:59.999Z",
  "2000-01-01T00:00:00.000Z",
  "2001-02-03T04:05:06.000Z",
  "2026-05-01T18:30:15.000Z",
  "2026-05-01T18:30:15.999Z",
  "2026-05-01T18:30:16.000Z",
  "2026-12-31T23:59:59.999Z",
  "2049-12-31T23:59:59.999Z",
  "2050-01-01T00:00:00.000Z",
  "9999-12-31T23:59:59.000Z",
];

describe("the fast signature", () => {
  it.each(times)("is, byte for byte, the one assembled from nothing at %s", async (time) => {
    const signer = await createSigner(material);
    const now = new Date(time);
    expect(hex(await signer.sign(manifest, now))).toBe(hex(await buildSignedData(material, manifest, now)));
  });

  it.each([
    ["empty", new Uint8Array(0)],
    ["{}", new TextEncoder().encode("{}")],
    ["of a megabyte", new Uint8Array(1_048_576).fill(0x20)],
    ["a part of a longer buffer", new TextEncoder().encode('xx{"a":"b"}xx').subarray(2, -2)],
  ])("is the same for a manifest that is %s", async (_, bytes) => {
    const signer = await createSigner(material);
    expect(hex(await signer.sign(bytes, at))).toBe(hex(await buildSignedData(material, bytes, at)));
  });

  it("is the same for the same manifest within one second, and another in the next", async () => {
    const signer = await createSigner(material);
    const sign = async (time: string) => hex(await signer.sign(manifest, new Date(time)));
    const first = await sign("2026-05-01T18:30:15.000Z");
    expect(await sign("2026-05-01T18:30:15.999Z")).toBe(first);
    expect(await sign("2026-05-01T18:30:16.000Z")).not.toBe(first);
  });

  it("keeps many that are made at once apart", async () => {
    const signer = await createSigner(material);
    const manifests = Array.from({ length: 8 }, (_, index) => new TextEncoder().encode(`{"n":"${index}"}`));
    const together = await Promise.all(manifests.map((each) => signer.sign(each, at)));
    for (const [index, signature] of together.entries()) {
      expect(hex(signature)).toBe(hex(await buildSignedData(material, manifests[index]!, at)));
    }
  });
});

describe("what is signed", () => {
  it("is the SHA-256 of the manifest, with content type and time, in DER's order", async () => {
    const { signer } = parse(await (await createSigner(material)).sign(manifest, at));
    const encodings = signer.signedAttrs!.attributes.map((each) => hex(new Uint8Array(each.toSchema().toBER(false))));
    expect(encodings).toEqual(encodings.toSorted());
    expect(signer.signedAttrs!.attributes.map(({ type }) => type)).toEqual([
      "1.2.840.113549.1.9.3",
      "1.2.840.113549.1.9.5",
      "1.2.840.113549.1.9.4",
    ]);
    const contentType = attribute(signer, "1.2.840.113549.1.9.3") as asn1js.ObjectIdentifier;
    expect(contentType.valueBlock.toString()).toBe("1.2.840.113549.1.7.1");
    const digest = attribute(signer, "1.2.840.113549.1.9.4") as asn1js.OctetString;
    expect(hex(digest.valueBlock.valueHexView)).toBe(hex(await sha256(manifest)));
  });

  it("names SHA-256 everywhere, and leaves the manifest out", async () => {
    const { signedData, signer } = parse(await (await createSigner(material)).sign(manifest, at));
    const sha256Oid = "2.16.840.1.101.3.4.2.1";
    expect(signedData.version).toBe(1);
    expect(signedData.digestAlgorithms.map(({ algorithmId }) => algorithmId)).toEqual([sha256Oid]);
    expect(signer.digestAlgorithm.algorithmId).toBe(sha256Oid);
    expect(["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11"]).toContain(signer.signatureAlgorithm.algorithmId);
    expect(signedData.encapContentInfo.eContentType).toBe("1.2.840.113549.1.7.1");
    expect(signedData.encapContentInfo.eContent).toBeUndefined();
  });

  it("brings the certificates of the signer and its issuer, and says which one signed", async () => {
    const { signedData, signer } = parse(await (await createSigner(material)).sign(manifest, at));
    const certificates = (signedData.certificates ?? []).map((each) =>
      hex(new Uint8Array((each as pkijs.Certificate).toSchema().toBER(false))),
    );
    expect(certificates.toSorted()).toEqual([hex(material.certificate), hex(material.issuerCertificate)].toSorted());
    const leaf = pkijs.Certificate.fromBER(material.certificate);
    const sid = signer.sid as pkijs.IssuerAndSerialNumber;
    expect(sid.serialNumber.isEqual(leaf.serialNumber)).toBe(true);
    expect(sid.issuer.isEqual(leaf.issuer)).toBe(true);
  });

  it.each([
    ["2026-05-01T18:30:15.987Z", "UTCTime", "2026-05-01T18:30:15.000Z"],
    ["2049-12-31T23:59:59.999Z", "UTCTime", "2049-12-31T23:59:59.000Z"],
    ["2050-01-01T00:00:00.001Z", "GeneralizedTime", "2050-01-01T00:00:00.000Z"],
  ])("says the time %s as %s, to the second", async (now, type, said) => {
    const { signer } = parse(await (await createSigner(material)).sign(manifest, new Date(now)));
    const time = signingTime(signer);
    expect((time.constructor as typeof asn1js.UTCTime).NAME).toBe(type);
    expect(time.toDate().toISOString()).toBe(said);
  });

  it("is one DER value without anything after it", async () => {
    const signature = await (await createSigner(material)).sign(manifest, at);
    expect(asn1js.fromBER(signature).offset).toBe(signature.length);
    expect(hex(new Uint8Array(pkijs.ContentInfo.fromBER(signature).toSchema().toBER(false)))).toBe(hex(signature));
  });
});

describe("who can check it", () => {
  const verify = (signature: Uint8Array, data: Uint8Array) =>
    parse(signature).signedData.verify({ signer: 0, data: data.slice().buffer, checkChain: false });

  it("pkijs verifies it against the manifest, and against no other", async () => {
    const signature = await (await createSigner(material)).sign(manifest, at);
    expect(await verify(signature, manifest)).toBe(true);
    await expect(verify(signature, new TextEncoder().encode("{}")).catch(() => false)).resolves.toBe(false);
  });

  it("pkijs follows its chain to the authority", async () => {
    const signature = await (await createSigner(material)).sign(manifest, at);
    const trusted = pkijs.Certificate.fromBER(material.issuerCertificate);
    const chain = {
      signer: 0,
      data: manifest.slice().buffer,
      checkChain: true,
      trustedCerts: [trusted],
      checkDate: at,
    };
    expect(await parse(signature).signedData.verify(chain)).toBe(true);
  });

  it("WebCrypto verifies it over the attributes as a SET OF, and not as they are embedded", async () => {
    const { signer } = parse(await (await createSigner(material)).sign(manifest, at));
    const attributes = signedAttributes(signer);
    const signature = signer.signature.valueBlock.valueHexView;
    const verified = (bytes: Uint8Array) => crypto.subtle.verify("RSASSA-PKCS1-v1_5", leafPublicKey, signature, bytes);
    expect(await verified(attributes)).toBe(true);
    attributes[0] = 0xa0;
    expect(await verified(attributes)).toBe(false);
  });

  it("an elliptic key signs, too", async () => {
    const signature = await (await createSigner(elliptic)).sign(manifest, at);
    const { signer } = parse(signature);
    expect(signer.signatureAlgorithm.algorithmId).toBe("1.2.840.10045.4.3.2");
    expect(signer.digestAlgorithm.algorithmId).toBe("2.16.840.1.101.3.4.2.1");
    expect(await verify(signature, manifest)).toBe(true);
    await expect(verify(signature, new TextEncoder().encode("{}")).catch(() => false)).resolves.toBe(false);
    const raw = rawEcdsa(signer.signature.valueBlock.valueHexView);
    const algorithm = { name: "ECDSA", hash: "SHA-256" };
    expect(await crypto.subtle.verify(algorithm, ellipticPublicKey, raw, signedAttributes(signer))).toBe(true);
  });
});

/** SEQUENCE { r, s } as the 64 bytes that WebCrypto takes. */
function rawEcdsa(der: Uint8Array): Uint8Array {
  const { result } = asn1js.fromBER(der);
  const integers = (result as asn1js.Sequence).valueBlock.value as asn1js.Integer[];
  const raw = new Uint8Array(64);
  for (const [index, integer] of integers.entries()) {
    const bytes = integer.valueBlock.valueHexView;
    const digits = bytes.subarray(Math.max(0, bytes.length - 32));
    raw.set(digits, index * 32 + 32 - digits.length);
  }
  return raw;
}

describe("the certificate of a sandbox", () => {
  const nameOf = (name: pkijs.RelativeDistinguishedNames) =>
    Object.fromEntries(name.typesAndValues.map(({ type, value }) => [type, value.valueBlock.value as string]));
  const extensionOf = (certificate: pkijs.Certificate, id: string) =>
    certificate.extensions!.find(({ extnID }) => extnID === id);

  it("is shaped as Apple's: pass type in UID, CN and its own extension, team in OU", () => {
    const leaf = pkijs.Certificate.fromBER(material.certificate);
    expect(nameOf(leaf.subject)).toEqual({
      "0.9.2342.19200300.100.1.1": "pass.com.example.fern",
      "2.5.4.3": "Pass Type ID with NFC: pass.com.example.fern",
      "2.5.4.11": "A1B2C3D4E5",
      "2.5.4.10": "WePass Sandbox",
      "2.5.4.6": "US",
    });
    const passType = extensionOf(leaf, "1.2.840.113635.100.6.1.16")!;
    const { result } = asn1js.fromBER(passType.extnValue.valueBlock.valueHexView);
    expect((result as asn1js.Utf8String).valueBlock.value).toBe("pass.com.example.fern");
    const usage = extensionOf(leaf, "2.5.29.37")!.parsedValue as pkijs.ExtKeyUsage;
    expect(usage.keyPurposes).toEqual(["1.2.840.113635.100.4.14"]);
  });

  it("may sign and issue nothing, and its authority may issue", () => {
    const leaf = pkijs.Certificate.fromBER(material.certificate);
    const authority = pkijs.Certificate.fromBER(material.issuerCertificate);
    expect((extensionOf(leaf, "2.5.29.19")!.parsedValue as pkijs.BasicConstraints).cA).toBe(false);
    expect((extensionOf(authority, "2.5.29.19")!.parsedValue as pkijs.BasicConstraints).cA).toBe(true);
    const usage = (certificate: pkijs.Certificate) =>
      (extensionOf(certificate, "2.5.29.15")!.parsedValue as asn1js.BitString).valueBlock.valueHexView[0];
    expect(usage(leaf)).toBe(0b1000_0000);
    expect(usage(authority)).toBe(0b0000_0110);
  });

  it("is issued and signed by the authority, which signs itself", async () => {
    const leaf = pkijs.Certificate.fromBER(material.certificate);
    const authority = pkijs.Certificate.fromBER(material.issuerCertificate);
    expect(leaf.issuer.isEqual(authority.subject)).toBe(true);
    expect(authority.issuer.isEqual(authority.subject)).toBe(true);
    expect(await leaf.verify(authority)).toBe(true);
    expect(await authority.verify()).toBe(true);
    const keyId = extensionOf(authority, "2.5.29.14")!.parsedValue as asn1js.OctetString;
    const issuerKeyId = extensionOf(leaf, "2.5.29.35")!.parsedValue as pkijs.AuthorityKeyIdentifier;
    expect(hex(issuerKeyId.keyIdentifier!.valueBlock.valueHexView)).toBe(hex(keyId.valueBlock.valueHexView));
  });

  it("is valid from an hour before it was issued, for ten years, and the authority for thirty", () => {
    const valid = (der: Uint8Array) => {
      const { notBefore, notAfter } = pkijs.Certificate.fromBER(der);
      return [notBefore, notAfter].map(({ value }) => value.toISOString());
    };
    expect(valid(material.certificate)).toEqual(["2026-05-01T11:00:00.000Z", "2036-05-01T11:00:00.000Z"]);
    expect(valid(material.issuerCertificate)).toEqual(["2026-05-01T11:00:00.000Z", "2056-05-01T11:00:00.000Z"]);
  });

  it("has a positive serial number of 16 bytes, another for each certificate", () => {
    const serials = [material.certificate, elliptic.certificate, material.issuerCertificate].map(
      (der) => pkijs.Certificate.fromBER(der).serialNumber.valueBlock.valueHexView,
    );
    for (const serial of serials) {
      expect(serial).toHaveLength(16);
      expect(serial[0]! & 0x80).toBe(0);
    }
    expect(new Set(serials.map(hex)).size).toBe(3);
  });
});
