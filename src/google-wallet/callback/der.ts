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
  const middle = readInteger(der, 2, raw, half);
  const end = middle && readInteger(der, middle, raw, 2 * half);
  return end === der.length ? raw : null;
}

/** Writes the integer at `at` so that it ends before `until`, and answers where what follows it begins. */
function readInteger(der: Uint8Array, at: number, into: Uint8Array, until: number): number | null {
  const length = der[at + 1];
  const end = at + 2 + (length ?? 0);
  if (der[at] !== INTEGER || !length || end > der.length) return null;
  let start = at + 2;
  const first = der[start]!;
  if (first >= 0x80) return null;
  if (first === 0) {
    // A leading zero only keeps the next byte from reading as a sign; alone it is the number zero.
    if (length === 1 || der[start + 1]! < 0x80) return null;
    start += 1;
  }
  if (end - start > half) return null;
  into.set(der.subarray(start, end), until - (end - start));
  return end;
}
