const SEQUENCE = 0x30;
const INTEGER = 0x02;

/** r and s of P-256, in bytes. */
const half = 32;

/**
 * An ECDSA signature of P-256 from DER, a sequence of two integers (RFC 3279 §2.2.3), to WebCrypto's `r || s`. DER has one
 * form for each signature, and whatever is not in it gives null: cut short or followed by more, integers or lengths that are
 * longer than they need to be, negative ones, zero, `r || s` itself.
 */
export function rawOfDer(der: Uint8Array): Uint8Array<ArrayBuffer> | null {
  // No part of it is long enough for a length of more than one byte.
  if (der[0] !== SEQUENCE || der[1] !== der.length - 2) return null;
  const raw = new Uint8Array(2 * half);
  const middle = readInteger(der, 2, raw.subarray(0, half));
  const end = middle && readInteger(der, middle, raw.subarray(half));
  return end === der.length ? raw : null;
}

/** Writes the integer at `at` to the end of `into`, and answers where the next one begins. */
function readInteger(der: Uint8Array, at: number, into: Uint8Array): number | null {
  const length = der[at + 1];
  if (der[at] !== INTEGER || length === undefined || length === 0) return null;
  const content = der.subarray(at + 2, at + 2 + length);
  if (content.length !== length) return null;
  const [first, second] = content as unknown as [number, number?];
  if (first >= 0x80) return null;
  // A leading zero only keeps the next byte from reading as a sign; alone it is the number zero.
  if (first === 0 && (second === undefined || second < 0x80)) return null;
  const magnitude = first === 0 ? content.subarray(1) : content;
  if (magnitude.length > half) return null;
  into.set(magnitude, half - magnitude.length);
  return at + 2 + length;
}
