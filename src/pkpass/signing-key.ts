import type * as asn1js from "asn1js";
import * as pkijs from "pkijs";
import type { CertificateFacts } from "./certificate";
import { createSigner } from "./sign";

const rsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;
const elliptic = { name: "ECDSA", namedCurve: "P-256" } as const;
const ellipticKeyOid = "1.2.840.10045.2.1";

/** A PKCS#8 key as WebCrypto signs with it: RSASSA-PKCS1-v1_5 or ECDSA on P-256, both with SHA-256. */
export function importSigningKey(pkcs8: Uint8Array): Promise<CryptoKey> {
  const { algorithmId } = pkijs.PrivateKeyInfo.fromBER(pkcs8).privateKeyAlgorithm;
  return crypto.subtle.importKey("pkcs8", pkcs8, algorithmId === ellipticKeyOid ? elliptic : rsa, false, ["sign"]);
}

/**
 * Whether the key is the certificate's, proved by signing and verifying (X509Certificate.checkPrivateKey answers
 * false for a matching key in workerd).
 */
export async function isKeyOf(certificate: CertificateFacts, pkcs8: Uint8Array): Promise<boolean> {
  const probe = new TextEncoder().encode("WePass");
  try {
    const key = await importSigningKey(pkcs8);
    const algorithm = certificate.keyType === "EC" ? elliptic : rsa;
    const publicKey = await crypto.subtle.importKey("spki", certificate.publicKey, algorithm, false, ["verify"]);
    const how = { name: key.algorithm.name, hash: "SHA-256" };
    return await crypto.subtle.verify(how, publicKey, await crypto.subtle.sign(how, key, probe), probe);
  } catch {
    // Of different kinds, or of a kind that signs no pass.
    return false;
  }
}

/** Signs a manifest as a pass does and verifies that, through the certificate and its issuer: the last check before both are used. */
export async function testSignature(
  material: { certificate: Uint8Array; issuerCertificate: Uint8Array; pkcs8: Uint8Array },
  now: Date,
): Promise<boolean> {
  const manifest = new TextEncoder().encode('{"pass.json":"da39a3ee5e6b4b0d3255bfef95601890afd80709"}');
  const signer = await createSigner({ ...material, key: await importSigningKey(material.pkcs8) });
  const { content } = pkijs.ContentInfo.fromBER(await signer.sign(manifest, now));
  const signedData = new pkijs.SignedData({ schema: content as asn1js.Sequence });
  try {
    return await signedData.verify({
      signer: 0,
      data: manifest.slice().buffer as ArrayBuffer,
      checkChain: true,
      trustedCerts: [pkijs.Certificate.fromBER(material.issuerCertificate)],
      checkDate: now,
    });
  } catch {
    return false;
  }
}
