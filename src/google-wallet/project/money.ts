import type { GoogleTypes } from "../fields/types";

const int64Max = 2n ** 63n - 1n;

/**
 * An amount in millionths, as digits (Google, Money.micros). In decimal arithmetic: 34.56 is 34560000, which
 * floating point would miss. Null if it is no number or does not fit.
 */
export function microsOf(amount: string | number): string | null {
  const match = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?(?:e([+-]?\d{1,3}))?$/i.exec(String(amount));
  if (!match) return null;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const places = fraction.length - Number(exponent) - 6;
  const digits = BigInt(whole + fraction);
  const micros = places <= 0 ? digits * 10n ** BigInt(-places) : rounded(digits, 10n ** BigInt(places));
  if (micros > int64Max) return null;
  return micros === 0n ? "0" : `${sign}${micros}`;
}

/** Half away from zero, as money is rounded. */
const rounded = (digits: bigint, divisor: bigint): bigint => (digits + divisor / 2n) / divisor;

export function moneyOf(amount: string | number, currencyCode: string | null): GoogleTypes["Money"] | null {
  const micros = microsOf(amount);
  const isCode = currencyCode !== null && /^[A-Z]{3}$/.test(currencyCode);
  return micros === null || !isCode ? null : { micros, currencyCode };
}
