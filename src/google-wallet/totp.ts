import type { GoogleTypes } from "./fields/types";

export interface TotpParameters {
  /** The secret in Base16. */
  keyHex: string;
  periodMillis: number;
  /** Decimal digits. */
  valueLength: number;
}

/**
 * A one-time password of a moment (RFC 6238, HMAC-SHA-1, counted from 1970). Rejects if the key is no Base16 or empty.
 */
export async function totp(
  { keyHex, periodMillis, valueLength }: TotpParameters,
  epochMilliseconds: number,
): Promise<string> {
  const key = await crypto.subtle.importKey("raw", bytesOf(keyHex), { name: "HMAC", hash: "SHA-1" }, false, ["sign"]);
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(Math.floor(epochMilliseconds / periodMillis)));
  const mac = new DataView(await crypto.subtle.sign("HMAC", key, counter));
  // Dynamic truncation (RFC 4226 §5.3).
  const code = mac.getUint32(mac.getUint8(mac.byteLength - 1) & 0xf) & 0x7fffffff;
  return String(code % 10 ** valueLength).padStart(valueLength, "0");
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  if (!/^([0-9a-f]{2})+$/i.test(hex)) throw new TypeError("the key is no Base16");
  return Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16));
}

/**
 * What a rotating code says at a moment: its pattern with passwords and times filled in (Google,
 * RotatingBarcode.valuePattern). A password that cannot be made leaves its placeholder.
 */
export async function rotatingValue(barcode: GoogleTypes["RotatingBarcode"], now: number): Promise<string> {
  const { valuePattern = "", totpDetails } = barcode;
  const periodMillis = Number(totpDetails?.periodMillis ?? 0);
  const values = await Promise.all(
    (totpDetails?.parameters ?? []).map(({ key = "", valueLength = 0 }) =>
      totp({ keyHex: key, periodMillis, valueLength }, now).catch(() => undefined),
    ),
  );
  return valuePattern
    .replace(/\{totp_value_(\d+)\}/g, (whole, index: string) => values[Number(index)] ?? whole)
    .replaceAll("{totp_timestamp_millis}", String(now))
    .replaceAll("{totp_timestamp_seconds}", String(Math.floor(now / 1000)));
}
