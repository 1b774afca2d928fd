import * as z from "zod";
import { isCurrencyCode, isInstant, isTimeZone } from "./scalars";

/**
 * Shapes for JSON in the words of Apple Wallet: small zod schemas whose every message says what was
 * expected, ready to stand after the name of the member in the `detail` of an issue.
 */

export const text = z.string("expected text");
export const texts = z.array(text, "expected a list of texts");
export const flag = z.boolean("expected true or false");

/** Text that passes a test. */
export function formatted(test: (value: string) => boolean, expectation: string) {
  return z.string(expectation).refine(test, expectation);
}

/** An object; a member that is not in the shape is reported as `unrecognized_keys`. */
export function members<Shape extends z.core.$ZodLooseShape>(shape: Shape, expectation: string) {
  return z.strictObject(shape, { error: (issue) => (issue.code === "invalid_type" ? expectation : undefined) });
}

/** One of Apple's enumeration constants, which share a prefix: `oneOf("PKDateStyle", "None", "Short")`. */
export function oneOf(prefix: string, ...names: readonly [string, ...string[]]) {
  const values = names.map((name) => prefix + name);
  return z.enum(values, `expected one of ${values.join(", ")}`);
}

export const dateTime = formatted(
  isInstant,
  "expected an ISO 8601 date and time with an offset, such as 2026-05-01T18:30:00+02:00",
);
export const timeZone = formatted(isTimeZone, "expected an IANA time zone, such as Europe/Berlin");
export const currencyCode = formatted(isCurrencyCode, "expected an ISO 4217 code, such as EUR");
export const phoneNumber = formatted(isPhoneNumber, "expected a phone number, such as +49 30 123456");

/** At most 40 characters, at least three of them digits; letters are there for vanity numbers and extensions. */
function isPhoneNumber(value: string): boolean {
  return value.length <= 40 && /^\+?[\dA-Za-z ().\-/#*,;]+$/.test(value) && (value.match(/\d/g)?.length ?? 0) >= 3;
}
