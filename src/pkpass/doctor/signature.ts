import { attempt } from "../attempt";
import { readCertificate, type CertificateFacts } from "../certificate";
import { checkDates, checkKeyKind, checkKind } from "./certificate";
import { readSignedData, type SignedData, type SignerInfo } from "./cms";
import type { ExaminationOptions, Finding } from "./examination";
import { found, show } from "./finding";
import { checkIssuer, readAll } from "./issuer";
import type { PackageContent } from "./package";

/** The detached CMS signature of manifest.json, verified as Wallet does it, and the certificate that made it. */

export interface SignatureReading {
  findings: Finding[];
  /** The certificate of the signer, if it signs passes at all. */
  signer: CertificateFacts | null;
  /** Epoch milliseconds. */
  signedAt: number | null;
}

const path = "signature";
const unread = (findings: Finding[]): SignatureReading => ({ findings, signer: null, signedAt: null });

export async function checkSignature(content: PackageContent, options: ExaminationOptions): Promise<SignatureReading> {
  const bytes = content.files.signature;
  if (!bytes) return unread(content.unreadable.has(path) ? [] : [found("signature_missing", path, "it is missing")]);
  const signedData = readSignedData(bytes);
  if (!signedData) return unread([found("signature_not_cms", path, describeStart(bytes))]);
  const findings = checkForm(signedData);
  const [signer] = signedData.signers;
  if (!signer) return unread(findings);
  const signedAt = signer.attributes?.signingTime ?? null;
  if (signedAt === null) {
    const seen = signer.attributes ? "the signed attributes have no signingTime" : "there are no signed attributes";
    findings.push(found("signature_signing_time_missing", path, seen));
  }
  const der = signedData.certificates.find(signer.matches);
  const read = der && (await readCertificate(der));
  if (!read?.ok) {
    const seen = `${signedData.certificates.length} certificates, none of them that of the signer`;
    return { findings: [...findings, found("signer_certificate_missing", path, seen)], signer: null, signedAt };
  }
  const { certificate } = read;
  const signature = await checkBytes(signer, certificate, content.files["manifest.json"]);
  findings.push(...signature);
  const kind = checkKind(certificate, path);
  findings.push(...kind, ...checkDates(certificate, path, options.now, signedAt), ...checkKeyKind(certificate, path));
  const isJudged = kind.every(({ code }) => !["certificate_not_pass_type", "certificate_is_authority"].includes(code));
  // A damaged certificate breaks both signatures, the one that it made and the one on it: one finding says so.
  if (isJudged && !signature.some(({ code }) => code === "signature_invalid")) {
    const others = await readAll(signedData.certificates.filter((each) => each !== der));
    findings.push(...(await checkIssuer(certificate, others, options)));
  }
  return { findings, signer: isJudged ? certificate : null, signedAt };
}

function checkForm({ hasContent, isIndefinite, signers }: SignedData): Finding[] {
  const findings: Finding[] = [];
  if (isIndefinite) findings.push(found("signature_not_der", path, "lengths are left open (BER)"));
  if (hasContent) findings.push(found("signature_not_detached", path, "the signed content is inside"));
  if (signers.length === 0) findings.push(found("signature_without_signer", path, "it has no signer"));
  if (signers.length > 1) findings.push(found("signature_several_signers", path, `${signers.length} signers`));
  return findings;
}

const digests: Record<string, string> = {
  "1.3.14.3.2.26": "SHA-1",
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};
/** rsaEncryption, or with the digest in it; ecdsa-with-SHA1 to SHA512. */
const rsaSignature = /^1\.2\.840\.113549\.1\.1\.(1|5|11|12|13)$/;
const ecSignature = /^1\.2\.840\.10045\.4\.(1|3\.[1-4])$/;

async function checkBytes(
  signer: SignerInfo,
  certificate: CertificateFacts,
  manifest: Uint8Array | undefined,
): Promise<Finding[]> {
  const { attributes, digestAlgorithm, signatureAlgorithm } = signer;
  const hash = digests[digestAlgorithm];
  if (!hash || !(rsaSignature.test(signatureAlgorithm) || ecSignature.test(signatureAlgorithm))) {
    const seen = `digest ${digestAlgorithm}, signature ${signatureAlgorithm}`;
    return [found("signature_algorithm_unknown", path, seen)];
  }
  const findings: Finding[] = [];
  if (hash === "SHA-1") findings.push(found("signature_sha1", path, "the digest is SHA-1"));
  if (attributes && !attributes.isSorted) {
    findings.push(found("signature_attributes_unsorted", path, "the signed attributes are not in DER's order"));
  }
  const signed = attributes ? [attributes.asEmbedded, attributes.sorted] : manifest ? [manifest] : [];
  if (signed.length > 0 && !(await verifiesAny(signed, signer.signature, certificate, hash))) {
    findings.push(found("signature_invalid", path, "it does not verify with the key of its certificate"));
  } else if (attributes && manifest) {
    const digest = new Uint8Array(await crypto.subtle.digest(hash, manifest.slice()));
    if (digest.join() !== attributes.messageDigest?.join()) {
      findings.push(
        found("signature_digest_mismatch", path, `it was made over another manifest.json (${hash} differs)`),
      );
    }
  }
  return findings;
}

/** Some signers sort the attributes only as they sign them, and embed them as they came. */
async function verifiesAny(
  candidates: Uint8Array[],
  signature: Uint8Array,
  { publicKey, keyType, keyBits }: CertificateFacts,
  hash: string,
): Promise<boolean> {
  const algorithm =
    keyType === "EC" ? { name: "ECDSA", namedCurve: `P-${keyBits}`, hash } : { name: "RSASSA-PKCS1-v1_5", hash };
  const bytes = keyType === "EC" ? rawEcdsa(signature, Math.ceil(keyBits / 8)) : signature;
  try {
    const key = await crypto.subtle.importKey("spki", publicKey.slice(), algorithm, false, ["verify"]);
    for (const candidate of candidates) {
      if (bytes && (await crypto.subtle.verify(algorithm, key, bytes.slice(), candidate.slice()))) return true;
    }
    return false;
  } catch {
    // A key that WebCrypto cannot read made no signature that Wallet could.
    return false;
  }
}

/** SEQUENCE { r INTEGER, s INTEGER } (RFC 3279 §2.2.3) as the two numbers that WebCrypto takes. */
function rawEcdsa(der: Uint8Array, length: number): Uint8Array | null {
  return attempt(() => {
    const raw = new Uint8Array(2 * length);
    let at = der[1]! < 0x80 ? 2 : 3;
    for (const index of [0, 1]) {
      const digits = der.subarray(at + 2, at + 2 + der[at + 1]!);
      const trimmed = digits.length > length ? digits.subarray(digits.length - length) : digits;
      raw.set(trimmed, index * length + length - trimmed.length);
      at += 2 + der[at + 1]!;
    }
    return raw;
  });
}

function describeStart(bytes: Uint8Array): string {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 24));
  return /^[\x20-\x7e\r\n]*$/.test(start) && start !== ""
    ? `it begins with ${show(start)}`
    : `${bytes.length} bytes of something else`;
}
