import type { Json, JsonObject } from "../../pass-model/resolved-pass";

/** How a phone is set: a BCP 47 tag and an IANA zone. */
export interface Region {
  locale: string;
  timeZone: string;
}

const dateStyles: Record<string, "short" | "medium" | "long" | "full"> = {
  PKDateStyleShort: "short",
  PKDateStyleMedium: "medium",
  PKDateStyleLong: "long",
  PKDateStyleFull: "full",
};

const numberStyles: Record<string, Intl.NumberFormatOptions> = {
  PKNumberStyleDecimal: {},
  PKNumberStylePercent: { style: "percent" },
  PKNumberStyleScientific: { notation: "scientific" },
  // Intl spells nothing out.
  PKNumberStyleSpellOut: {},
};

/** The value of a field as Wallet writes it for this person, on the pass and in a change message. */
export function shownValue(field: JsonObject, { locale, timeZone }: Region): string {
  const { value, currencyCode, numberStyle, dateStyle, timeStyle, ignoresTimeZone } = field;
  if (typeof value === "number") {
    const style: Intl.NumberFormatOptions =
      typeof currencyCode === "string"
        ? { style: "currency", currency: currencyCode }
        : (numberStyles[String(numberStyle)] ?? {});
    return new Intl.NumberFormat(locale, style).format(value);
  }
  const parts = {
    ...(isStyle(dateStyle) && { dateStyle: dateStyles[dateStyle]! }),
    ...(isStyle(timeStyle) && { timeStyle: dateStyles[timeStyle]! }),
  };
  const instant = Date.parse(String(value));
  if (Object.keys(parts).length === 0 || Number.isNaN(instant)) return String(value);
  // With `ignoresTimeZone` the hands of the clock are shown as they are written, whatever the offset says.
  const [at, zone] = ignoresTimeZone === true ? [asWritten(String(value)), "UTC"] : [instant, timeZone];
  return new Intl.DateTimeFormat(locale, { ...parts, timeZone: zone }).format(at);
}

const isStyle = (style: Json | undefined): style is string => typeof style === "string" && style in dateStyles;

const asWritten = (value: string): number => Date.parse(value.replace(/(Z|[+-]\d{2}:?\d{2})$/, "Z"));
