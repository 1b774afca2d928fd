import type { Json } from "../../pass-model/resolved-pass";
import type { PassField } from "./pass-fields";

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
export function shownValue({ value, field }: PassField, { locale, timeZone }: Region): string {
  if (typeof value === "number") return new Intl.NumberFormat(locale, numberFormat(field)).format(value);
  const { dateStyle, timeStyle, ignoresTimeZone } = field;
  const parts = {
    ...(isStyle(dateStyle) && { dateStyle: dateStyles[dateStyle]! }),
    ...(isStyle(timeStyle) && { timeStyle: dateStyles[timeStyle]! }),
  };
  const instant = Date.parse(value);
  if (Object.keys(parts).length === 0 || Number.isNaN(instant)) return value;
  // With `ignoresTimeZone` the hands of the clock are shown as they are written, whatever the offset says.
  const [at, zone] = ignoresTimeZone === true ? [asWritten(value), "UTC"] : [instant, timeZone];
  return new Intl.DateTimeFormat(locale, { ...parts, timeZone: zone }).format(at);
}

function numberFormat({ currencyCode, numberStyle }: PassField["field"]): Intl.NumberFormatOptions {
  if (typeof currencyCode === "string") return { style: "currency", currency: currencyCode };
  return (typeof numberStyle === "string" && numberStyles[numberStyle]) || {};
}

const isStyle = (style: Json | undefined): style is string => typeof style === "string" && style in dateStyles;

const asWritten = (value: string): number => Date.parse(value.replace(/(Z|[+-]\d{2}:?\d{2})$/, "Z"));
