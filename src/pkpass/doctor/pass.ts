import type { JsonObject } from "../../pass-model/resolved-pass";
import { isObject } from "../apple-json";
import type { CertificateFacts } from "../certificate";
import { authorityName } from "../sandbox-authority";
import { checkBarcodes } from "./barcodes";
import { summarize, iso } from "./certificate";
import type { ExaminationFacts, ExaminationOptions, Finding } from "./examination";
import { checkFields, type Announcing } from "./fields";
import { found, show } from "./finding";
import { checkImages, isPicture, slotsOf } from "./images";
import { readPassJson } from "./json-text";
import { checkAllSemantics, checkLayoutKeys, checkNulls } from "./layouts";
import { checkManifest } from "./manifest";
import { at, checkMembers } from "./members";
import { checkNfc } from "./nfc";
import type { PackageContent } from "./package";
import { checkPersonalization, hasPersonalization } from "./personalization";
import { checkRelevance } from "./relevance";
import { checkSignature, type SignatureReading } from "./signature";
import { checkStrings } from "./strings";
import { checkStyle, styleDictionaries } from "./style";
import { checkWebService } from "./web-service";

interface PassExamination {
  findings: Finding[];
  facts: ExaminationFacts;
  pass: JsonObject | null;
  files: Record<string, Uint8Array>;
}

/** One `.pkpass` that was opened: what it is signed with, and then its content. */
export async function examinePass(content: PackageContent, options: ExaminationOptions): Promise<PassExamination> {
  const manifest = checkManifest(content);
  const { pass, findings: inJson } = readPass(content);
  const signature = await checkSignature(content, options);
  const strings = checkStrings(content);
  return {
    findings: [
      ...content.findings,
      ...manifest.findings,
      ...signature.findings,
      ...inJson,
      ...(pass ? await checkContent(pass, content, strings.announcing, signature, options.now) : []),
      ...checkImages(content, pass, manifest),
      ...strings.findings,
      ...checkPersonalization(content, pass, signature.signer?.nfc ?? true),
      ...checkUnused(content, manifest.unlisted),
    ],
    facts: describePass(pass, signature),
    pass,
    files: content.files,
  };
}

function readPass({ files, unreadable }: PackageContent): { pass: JsonObject | null; findings: Finding[] } {
  const bytes = files["pass.json"];
  if (bytes) return readPassJson(bytes);
  return {
    pass: null,
    findings: unreadable.has("pass.json") ? [] : [found("pass_json_missing", "pass.json", "it is missing")],
  };
}

async function checkContent(
  pass: JsonObject,
  content: PackageContent,
  announcing: Announcing,
  { signer }: SignatureReading,
  now: number,
): Promise<Finding[]> {
  // Whose pass it is cannot be told without a signature, which is a finding of its own.
  const isSandbox = signer === null || signer.issuer.organization === authorityName.organization;
  return [
    ...checkNulls(pass),
    ...checkMembers(pass),
    ...checkStyle(pass),
    ...checkWebService(pass, isSandbox),
    ...checkFields(pass, announcing),
    ...checkBarcodes(pass),
    ...checkRelevance(pass, now),
    ...(await checkNfc(pass)),
    ...checkLayoutKeys(pass, slotsOf(content)),
    ...checkAllSemantics(pass),
    ...(signer ? matchCertificate(pass, content, signer) : []),
  ];
}

function matchCertificate(pass: JsonObject, content: PackageContent, signer: CertificateFacts): Finding[] {
  const { passTypeIdentifier, teamIdentifier, nfc } = signer;
  const findings: Finding[] = [];
  // What the certificate itself lacks is told with it.
  if (passTypeIdentifier?.startsWith("pass.") && isOther(pass.passTypeIdentifier, passTypeIdentifier)) {
    const seen = `${show(pass.passTypeIdentifier)}, and the certificate is for ${show(passTypeIdentifier)}`;
    findings.push(found("certificate_pass_type_mismatch", at("passTypeIdentifier"), seen));
  }
  if (teamIdentifier !== null && isOther(pass.teamIdentifier, teamIdentifier)) {
    const seen = `${show(pass.teamIdentifier)}, and the certificate is of ${show(teamIdentifier)}`;
    findings.push(found("certificate_team_mismatch", at("teamIdentifier"), seen));
  }
  const needsNfc = isObject(pass.nfc) ? at("nfc") : hasPersonalization(content) ? "personalization.json" : null;
  if (needsNfc && !nfc) {
    findings.push(found("nfc_certificate_required", needsNfc, `signed by ${show(signer.subject.commonName)}`));
  }
  return findings;
}

/** What is missing or of another type is told with the members. */
const isOther = (value: unknown, wanted: string | null): boolean =>
  typeof value === "string" && value !== "" && value !== wanted;

/** Files of the package that are no pictures. Apple's own tools leave tooling.json. */
const knownFiles =
  /^(?:pass\.json|manifest\.json|signature|personalization\.json|tooling\.json|[^/]+\.lproj\/pass\.strings)$/;

function checkUnused({ files }: PackageContent, unlisted: ReadonlySet<string>): Finding[] {
  return Object.keys(files)
    .filter((path) => !knownFiles.test(path) && !isPicture(path) && !unlisted.has(path))
    .map((path) => {
      const isForeignPicture = /\.(?:svg|jpe?g|gif|webp|heic|pdf|tiff?|bmp)$/i.test(path);
      return found(isForeignPicture ? "image_format_unsupported" : "file_unused", path, path);
    });
}

function describePass(pass: JsonObject | null, { signer, signedAt }: SignatureReading): ExaminationFacts {
  const text = (key: string) => {
    const value = pass?.[key];
    return typeof value === "string" ? value : null;
  };
  return {
    passTypeIdentifier: text("passTypeIdentifier"),
    teamIdentifier: text("teamIdentifier"),
    serialNumber: text("serialNumber"),
    organizationName: text("organizationName"),
    style: (pass && styleDictionaries(pass)[0]?.name) ?? null,
    signedAt: signedAt === null ? null : iso(signedAt),
    passes: 1,
    certificate: signer && summarize(signer),
  };
}
