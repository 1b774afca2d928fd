/**
 * Formatters of native Intl, kept: making one costs as much as a pass, and passes of one account want the same few.
 */

/** Bounded, for languages, zones and currencies are named by tenants. */
const kept = new Map<string, unknown>();
const keptMax = 500;

function keep<T>(key: string, make: () => T): T {
  const known = kept.get(key);
  if (known !== undefined) return known as T;
  const made = make();
  if (kept.size >= keptMax) kept.clear();
  kept.set(key, made);
  return made;
}

export const numberFormat = (locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat =>
  keep(`number ${locale} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale, options));

export const dateTimeFormat = (locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  keep(`date ${locale} ${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(locale, options));

export const relativeFormat = (locale: string, numeric: "always" | "auto"): Intl.RelativeTimeFormat =>
  keep(`relative ${locale} ${numeric}`, () => new Intl.RelativeTimeFormat(locale, { numeric }));

/** An unsupported locale would otherwise become the host's own, which differs between machines. */
export const knownLocale = (locale: string): string =>
  keep(`locale ${locale}`, () => {
    try {
      return Intl.DateTimeFormat.supportedLocalesOf(locale.replaceAll("_", "-"))[0] ?? "en";
    } catch {
      return "en";
    }
  });

export const knownTimeZone = (timeZone: string): string =>
  keep(`zone ${timeZone}`, () => {
    try {
      return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
    } catch {
      return "UTC";
    }
  });
