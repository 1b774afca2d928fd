import { isIssuedBy, readCertificate, type CertificateFacts } from "../certificate";
import type { NameParts } from "../distinguished-name";
import { authorityName } from "../sandbox-authority";
import type { ExaminationOptions, Finding } from "./examination";
import { found } from "./finding";

/**
 * Whether a pass type certificate comes from an issuer that Wallet trusts. `others` are the certificates that
 * came with it, and `intermediate_missing` says that the issuer's is not among them.
 */
export async function checkIssuer(
  certificate: CertificateFacts,
  others: CertificateFacts[],
  options: Pick<ExaminationOptions, "now" | "authorities" | "issuerFingerprints">,
): Promise<Finding[]> {
  const authorities = await readAll(options.authorities);
  const parent = await findIssuer(certificate, others);
  if (parent) {
    const isTrusted = [...options.issuerFingerprints, ...authorities.map((each) => each.fingerprint)].includes(
      parent.fingerprint,
    );
    return isTrusted ? checkValidity(parent, options.now) : [untrusted(certificate, parent)];
  }
  const isKnown = (await findIssuer(certificate, authorities)) !== null || generationOf(certificate.issuer) === "G4";
  if (!isKnown || certificate.selfSigned) return [untrusted(certificate, null)];
  const other = others.find(({ subject }) => generationOf(subject) !== null);
  if (!other) return [found("intermediate_missing", "signature", `no certificate of ${describe(certificate.issuer)}`)];
  const [is, wanted] = [describe(other.subject), describe(certificate.issuer)];
  if (is === wanted) return [found("issuer_not_apple", "signature", `it names ${wanted}, whose key did not sign it`)];
  return [found("intermediate_wrong", "signature", `it has ${is}; the issuer of the certificate is ${wanted}`)];
}

/** A chain has three; whoever puts in thousands wants us to be busy. */
export const certificatesMax = 20;

export async function readAll(ders: Uint8Array[]): Promise<CertificateFacts[]> {
  const read = await Promise.all(ders.slice(0, certificatesMax).map(readCertificate));
  return read.flatMap((result) => (result.ok ? [result.certificate] : []));
}

async function findIssuer(child: CertificateFacts, candidates: CertificateFacts[]): Promise<CertificateFacts | null> {
  for (const candidate of candidates) {
    if (candidate.fingerprint !== child.fingerprint && (await isIssuedBy(child, candidate))) return candidate;
  }
  return null;
}

function checkValidity({ subject, notBefore, notAfter }: CertificateFacts, now: number): Finding[] {
  if (now >= notBefore && now <= notAfter) return [];
  const dates = `${new Date(notBefore).toISOString()} to ${new Date(notAfter).toISOString()}`;
  return [found("intermediate_expired", "signature", `${describe(subject)} is valid from ${dates}`)];
}

/** `parent` is the certificate that did issue it, if it is there. */
function untrusted({ issuer, selfSigned }: CertificateFacts, parent: CertificateFacts | null): Finding {
  const generation = generationOf(issuer);
  if (selfSigned) return found("issuer_not_apple", "signature", "the certificate is signed by itself");
  if (issuer.commonName === authorityName.commonName && issuer.organization === authorityName.organization) {
    return found("issuer_sandbox", "signature", `issued by ${describe(issuer)}`);
  }
  if (generation !== null && generation !== "G4") {
    return found("issuer_outdated", "signature", `issued by ${describe(issuer)}`);
  }
  const impostor =
    parent && generation === "G4" ? `, which has Apple's name and the fingerprint ${parent.fingerprint}` : "";
  return found("issuer_not_apple", "signature", `issued by ${describe(issuer)}${impostor}`);
}

/** Which of Apple's Worldwide Developer Relations intermediates a name is; the first one has no number. */
export function generationOf({ commonName, organizationalUnit }: NameParts): string | null {
  if (!commonName?.startsWith("Apple Worldwide Developer Relations")) return null;
  return /^G\d+$/.exec(organizationalUnit ?? "")?.[0] ?? /G\d+$/.exec(commonName)?.[0] ?? "G1";
}

export function describe(name: NameParts): string {
  const generation = generationOf(name);
  if (generation) return `Apple's WWDR ${generation}`;
  return [name.commonName, name.organization].filter(Boolean).join(", ") || "an issuer without a name";
}
