import type { Issue } from "../../pass-model/issue";
import type { CertificateFacts } from "../../pkpass/certificate";
import { fileBytes, pemText, readCertificateFile, type FileContent } from "../../pkpass/certificate-file";
import { readCertificate } from "../../pkpass/certificate";
import { openPkcs12 } from "../../pkpass/pkcs12";
import { readPrivateKey } from "../../pkpass/private-key";
import { certificatesOf } from "../../pkpass/signing-key";

/** What a caller sends to import: a PKCS#12 file, or a certificate with its key, which may stand in one PEM. */
export interface ImportInput {
  pkcs12?: FileContent | undefined;
  password?: string | undefined;
  certificate?: FileContent | undefined;
  privateKey?: FileContent | undefined;
  passphrase?: string | undefined;
  issuerCertificate?: FileContent | undefined;
}

export interface Material {
  /** Where the certificate came from, for the issues that are found in it later. */
  pointer: string;
  certificate: CertificateFacts;
  /** Others of the same file. */
  others: CertificateFacts[];
  /** PKCS#8; null if there is none, or none that can be read. */
  privateKey: Uint8Array | null;
  /** Of `issuerCertificate`. */
  issuer: CertificateFacts | null;
}

/** Whatever could be read, and an issue for each part that could not. */
export interface ReadMaterial {
  material: Material | null;
  issues: Issue[];
}

export async function readImport(input: ImportInput): Promise<ReadMaterial> {
  const { pkcs12, certificate, privateKey } = input;
  if ((pkcs12 === undefined) === (certificate === undefined)) {
    const detail = "send either `pkcs12`, or `certificate` with `privateKey`";
    return { material: null, issues: [{ pointer: "#/certificate", code: "missing_value", detail }] };
  }
  if (pkcs12 !== undefined) {
    const members = [["certificate", certificate] as const, ["privateKey", privateKey] as const];
    const extra = members.filter(([, value]) => value !== undefined);
    const issues = extra.map(([name]) => ({
      pointer: `#/${name}`,
      code: "not_allowed",
      detail: "pkcs12 holds it already",
    }));
    return withIssuer(await readArchive(pkcs12, input.password), input.issuerCertificate, issues);
  }
  return withIssuer(await readPair(certificate!, privateKey, input.passphrase), input.issuerCertificate, []);
}

/** A certificate whose key is here already. */
export async function readCertificateOf(
  file: FileContent,
  privateKey: Uint8Array,
  issuerCertificate: FileContent | undefined,
): Promise<ReadMaterial> {
  const pointer = "#/certificate";
  const read = await readCertificateFile(file);
  if (!read.ok) return { material: null, issues: [{ pointer, code: read.code, detail: read.detail }] };
  const chosen = chooseLeaf(read.certificates);
  return withIssuer({ material: { pointer, ...chosen, privateKey, issuer: null }, issues: [] }, issuerCertificate, []);
}

async function withIssuer(
  { material, issues }: ReadMaterial,
  file: FileContent | undefined,
  more: Issue[],
): Promise<ReadMaterial> {
  if (file === undefined) return { material, issues: [...more, ...issues] };
  const read = await readCertificateFile(file);
  if (read.ok) {
    const issuer = read.certificates[0]!;
    return { material: material && { ...material, issuer }, issues: [...more, ...issues] };
  }
  const issue = { pointer: "#/issuerCertificate", code: read.code, detail: read.detail };
  return { material, issues: [...more, ...issues, issue] };
}

async function readArchive(file: FileContent, password: string | undefined): Promise<ReadMaterial> {
  const pointer = "#/pkcs12";
  const refuse = (issue: { code: string; detail: string }, member = pointer): ReadMaterial => ({
    material: null,
    issues: [{ pointer: member, code: issue.code, detail: issue.detail }],
  });
  const bytes = fileBytes(file) ?? new Uint8Array();
  const opened = await openPkcs12(bytes, password);
  if (!opened.ok) {
    const alone = opened.code === "not_pkcs12" && (await readCertificate(bytes)).ok;
    if (alone) return refuse(keyMissing("this is a certificate alone"));
    return refuse(opened, opened.code === "wrong_password" ? "#/password" : pointer);
  }
  const certificates = (await Promise.all(opened.certificates.map(readCertificate))).flatMap((result) =>
    result.ok ? [result.certificate] : [],
  );
  if (certificates.length === 0) {
    const detail =
      "the file holds no certificate. In Keychain Access, select certificate and key together and export both";
    return refuse({ code: "certificate_missing", detail });
  }
  const keys = opened.privateKeys.map((key) => readPrivateKey(key));
  const usable = keys.flatMap((key) => (key.ok ? [key.pkcs8] : []));
  const chosen = await choosePair(certificates, usable);
  const unusable = keys.find((key) => !key.ok);
  const issues =
    usable.length > 0 ? [] : [unusable && !unusable.ok ? unusable : keyMissing("the file holds no private key")];
  return {
    material: { pointer, ...chosen, issuer: null },
    issues: issues.map(({ code, detail }) => ({ pointer, code, detail })),
  };
}

const keyMissing = (what: string) => ({
  code: "private_key_missing",
  detail: `${what}. Export it together with its key, on the machine where the certificate request was made`,
});

async function readPair(
  file: FileContent,
  keyFile: FileContent | undefined,
  passphrase: string | undefined,
): Promise<ReadMaterial> {
  const read = await readCertificateFile(file);
  const issues: Issue[] = read.ok ? [] : [{ pointer: "#/certificate", code: read.code, detail: read.detail }];
  const inOnePem = keyFile === undefined ? pemText(file) : null;
  const from = keyFile ?? (inOnePem?.includes("PRIVATE KEY-----") ? inOnePem : undefined);
  let privateKey: Uint8Array | null = null;
  if (from === undefined) {
    issues.push({ pointer: "#/privateKey", ...keyMissing("the private key is missing") });
  } else {
    const key = readPrivateKey(keyContent(from), passphrase);
    if (key.ok) privateKey = key.pkcs8;
    else
      issues.push({
        pointer: /passphrase/.test(key.code) ? "#/passphrase" : "#/privateKey",
        code: key.code,
        detail: key.detail,
      });
  }
  if (!read.ok) return { material: null, issues };
  return { material: { pointer: "#/certificate", ...chooseLeaf(read.certificates), privateKey, issuer: null }, issues };
}

/** Text is told from DER by the reader of keys; base64 it does not know. */
const keyContent = (file: FileContent): FileContent => pemText(file) ?? fileBytes(file) ?? file;

/** The one that is no authority's; of a chain the first. */
function chooseLeaf(certificates: CertificateFacts[]): Pick<Material, "certificate" | "others"> {
  const certificate = certificates.find(({ certificateAuthority }) => !certificateAuthority) ?? certificates[0]!;
  return { certificate, others: certificates.filter((other) => other !== certificate) };
}

/** A file may hold several pairs: the first pass type certificate whose key is there, else any certificate whose key is. */
async function choosePair(
  certificates: CertificateFacts[],
  keys: Uint8Array[],
): Promise<Pick<Material, "certificate" | "others" | "privateKey">> {
  const passTypesFirst = certificates.toSorted((a, b) => Number(b.passSigning) - Number(a.passSigning));
  const owned = await Promise.all(
    keys.map(async (privateKey) => ({ privateKey, certificates: await certificatesOf(privateKey, passTypesFirst) })),
  );
  for (const certificate of passTypesFirst) {
    const own = owned.find((each) => each.certificates.includes(certificate));
    if (own) {
      const others = certificates.filter((other) => other !== certificate);
      return { certificate, privateKey: own.privateKey, others };
    }
  }
  return { ...chooseLeaf(passTypesFirst), privateKey: keys[0] ?? null };
}
