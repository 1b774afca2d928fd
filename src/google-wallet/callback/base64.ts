/**
 * The bytes of standard Base64 with its padding (RFC 4648 §4), or null of anything else: the URL-safe alphabet, spaces,
 * padding that is missing. Each sequence of bytes has one text, so unused bits that are set are refused, too.
 */
export function decodeStrictBase64(text: string): Uint8Array<ArrayBuffer> | null {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    return null;
  }
  if (btoa(binary) !== text) return null;
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
