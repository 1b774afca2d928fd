/** PEM, RFC 7468. */
export function toPem(label: string, der: Uint8Array): string {
  const base64 = btoa(Array.from(der, (byte) => String.fromCharCode(byte)).join(""));
  return `-----BEGIN ${label}-----\n${base64.replace(/.{64}(?=.)/g, "$&\n")}\n-----END ${label}-----\n`;
}

export interface PemBlock {
  /** What stands after BEGIN: `CERTIFICATE`, `RSA PRIVATE KEY`. */
  label: string;
  /** Encrypted, if the headers say so. */
  der: Uint8Array;
  /** RFC 1421 headers, of traditional keys only: `Proc-Type`, `DEK-Info`. */
  headers: Record<string, string>;
  /** The block as it stood, for parsers that read the headers themselves. */
  text: string;
}

// A block ends at the next five dashes, so a file of nothing but beginnings is read in one pass.
const block = /-----BEGIN ([A-Z0-9 ]{1,64})-----([^-]*(?:-(?!----)[^-]*)*)-----END \1-----/g;

/** Every block of a file in its order; what stands between blocks (OpenSSL's "Bag Attributes") is passed over. */
export function readPemBlocks(text: string): PemBlock[] {
  return [...text.matchAll(block)].flatMap(([whole, label, body]) => {
    const lines = body!.split(/\r\n|\r|\n/).map((line) => line.trim());
    const headers = Object.fromEntries(
      lines.filter((line) => line.includes(":")).map((line) => [line.split(":")[0]!, line.replace(/^[^:]*:\s*/, "")]),
    );
    const der = decodeBase64(lines.filter((line) => !line.includes(":")).join(""));
    return der ? [{ label: label!, der, headers, text: whole }] : [];
  });
}

/** Null for what is no base64. */
export function decodeBase64(text: string): Uint8Array | null {
  const dense = text.replace(/\s+/g, "");
  if (dense === "" || !/^[A-Za-z0-9+/]+={0,2}$/.test(dense)) return null;
  try {
    return Uint8Array.from(atob(dense), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
