const SEQUENCE = 0x30;
const INTEGER = 0x02;

/** An ECDSA signature from WebCrypto's `r || s` (64 bytes, P-256) to DER: a sequence of two integers, each in its shortest form. */
export function derOfRaw(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2;
  const content = [...integer(raw.subarray(0, half)), ...integer(raw.subarray(half))];
  return Uint8Array.of(SEQUENCE, content.length, ...content);
}

function integer(unsigned: Uint8Array): number[] {
  const start = unsigned.findIndex((byte) => byte !== 0);
  const magnitude = start === -1 ? Uint8Array.of(0) : unsigned.subarray(start);
  // A first bit of 1 would read as a negative number.
  const sign = (magnitude[0] ?? 0) >= 0x80 ? [0] : [];
  return [INTEGER, sign.length + magnitude.length, ...sign, ...magnitude];
}
