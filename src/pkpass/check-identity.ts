import type { Issue } from "../pass-model/issue";
import type { Warning } from "../pass-model/resolved-pass";
import { isIssuedBy, type CertificateFacts } from "./certificate";
import { certificateKindInWords } from "./certificate-kind";
import { checkDates, checkKeyKind, checkKind, isPassType } from "./doctor/certificate";
import type { Finding } from "./doctor/examination";
import { checkIssuer, describe } from "./doctor/issuer";

/**
 * Whether a certificate may become one under which passes are signed. The doctor's checks say what a certificate
 * is; here stands what follows for an import: every finding is an issue with what was seen and how to mend it.
 */

export interface IdentityFindings {
  issues: Issue[];
  warnings: Warning[];
}

/** The certificate by itself. What is no pass type certificate is judged no further. */
export function checkPassCertificate(certificate: CertificateFacts, pointer: string, now: number): IdentityFindings {
  if (certificate.certificateAuthority || !isPassType(certificate)) {
    const where = "Make one at developer.apple.com → Identifiers → Pass Type IDs";
    const detail = `this is ${certificateKindInWords(certificate)}, and passes are signed under a Pass Type ID certificate. ${where}`;
    return { issues: [{ pointer, code: "not_a_pass_certificate", detail }], warnings: [] };
  }
  const findings = [
    ...checkKind(certificate, null),
    ...checkDates(certificate, null, now),
    ...checkKeyKind(certificate, null),
  ];
  return sorted(findings, pointer);
}

/** What only warns of a pass that is there already, and must not begin. */
const refusedAtImport = new Set(["certificate_key_weak"]);

/** Whether `issuer` is one that counts, is valid, and did issue the certificate. */
export async function checkIssuerOf(
  certificate: CertificateFacts,
  issuer: CertificateFacts | null,
  pointer: string,
  trusted: { fingerprints: readonly string[]; now: number },
): Promise<IdentityFindings> {
  const sameName = issuer && JSON.stringify(certificate.issuer) === JSON.stringify(issuer.subject);
  if (sameName && !(await isIssuedBy(certificate, issuer))) {
    const who = describe(certificate.issuer);
    const detail = `the certificate names ${who} as its issuer, and the key of the ${who} given did not sign it. Download both from Apple again`;
    return { issues: [{ pointer, code: "issuer_signature_wrong", detail }], warnings: [] };
  }
  const { fingerprints, now } = trusted;
  const options = { now, authorities: [], issuerFingerprints: fingerprints };
  return sorted(await checkIssuer(certificate, issuer ? [issuer] : [], options), pointer);
}

function sorted(findings: Finding[], pointer: string): IdentityFindings {
  const result: IdentityFindings = { issues: [], warnings: [] };
  for (const { code, severity, seen, why, remedy } of findings) {
    const member = { pointer, code, detail: `${seen}: ${why} ${remedy}` };
    if (severity === "error" || refusedAtImport.has(code)) result.issues.push(member);
    else if (severity === "warning") result.warnings.push(member);
  }
  return result;
}
