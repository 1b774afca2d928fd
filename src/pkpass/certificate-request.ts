import * as asn1js from "asn1js";
import * as pkijs from "pkijs";
import { oid } from "./apple-oids";
import { distinguishedName } from "./distinguished-name";
import { readPemBlocks } from "./pem";

/** Certificate signing requests, PKCS#10 (RFC 2986): what Apple's portal takes, and what the sandbox's portal reads. */

export interface CertificateRequest {
  der: Uint8Array;
  /** PKCS#8. */
  privateKey: Uint8Array;
}

const keyAlgorithm = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

/** Makes an RSA-2048 key pair and the request for it. Of the names in it Apple keeps none; they tell requests apart. */
export async function makeCertificateRequest(subject: {
  commonName: string;
  emailAddress?: string | undefined;
}): Promise<CertificateRequest> {
  const keys = (await crypto.subtle.generateKey(keyAlgorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  const email: [string, string][] = subject.emailAddress ? [[oid.emailAddress, subject.emailAddress]] : [];
  const request = new pkijs.CertificationRequest({
    version: 0,
    subject: distinguishedName([...email, [oid.commonName, subject.commonName]]),
    // Absent they would be left out, and RFC 2986 §4.1 wants at least an empty set.
    attributes: [],
  });
  await request.subjectPublicKeyInfo.importKey(keys.publicKey);
  await request.sign(keys.privateKey, "SHA-256");
  // RFC 4055 §5: NULL, where pkijs leaves it out. It is no part of what is signed.
  request.signatureAlgorithm.algorithmParams = new asn1js.Null();
  const privateKey = new Uint8Array((await crypto.subtle.exportKey("pkcs8", keys.privateKey)) as ArrayBuffer);
  return { der: new Uint8Array(request.toSchema().toBER(false)), privateKey };
}

type CertificateRequestResult =
  | { ok: true; publicKey: CryptoKey }
  | { ok: false; code: "not_a_certificate_request" | "signature_wrong"; detail: string };

/** The public key of a request in PEM whose signature proves that the sender holds the private one. Never throws. */
export async function readCertificateRequest(text: string): Promise<CertificateRequestResult> {
  // Older tools say NEW CERTIFICATE REQUEST.
  const block = readPemBlocks(text).find(({ label }) => label.endsWith("CERTIFICATE REQUEST"));
  try {
    const { result } = asn1js.fromBER(block?.der ?? new Uint8Array());
    const request = new pkijs.CertificationRequest({ schema: result });
    if (!(await request.verify())) {
      const detail = "the request's signature is wrong: it was changed, or not copied whole";
      return { ok: false, code: "signature_wrong", detail };
    }
    return { ok: true, publicKey: await request.getPublicKey() };
  } catch {
    const detail =
      "expected a certificate signing request in PEM, which begins with -----BEGIN CERTIFICATE REQUEST-----";
    return { ok: false, code: "not_a_certificate_request", detail };
  }
}
