import type * as asn1js from "asn1js";
import * as pkijs from "pkijs";
import { oid } from "./apple-oids";
import type { CertificateFacts } from "./certificate";
import { createSigner } from "./sign";

const rsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;
const elliptic = { name: "ECDSA", namedCurve: "P-256" } as const;

/** A PKCS#8 key as WebCrypto signs with it: RSASSA-PKCS1-v1_5 or ECDSA on P-256, both with SHA-256. */
export function importSigningKey(pkcs8: Uint8Array): Promise<CryptoKey> {
  const { algorithmId } = pkijs.PrivateKeyInfo.fromBER(pkcs8).privateKeyAlgorithm;
  return crypto.subtle.importKey("pkcs8", pkcs8, algorithmId === oid.ellipticKey ? elliptic : rsa, false, ["sign"]);
}

export const isKeyOf = async (certificate: CertificateFacts, pkcs8: Uint8Array): Promise<boolean> =>
  (await certificatesOf(pkcs8, [certificate])).length > 0;

/**
 * Those whose key it is, proved by one signature that is verified with each (X509Certificate.checkPrivateKey answers
 * false for a matching key in workerd).
 */
export async function certificatesOf(pkcs8: Uint8Array, certificates: CertificateFacts[]): Promise<CertificateFacts[]> {
  const probe = new TextEncoder().encode("WePass");
  // Throws for keys that WebCrypto does not take, and where the two are of different kinds.
  const sign = async () => {
    const key = await importSigningKey(pkcs8);
    const how = { name: key.algorithm.name, hash: "SHA-256" };
    return { how, signature: await crypto.subtle.sign(how, key, probe) };
  };
  const signed = await sign().catch(() => null);
  if (!signed) return [];
  const verify = async ({ keyType, publicKey }: CertificateFacts) => {
    const algorithm = keyType === "EC" ? elliptic : rsa;
    const key = await crypto.subtle.importKey("spki", publicKey, algorithm, false, ["verify"]);
    return crypto.subtle.verify(signed.how, key, signed.signature, probe);
  };
  const matches = await Promise.all(certificates.map((certificate) => verify(certificate).catch(() => false)));
  return certificates.filter((_, index) => matches[index]);
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
