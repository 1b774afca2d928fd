import * as asn1js from "asn1js";
import * as pkijs from "pkijs";

/**
 * The signature of a pass: detached CMS SignedData over manifest.json (RFC 5652), SHA-256, with the signed
 * attributes contentType, signingTime and messageDigest, and the certificates of the signer and its issuer.
 */

export interface SigningMaterial {
  /** DER. */
  certificate: Uint8Array;
  issuerCertificate: Uint8Array;
  /** RSASSA-PKCS1-v1_5 with SHA-256, or ECDSA P-256 (unproven on devices). */
  key: CryptoKey;
}

export interface Signer {
  /** Answers the DER of the ContentInfo. `now` is kept to the second. */
  sign(manifest: Uint8Array, now: Date): Promise<Uint8Array>;
}

const oid = {
  data: "1.2.840.113549.1.7.1",
  signedData: "1.2.840.113549.1.7.2",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingTime: "1.2.840.113549.1.9.5",
};

/**
 * A signer for one certificate. For RSA everything but digest, time and signature is the same in each
 * signature, so the structure is assembled once and filled in; a test holds it against `buildSignedData`.
 */
export async function createSigner(material: SigningMaterial): Promise<Signer> {
  if (material.key.algorithm.name !== "RSASSA-PKCS1-v1_5") {
    return { sign: (manifest, now) => buildSignedData(material, manifest, now) };
  }
  const form = await makeForm(material);
  return {
    async sign(manifest, now) {
      if (!isUtcTime(now)) return buildSignedData(material, manifest, now);
      const digest = await crypto.subtle.digest("SHA-256", manifest);
      const attributes = form.attributes.slice();
      attributes.set(new Uint8Array(digest), form.digestAt);
      attributes.set(utcTime(now), form.timeAt);
      const signature = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", material.key, attributes);
      const signed = form.whole.slice();
      // Signed as SET OF (0x31), embedded as [0] IMPLICIT (0xa0): the tag differs, the rest is equal (RFC 5652 §5.4).
      signed.set(attributes.subarray(1), form.attributesAt + 1);
      signed.set(new Uint8Array(signature), form.signatureAt);
      return signed;
    },
  };
}

/** The same signature, assembled from nothing by pkijs. */
export async function buildSignedData(material: SigningMaterial, manifest: Uint8Array, now: Date): Promise<Uint8Array> {
  const signedData = await signWithPkijs(material, manifest, now);
  return toDer(signedData);
}

async function signWithPkijs(material: SigningMaterial, manifest: Uint8Array, now: Date): Promise<pkijs.SignedData> {
  const certificate = pkijs.Certificate.fromBER(material.certificate);
  const issuer = pkijs.Certificate.fromBER(material.issuerCertificate);
  const digest = await crypto.subtle.digest("SHA-256", manifest);
  const attributes = [
    new pkijs.Attribute({ type: oid.contentType, values: [new asn1js.ObjectIdentifier({ value: oid.data })] }),
    new pkijs.Attribute({ type: oid.signingTime, values: [signingTime(now)] }),
    new pkijs.Attribute({ type: oid.messageDigest, values: [new asn1js.OctetString({ valueHex: digest })] }),
  ];
  const signedData = new pkijs.SignedData({
    version: 1,
    encapContentInfo: new pkijs.EncapsulatedContentInfo({ eContentType: oid.data }),
    certificates: [certificate, issuer],
    signerInfos: [
      new pkijs.SignerInfo({
        version: 1,
        sid: new pkijs.IssuerAndSerialNumber({ issuer: certificate.issuer, serialNumber: certificate.serialNumber }),
        signedAttrs: new pkijs.SignedAndUnsignedAttributes({ type: 0, attributes: derSorted(attributes) }),
      }),
    ],
  });
  // The third argument is required: without it pkijs falls back to SHA-1.
  await signedData.sign(material.key, 0, "SHA-256", manifest);
  // RFC 5754 §3.2: with RSA the parameters must be NULL, and pkijs leaves them out. ECDSA has none (§3.3).
  const { signatureAlgorithm } = signedData.signerInfos[0]!;
  if (material.key.algorithm.name === "RSASSA-PKCS1-v1_5") signatureAlgorithm.algorithmParams = new asn1js.Null();
  return signedData;
}

/** DER wants a SET OF in the order of its encodings; pkijs signs attributes in the order it is given. */
function derSorted(attributes: pkijs.Attribute[]): pkijs.Attribute[] {
  const encoded = attributes.map((attribute) => ({
    attribute,
    der: new Uint8Array(attribute.toSchema().toBER(false)),
  }));
  encoded.sort((a, b) => compareBytes(a.der, b.der));
  return encoded.map(({ attribute }) => attribute);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    if (a[index] !== b[index]) return a[index]! - b[index]!;
  }
  return a.length - b.length;
}

function toDer(signedData: pkijs.SignedData): Uint8Array {
  const content = new pkijs.ContentInfo({ contentType: oid.signedData, content: signedData.toSchema(true) });
  return new Uint8Array(content.toSchema().toBER(false));
}

/** UTCTime until 2049, GeneralizedTime from 2050 on (RFC 5652 §11.3). */
const isUtcTime = (time: Date) => time.getUTCFullYear() >= 1950 && time.getUTCFullYear() < 2050;

function signingTime(now: Date): asn1js.UTCTime | asn1js.GeneralizedTime {
  const valueDate = new Date(Math.floor(now.getTime() / 1000) * 1000);
  return isUtcTime(now) ? new asn1js.UTCTime({ valueDate }) : new asn1js.GeneralizedTime({ valueDate });
}

/** The thirteen characters of a UTCTime, `YYMMDDhhmmssZ`. */
function utcTime(now: Date): Uint8Array {
  const digits = now.toISOString().replace(/\D/g, "");
  return new TextEncoder().encode(`${digits.slice(2, 14)}Z`);
}

interface SignatureForm {
  whole: Uint8Array;
  attributes: Uint8Array;
  /** Offsets into `whole`. */
  attributesAt: number;
  signatureAt: number;
  /** Offsets into `attributes`. */
  digestAt: number;
  timeAt: number;
}

async function makeForm(material: SigningMaterial): Promise<SignatureForm> {
  const manifest = new TextEncoder().encode("{}");
  const now = new Date("2001-02-03T04:05:06Z");
  const signedData = await signWithPkijs(material, manifest, now);
  const signerInfo = signedData.signerInfos[0]!;
  const attributes = new Uint8Array(signerInfo.signedAttrs!.toSchema().toBER(false)).slice();
  attributes[0] = 0x31;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", manifest));
  const whole = toDer(signedData);
  return {
    whole,
    attributes,
    attributesAt: onlyIndexOf(whole, attributes.subarray(1)) - 1,
    signatureAt: onlyIndexOf(whole, signerInfo.signature.valueBlock.valueHexView),
    digestAt: onlyIndexOf(attributes, digest),
    timeAt: onlyIndexOf(attributes, utcTime(now)),
  };
}

function onlyIndexOf(bytes: Uint8Array, part: Uint8Array): number {
  const found: number[] = [];
  for (let start = 0; start + part.length <= bytes.length; start += 1) {
    if (part.every((byte, index) => bytes[start + index] === byte)) found.push(start);
  }
  if (found.length !== 1) throw new Error(`expected the part once in the signature, found it ${found.length} times`);
  return found[0]!;
}
