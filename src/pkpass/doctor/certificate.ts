import type { CertificateFacts } from "../certificate";
import { certificateKindInWords } from "../certificate-kind";
import type { CertificateSummary, Finding } from "./examination";
import { found } from "./finding";
import { describe } from "./issuer";

/** A certificate by itself (Apple, "Creating a Pass Type Identifier"): kind, validity and key. `path` is where it is. */

const expiryWarningMilliseconds = 30 * 86_400_000;
const rsaBitsMin = 2048;

export const isPassType = ({ passTypeIdentifier, extensionPassType, passSigning }: CertificateFacts): boolean =>
  passSigning || extensionPassType !== null || (passTypeIdentifier?.startsWith("pass.") ?? false);

/** At most one finding on the kind: what is no pass type certificate is judged no further. */
export function checkKind(certificate: CertificateFacts, path: string | null): Finding[] {
  const { subject, passTypeIdentifier, extensionPassType, passSigning } = certificate;
  if (certificate.certificateAuthority) return [found("certificate_is_authority", path, describe(subject))];
  if (!isPassType(certificate)) return [found("certificate_not_pass_type", path, certificateKindInWords(certificate))];
  const findings = checkSubject(certificate, path);
  const missing = [
    ...(passSigning ? [] : ["the extended key usage for signing passes (1.2.840.113635.100.4.14)"]),
    ...(extensionPassType === null ? ["the extension with the pass type (1.2.840.113635.100.6.1.16)"] : []),
  ];
  if (missing.length > 0) {
    const seen = `${describe(subject)} lacks ${missing.join(" and ")}`;
    findings.push(found("certificate_extensions_missing", path, seen));
  }
  if (extensionPassType !== null && passTypeIdentifier !== null && extensionPassType !== passTypeIdentifier) {
    const seen = `the extension names ${extensionPassType}, the subject ${passTypeIdentifier}`;
    findings.push(found("certificate_extension_mismatch", path, seen));
  }
  return findings;
}

const passTypePattern = /^pass\.[A-Za-z0-9.-]{1,200}$/;

/** Wallet holds pass type and team of a pass against the subject. */
function checkSubject(
  { passTypeIdentifier, teamIdentifier, subject }: CertificateFacts,
  path: string | null,
): Finding[] {
  const findings: Finding[] = [];
  if (passTypeIdentifier === null) findings.push(found("pass_type_missing", path, describe(subject)));
  else if (!passTypePattern.test(passTypeIdentifier)) {
    findings.push(found("pass_type_malformed", path, JSON.stringify(passTypeIdentifier)));
  }
  if (teamIdentifier === null) findings.push(found("team_missing", path, describe(subject)));
  return findings;
}

/** `signedAt` is the time in a signature that the certificate made, if there is one. Epoch milliseconds. */
export function checkDates(
  { notBefore, notAfter }: CertificateFacts,
  path: string | null,
  now: number,
  signedAt: number | null = null,
): Finding[] {
  const [from, until] = [iso(notBefore), iso(notAfter)];
  if (signedAt !== null && signedAt < notBefore) {
    return [found("signed_before_validity", path, `signed at ${iso(signedAt)}, valid from ${from}`)];
  }
  if (signedAt !== null && signedAt > notAfter) {
    return [found("signed_after_expiry", path, `signed at ${iso(signedAt)}, valid until ${until}`)];
  }
  if (now < notBefore) return [found("certificate_not_yet_valid", path, `valid from ${from}`)];
  if (now > notAfter) return [found("certificate_expired", path, `valid until ${until}`)];
  const isNear = now > notAfter - expiryWarningMilliseconds;
  return isNear ? [found("certificate_expires_soon", path, `valid until ${until}`)] : [];
}

export function checkKeyKind({ keyType, keyBits }: CertificateFacts, path: string | null): Finding[] {
  if (keyType === "RSA" && keyBits < rsaBitsMin) return [found("certificate_key_weak", path, `RSA, ${keyBits} bits`)];
  return keyType === "RSA" ? [] : [found("certificate_ec_key", path, `${keyType} key of ${keyBits} bits`)];
}

export const summarize = (certificate: CertificateFacts): CertificateSummary => ({
  subject: certificate.subject.commonName,
  issuer: describe(certificate.issuer),
  notBefore: iso(certificate.notBefore),
  notAfter: iso(certificate.notAfter),
  fingerprint: certificate.fingerprint,
  nfc: certificate.nfc,
  keyType: certificate.keyType,
  keyBits: certificate.keyBits || null,
});

/** Certificates can name times that no calendar has. */
export const iso = (milliseconds: number): string =>
  Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : "an impossible time";
