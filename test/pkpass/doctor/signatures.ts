import * as asn1js from "asn1js";
import * as pkijs from "pkijs";
import type { SigningMaterial } from "../../../src/pkpass/sign";
import { now } from "./certificates";

/** Signatures of a manifest that are wrong in one point, and otherwise as they should be. */

const oid = {
  data: "1.2.840.113549.1.7.1",
  signedData: "1.2.840.113549.1.7.2",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingTime: "1.2.840.113549.1.9.5",
};

export interface SignatureOptions {
  digest?: "SHA-1" | "SHA-256";
  /** Names of the signed attributes, in order; null for none. */
  attributes?: (keyof typeof oid)[] | null;
  signedAt?: number;
  signers?: number;
  /** DER; those of the material if absent. */
  certificates?: Uint8Array[];
  content?: boolean;
}

export async function sign(
  material: SigningMaterial,
  manifest: Uint8Array,
  options: SignatureOptions = {},
): Promise<Uint8Array> {
  const { digest = "SHA-256", signers = 1, attributes = ["contentType", "signingTime", "messageDigest"] } = options;
  const certificate = pkijs.Certificate.fromBER(material.certificate);
  const hash = await crypto.subtle.digest(digest, manifest.slice());
  const values: Record<string, asn1js.BaseBlock> = {
    contentType: new asn1js.ObjectIdentifier({ value: oid.data }),
    signingTime: new asn1js.UTCTime({ valueDate: new Date(options.signedAt ?? now) }),
    messageDigest: new asn1js.OctetString({ valueHex: hash }),
  };
  const signedAttributes = (names: (keyof typeof oid)[]) =>
    new pkijs.SignedAndUnsignedAttributes({
      type: 0,
      attributes: names.map((name) => new pkijs.Attribute({ type: oid[name], values: [values[name]!] })),
    });
  const signedData = new pkijs.SignedData({
    version: 1,
    encapContentInfo: new pkijs.EncapsulatedContentInfo({
      eContentType: oid.data,
      ...(options.content && { eContent: new asn1js.OctetString({ valueHex: manifest.slice().buffer }) }),
    }),
    certificates: (options.certificates ?? [material.certificate, material.issuerCertificate]).map((der) =>
      pkijs.Certificate.fromBER(der),
    ),
    signerInfos: Array.from(
      { length: signers },
      () =>
        new pkijs.SignerInfo({
          version: 1,
          sid: new pkijs.IssuerAndSerialNumber({ issuer: certificate.issuer, serialNumber: certificate.serialNumber }),
          ...(attributes && { signedAttrs: signedAttributes(attributes) }),
        }),
    ),
  });
  const key = digest === "SHA-1" ? await withSha1(material.key) : material.key;
  for (let index = 0; index < signers; index += 1) {
    await signedData.sign(key, index, digest, manifest.slice().buffer);
  }
  const wrapped = new pkijs.ContentInfo({ contentType: oid.signedData, content: signedData.toSchema(true) });
  return new Uint8Array(wrapped.toSchema().toBER(false));
}

/** A key is bound to its digest. */
async function withSha1(key: CryptoKey): Promise<CryptoKey> {
  const pkcs8 = (await crypto.subtle.exportKey("pkcs8", key)) as ArrayBuffer;
  return crypto.subtle.importKey("pkcs8", pkcs8, { name: "RSASSA-PKCS1-v1_5", hash: "SHA-1" }, true, ["sign"]);
}
