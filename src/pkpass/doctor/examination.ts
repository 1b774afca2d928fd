import type { JsonObject } from "../../pass-model/resolved-pass";

/**
 * `error`: Wallet does not open the pass, or the pass can never update. `warning`: it opens, and something is
 * lost. `info`: worth knowing.
 */
export type Severity = "error" | "warning" | "info";

export interface Finding {
  /** Stable, snake_case, for programs. */
  code: string;
  severity: Severity;
  /** The file in the package and a JSON Pointer in it, such as `pass.json#/storeCard/headerFields/0/value`. */
  path: string | null;
  /** What was found in the file. */
  seen: string;
  /** Why Wallet refuses it, or what Wallet does instead. */
  why: string;
  /** What to do about it. */
  remedy: string;
}

export type ExaminedKind = "pkpass" | "pkpasses" | "certificate" | "pkcs12" | "private_key" | "unknown";

/** What was read, as far as it could be; null for what is not there. Times are ISO 8601. */
export interface ExaminationFacts {
  passTypeIdentifier: string | null;
  teamIdentifier: string | null;
  /** Of a pass. */
  serialNumber: string | null;
  organizationName: string | null;
  style: string | null;
  signedAt: string | null;
  /** Passes in the file: 1 for a `.pkpass`, 0 for a certificate or key. */
  passes: number;
  /** Of the certificate. */
  certificate: CertificateSummary | null;
}

export interface CertificateSummary {
  subject: string | null;
  issuer: string | null;
  notBefore: string;
  notAfter: string;
  /** SHA-256, lowercase hex. */
  fingerprint: string;
  nfc: boolean;
  keyType: string;
  keyBits: number | null;
}

export interface Examination {
  kind: ExaminedKind;
  /** In the order of the checks: the container first, its content last. */
  findings: Finding[];
  facts: ExaminationFacts | null;
  /** pass.json of a `.pkpass`, if it could be read. */
  pass: JsonObject | null;
  /** Files of a `.pkpass` by path, if it could be unpacked. */
  files?: Record<string, Uint8Array>;
}

export interface ExaminationOptions {
  /** Epoch milliseconds. */
  now: number;
  /** Opens a PKCS#12 file or an encrypted key. */
  password?: string;
  /** DER of further issuers whose pass certificates count as trusted, such as a sandbox authority. */
  authorities: Uint8Array[];
  /** SHA-256 fingerprints, lowercase hex, of the intermediates that count as trusted. */
  issuerFingerprints: readonly string[];
  /** What an archive may unpack to at most; 150 MB if absent, as much as a bundle may have. */
  unpackedBytesMax?: number;
  /** The Content-Type under which the file came, if that is to be checked. */
  mediaType?: string;
}
