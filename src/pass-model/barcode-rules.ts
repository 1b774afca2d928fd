import type { BarcodeFormat } from "./vocabulary";

/** What each symbology can say: ISO/IEC 15417, 15438, 16388, 18004, 24778, AIM BC3, and the GS1 General Specifications. */
const formatRules: Partial<Record<BarcodeFormat, { expected: string; accepts: RegExp }>> = {
  code128: { expected: "ASCII characters only, at most 80", accepts: /^[\x00-\x7f]{1,80}$/ },
  code39: { expected: "at most 43 of A-Z, 0-9, space and - . $ / + %", accepts: /^[A-Z0-9 \-.$/+%]{1,43}$/ },
  codabar: {
    expected: "digits and - $ : / . +, between start and stop letters A to D",
    accepts: /^[A-D][0-9\-$:/.+]{1,60}[A-D]$/,
  },
  ean13: { expected: "12 digits, or 13 with a right check digit", accepts: /^\d{12,13}$/ },
  ean8: { expected: "7 digits, or 8 with a right check digit", accepts: /^\d{7,8}$/ },
  upcA: { expected: "11 digits, or 12 with a right check digit", accepts: /^\d{11,12}$/ },
  itf14: { expected: "13 digits, or 14 with a right check digit", accepts: /^\d{13,14}$/ },
};

/** Digits without the check digit, for the formats that have one (GS1 General Specifications, 7.9). */
const payloadDigits: Partial<Record<BarcodeFormat, number>> = { ean13: 12, ean8: 7, upcA: 11, itf14: 13 };

/** Bytes that the largest symbol holds in byte mode, at the lowest error correction. */
const capacityBytes: Partial<Record<BarcodeFormat, number>> = { qr: 2953, aztec: 1914, pdf417: 1108, dataMatrix: 1556 };

/** Why this message cannot be drawn in this format, without a word of it; or null. */
export function barcodeComplaint(format: BarcodeFormat, message: string): string | null {
  if (message === "") return "the message is empty once its placeholders are filled in";
  const rule = formatRules[format];
  if (rule && !rule.accepts.test(message)) return `a ${format} message needs ${rule.expected}`;
  const capacity = capacityBytes[format];
  const bytes = new TextEncoder().encode(message).length;
  if (capacity !== undefined && bytes > capacity)
    return `a ${format} code holds at most ${capacity} bytes; these are ${bytes}`;
  const digits = payloadDigits[format];
  if (
    digits !== undefined &&
    message.length > digits &&
    message.slice(digits) !== checkDigit(message.slice(0, digits))
  ) {
    return `the check digit of this ${format} message would be ${checkDigit(message.slice(0, digits))}`;
  }
  return null;
}

/** The message with its check digit, where the format has one and the message came without. */
export function withCheckDigit(format: BarcodeFormat, message: string): string {
  const complete = message.length === payloadDigits[format] && /^\d+$/.test(message);
  return complete ? message + checkDigit(message) : message;
}

function checkDigit(digits: string): string {
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return String((10 - (sum % 10)) % 10);
}

const encodings: Record<string, RegExp> = {
  "us-ascii": /^[\x00-\x7f]*$/,
  "iso-8859-1": /^[\x00-\xff]*$/,
};

export function fitsEncoding(message: string, encoding: string): boolean {
  return encodings[encoding]?.test(message) ?? true;
}
