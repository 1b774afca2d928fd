import { readCertificate, type CertificateFacts } from "./certificate";
import { decodeBase64, readPemBlocks } from "./pem";
import { openPkcs12 } from "./pkcs12";

/** A file as it was sent: its bytes, or text, which is PEM or base64. */
export type FileContent = string | Uint8Array;

type CertificateFile =
  | {
      ok: true;
      /** In the order of the file; at least one. */
      certificates: CertificateFacts[];
      /** The whole file, if it is PEM: its key may stand in it, too. */
      pem: string | null;
    }
  | {
      ok: false;
      code: "not_a_certificate" | "certificate_request_given" | "private_key_given" | "pkcs12_given";
      detail: string;
    };

/** Null for text that is neither PEM nor base64. */
export function fileBytes(file: FileContent): Uint8Array | null {
  if (typeof file !== "string") return file;
  return file.includes("-----BEGIN ") ? new TextEncoder().encode(file) : decodeBase64(file);
}

export function pemText(file: FileContent): string | null {
  const bytes = fileBytes(file);
  const text = bytes && new TextDecoder().decode(bytes);
  return text?.includes("-----BEGIN ") ? text : null;
}

/** Reads a `.cer` (DER) or PEM with one certificate or several. Never throws. */
export async function readCertificateFile(file: FileContent): Promise<CertificateFile> {
  const pem = pemText(file);
  const bytes = fileBytes(file) ?? new Uint8Array();
  const ders =
    pem === null ? [bytes] : readPemBlocks(pem).flatMap((block) => (isCertificate(block) ? [block.der] : []));
  const certificates: CertificateFacts[] = [];
  for (const der of ders) {
    const result = await readCertificate(der);
    if (!result.ok) return pem === null ? refuseOther(bytes) : result;
    certificates.push(result.certificate);
  }
  return certificates.length > 0 ? { ok: true, certificates, pem } : refuseLabels(readPemBlocks(pem ?? ""));
}

const isCertificate = ({ label }: { label: string }) => label === "CERTIFICATE" || label === "X509 CERTIFICATE";

async function refuseOther(bytes: Uint8Array): Promise<CertificateFile> {
  const opened = bytes.length > 0 ? await openPkcs12(bytes) : null;
  if (opened && (opened.ok || opened.code !== "not_pkcs12")) {
    const detail = "this is a PKCS#12 file, and a certificate was expected: import it by POST /v2/apple/certificates";
    return { ok: false, code: "pkcs12_given", detail };
  }
  const result = await readCertificate(bytes);
  return result.ok ? { ok: true, certificates: [result.certificate], pem: null } : result;
}

function refuseLabels(blocks: { label: string }[]): CertificateFile {
  if (blocks.some(({ label }) => label.endsWith("CERTIFICATE REQUEST"))) {
    const detail = "this is the request itself; upload it to Apple's portal, and send the .cer that Apple answers with";
    return { ok: false, code: "certificate_request_given", detail };
  }
  if (blocks.some(({ label }) => label.endsWith("PRIVATE KEY"))) {
    const detail = "this is a private key, and the certificate that belongs to it was expected";
    return { ok: false, code: "private_key_given", detail };
  }
  const detail = "expected a certificate in PEM, between -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----";
  return { ok: false, code: "not_a_certificate", detail };
}
