import type { CertificateFacts } from "../certificate";
import { openPkcs12, type Pkcs12Result } from "../pkcs12";
import type { PemBlock } from "../pem";
import { readPrivateKey, type PrivateKeyProblem } from "../private-key";
import { isKeyOf } from "../signing-key";
import { nothingKnown } from "./bundle";
import type { CauseCode } from "./causes/table";
import { checkDates, checkKeyKind, checkKind, summarize } from "./certificate";
import type { ExaminationFacts, ExaminationOptions, Finding } from "./examination";
import { found } from "./finding";
import { certificatesMax, checkIssuer, readAll } from "./issuer";

/** Certificates and keys as files: whether passes can be signed with them. Nothing of a key is ever repeated. */

interface CredentialExamination {
  findings: Finding[];
  facts: ExaminationFacts | null;
}

/** PEM with one or more certificates, and perhaps a key. */
export async function examineCertificates(
  blocks: PemBlock[],
  options: ExaminationOptions,
): Promise<CredentialExamination> {
  const ders = blocks
    .filter(({ label }) => label.endsWith("CERTIFICATE"))
    .map(({ der }) => der)
    .slice(0, certificatesMax);
  const keys = blocks.filter(({ label }) => label.endsWith("PRIVATE KEY"));
  const certificates = await readAll(ders);
  if (certificates.length < ders.length) {
    const seen = `${ders.length - certificates.length} of ${ders.length} certificates`;
    return { findings: [found("certificate_corrupt", null, seen)], facts: null };
  }
  const key = keys.length > 0 ? readPrivateKey(keys.map(({ text }) => text).join("\n"), options.password) : null;
  const opened = key?.ok ? key.pkcs8 : null;
  const { findings, facts } = await examineSet(certificates, opened, options);
  return { findings: [...findings.filter(isNoMissingIssuer), ...(key && !key.ok ? [keyFinding(key)] : [])], facts };
}

const isNoMissingIssuer = ({ code }: Finding): boolean => code !== "intermediate_missing";

export async function examinePkcs12(file: Uint8Array, options: ExaminationOptions): Promise<CredentialExamination> {
  const opened = await openPkcs12(file, options.password);
  if (!opened.ok)
    return { findings: [found(pkcs12Code(opened.code, options.password), null, opened.detail)], facts: null };
  const certificates = await readAll(opened.certificates);
  const missing: Finding[] = [];
  if (!opened.privateKey) missing.push(found("pkcs12_without_key", null, `${certificates.length} certificates`));
  if (certificates.length === 0) {
    return { findings: [...missing, found("pkcs12_without_certificate", null, "no certificate")], facts: null };
  }
  const { findings, facts } = await examineSet(certificates, opened.privateKey, options);
  const own = findings.map((finding) =>
    isNoMissingIssuer(finding) ? finding : found("pkcs12_without_intermediate", null, finding.seen),
  );
  return { findings: [...missing, ...own], facts };
}

type Pkcs12Problem = Extract<Pkcs12Result, { ok: false }>["code"];

const pkcs12Codes: Record<Pkcs12Problem, CauseCode> = {
  not_pkcs12: "pkcs12_corrupt",
  legacy_pkcs12: "legacy_pkcs12",
  unsupported_pkcs12: "pkcs12_unsupported",
  wrong_password: "pkcs12_wrong_password",
};

const pkcs12Code = (code: Pkcs12Problem, password: string | undefined): CauseCode =>
  code === "wrong_password" && !password ? "pkcs12_password_missing" : pkcs12Codes[code];

export function examineKey(file: Uint8Array, options: ExaminationOptions): CredentialExamination {
  const key = readPrivateKey(file, options.password);
  if (!key.ok) return { findings: [keyFinding(key)], facts: null };
  return { findings: [found("key_alone", null, `a private key, ${key.keyType} of ${key.keyBits} bits`)], facts: null };
}

const keyCodes: Partial<Record<PrivateKeyProblem, CauseCode>> = {
  passphrase_required: "key_password_missing",
  wrong_passphrase: "key_wrong_password",
};

const keyFinding = ({ code, detail }: { code: PrivateKeyProblem; detail: string }): Finding =>
  found(keyCodes[code] ?? "key_unreadable", null, detail);

/** Of several certificates that of the key, or the first that is no issuer's; the others are its chain. */
async function examineSet(
  certificates: CertificateFacts[],
  key: Uint8Array | null,
  options: ExaminationOptions,
): Promise<CredentialExamination> {
  const leaves = certificates.filter(({ certificateAuthority }) => !certificateAuthority);
  const matches = await Promise.all(leaves.map(async (leaf) => key !== null && (await isKeyOf(leaf, key))));
  const leaf = leaves[matches.indexOf(true)] ?? leaves[0] ?? certificates[0]!;
  const kind = checkKind(leaf, null);
  const isPassType = kind.every(
    ({ code }) => code !== "certificate_is_authority" && code !== "certificate_not_pass_type",
  );
  const others = certificates.filter((each) => each !== leaf);
  const issuer = isPassType ? await checkIssuer(leaf, others, options) : [];
  const judged = isPassType ? [...checkDates(leaf, null, options.now), ...checkKeyKind(leaf, null)] : [];
  const seen = `the key is not that of ${leaf.subject.commonName ?? "the certificate"}`;
  const isOther = key !== null && isPassType && !matches.includes(true);
  return {
    findings: [
      ...kind,
      ...judged,
      ...issuer.map((finding) => ({ ...finding, path: null })),
      ...(isOther ? [found("key_mismatch", null, seen)] : []),
    ],
    facts: {
      ...nothingKnown,
      passTypeIdentifier: leaf.passTypeIdentifier,
      teamIdentifier: leaf.teamIdentifier,
      certificate: summarize(leaf),
    },
  };
}
