import { attempt } from "../attempt";
import { readCertificate } from "../certificate";
import { pkpassesMediaType, pkpassMediaType } from "../package";
import { readPemBlocks, toPem } from "../pem";
import { readPrivateKey } from "../private-key";
import { examineBundle } from "./bundle";
import { examineCertificates, examineKey, examinePkcs12 } from "./credentials";
import type { Examination, ExaminationOptions, Finding } from "./examination";
import { found } from "./finding";
import { describeFile } from "./look-alikes";
import { isBundleOf, openPackage, packageLimits } from "./package";
import { examinePass } from "./pass";
import { looksLikeZip } from "./zip";

/** Nobody reads more, and a hostile file could name millions. */
const findingsMax = 200;

/**
 * Examines a pass, a bundle of passes, a certificate, a PKCS#12 file or a private key, told apart by their
 * bytes. Never throws, whatever the bytes, and never repeats a key, a password or an authentication token.
 */
export async function examine(file: Uint8Array, options: ExaminationOptions): Promise<Examination> {
  const examination = looksLikeZip(file) ? await examineZip(file, options) : await examineCredential(file, options);
  const { findings } = examination;
  if (findings.length <= findingsMax) return examination;
  const cut = found("findings_cut", null, `${findings.length} findings, of which the first ${findingsMax} are listed`);
  return { ...examination, findings: [...findings.slice(0, findingsMax), cut] };
}

async function examineZip(file: Uint8Array, options: ExaminationOptions): Promise<Examination> {
  const limits = { ...packageLimits, ...(options.unpackedBytesMax && { unpackedBytesMax: options.unpackedBytesMax }) };
  const { content, findings } = openPackage(file, limits);
  if (!content) return { kind: "pkpass", findings, facts: null, pass: null };
  const paths = [...Object.keys(content.files), ...content.unreadable];
  if (isBundleOf(paths)) {
    const bundle = await examineBundle(content, options, limits);
    return {
      kind: "pkpasses",
      ...bundle,
      findings: [...checkMediaType("pkpasses", options), ...bundle.findings],
      pass: null,
    };
  }
  if (!paths.some((path) => partOfPass.test(path)) && findings.length === 0) return unknown(file);
  const pass = await examinePass(content, options);
  return { kind: "pkpass", ...pass, findings: [...checkMediaType("pkpass", options), ...pass.findings] };
}

const partOfPass = /^([^/]+\/)?(pass\.json|manifest\.json|signature|icon(@\dx)?\.png)$/i;

const mediaTypes = { pkpass: pkpassMediaType, pkpasses: pkpassesMediaType };

function checkMediaType(kind: keyof typeof mediaTypes, { mediaType }: ExaminationOptions): Finding[] {
  const type = mediaType?.split(";")[0]!.trim().toLowerCase();
  if (type === undefined || type === mediaTypes[kind]) return [];
  const isOther = Object.values(mediaTypes).includes(type);
  const other = kind === "pkpass" ? "media_type_bundle_for_pass" : "media_type_pass_for_bundle";
  return [found(isOther ? other : "media_type_wrong", null, type === "" ? "none" : type.slice(0, 100))];
}

async function examineCredential(file: Uint8Array, options: ExaminationOptions): Promise<Examination> {
  const blocks = readPemBlocks(new TextDecoder("latin1").decode(file));
  if (blocks.some(({ label }) => label.endsWith("CERTIFICATE"))) {
    return { kind: "certificate", ...(await examineCertificates(blocks, options)), pass: null };
  }
  if (blocks.some(({ label }) => label.endsWith("PRIVATE KEY"))) {
    return { kind: "private_key", ...examineKey(file, options), pass: null };
  }
  if ((await readCertificate(file)).ok) {
    const [block] = readPemBlocks(toPem("CERTIFICATE", file));
    return { kind: "certificate", ...(await examineCertificates([block!], options)), pass: null };
  }
  if (looksLikePkcs12(file)) return { kind: "pkcs12", ...(await examinePkcs12(file, options)), pass: null };
  return isKeyInDer(file) ? { kind: "private_key", ...examineKey(file, options), pass: null } : unknown(file);
}

/** SEQUENCE { INTEGER 3, SEQUENCE … } with a length of one to four bytes, or an open one (RFC 7292 §4). */
function looksLikePkcs12(file: Uint8Array): boolean {
  const at = 2 + (file[1]! > 0x80 ? file[1]! & 0x7f : 0);
  return file[0] === 0x30 && file[at] === 2 && file[at + 1] === 1 && file[at + 2] === 3 && file[at + 3] === 0x30;
}

/** No password is tried for that: it would be twice the work. */
function isKeyInDer(file: Uint8Array): boolean {
  const key = attempt(() => readPrivateKey(file));
  return key !== null && (key.ok || !["no_private_key", "certificate_given", "public_key_given"].includes(key.code));
}

const unknown = (file: Uint8Array): Examination => ({
  kind: "unknown",
  findings: [found("unknown_file", null, describeFile(file))],
  facts: null,
  pass: null,
});
