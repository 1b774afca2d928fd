import { describe, expect, it } from "vitest";
import { formatValue } from "../../src/pass-model/format";
import type { ResolvedField } from "../../src/pass-model/resolved-pass";

const now = Date.parse("2026-08-20T10:00:00Z");

function format(field: Partial<ResolvedField>, options: { locale?: string; timeZone?: string } = {}): string {
  const text = formatValue(
    {
      key: "field",
      label: null,
      type: "text",
      position: "primary",
      value: "",
      currencyCode: null,
      timeZone: null,
      relative: false,
      dateStyle: null,
      timeStyle: null,
      numberStyle: null,
      textAlignment: null,
      dataDetectorTypes: null,
      changeMessage: null,
      row: null,
      semantics: null,
      ...field,
    },
    { locale: "en-US", timeZone: "UTC", now, ...options },
  );
  // CLDR separates with narrow and no-break spaces, which change between ICU versions.
  return text.replaceAll(/[\u00a0\u202f]/g, " ");
}

describe("text", () => {
  it("R061 R224 keeps text of every script as it is", () => {
    for (const value of ["Zürich", "日本語", "שלום", "🎂 👩‍👩‍👧‍👦", "<b>&amp;</b>", ""])
      expect(format({ value })).toBe(value);
  });

  it("leaves links and addresses alone", () => {
    expect(format({ type: "url", value: "https://example.com/a?b=1" })).toBe("https://example.com/a?b=1");
    expect(format({ type: "email", value: "a@example.com" })).toBe("a@example.com");
    expect(format({ type: "phone", value: "+41 22 555 01 00" })).toBe("+41 22 555 01 00");
  });
});

describe("numbers", () => {
  it("R062 R065 separates thousands and decimals as the locale does", () => {
    const field = { type: "number", value: 1_234_567.5 } as const;
    expect(format(field)).toBe("1,234,567.5");
    expect(format(field, { locale: "de-DE" })).toBe("1.234.567,5");
    expect(format(field, { locale: "fr-FR" })).toBe("1 234 567,5");
    expect(format(field, { locale: "en-IN" })).toBe("12,34,567.5");
  });

  it("R062 follows the number style", () => {
    expect(format({ type: "number", value: 0.25, numberStyle: "percent" })).toBe("25%");
    expect(format({ type: "number", value: 12_345, numberStyle: "scientific" })).toBe("1.2345E4");
    expect(format({ type: "number", value: 12_345, numberStyle: "spellOut" })).toBe("12,345");
  });

  it("shows a fraction as a percentage without rounding it to a whole one", () => {
    expect(format({ type: "percent", value: 0.2 })).toBe("20%");
    expect(format({ type: "percent", value: 0.125 })).toBe("12.5%");
    expect(format({ type: "percent", value: 0.125 }, { locale: "de" })).toBe("12,5 %");
  });

  it("R063 writes money with its symbol where the locale puts it", () => {
    const field = { type: "currency", value: 1234.5, currencyCode: "EUR" } as const;
    expect(format(field)).toBe("€1,234.50");
    expect(format(field, { locale: "de-DE" })).toBe("1.234,50 €");
    expect(format({ ...field, currencyCode: "JPY", value: 1234 })).toBe("¥1,234");
  });

  it("R063 keeps the amount when the currency is unknown or missing", () => {
    expect(format({ type: "currency", value: 5, currencyCode: "XQQ" })).toBe("XQQ 5.00");
    expect(format({ type: "currency", value: 5, currencyCode: "not a code" })).toBe("5 not a code");
    expect(format({ type: "currency", value: 5 })).toBe("5");
  });
});

describe("dates and times", () => {
  it("R064 never shifts a calendar day, whatever the zone", () => {
    for (const timeZone of ["Pacific/Kiritimati", "Etc/GMT+12", "UTC"]) {
      expect(format({ type: "date", value: "2026-01-01", timeZone }, { timeZone })).toBe("Jan 1, 2026");
    }
  });

  it("R064 shows an instant in the field's zone, else in the reader's", () => {
    const field = { type: "dateTime", value: "2026-08-20T23:30:00+02:00" } as const;
    expect(format(field, { timeZone: "Europe/Paris" })).toBe("Aug 20, 2026, 11:30 PM");
    expect(format({ ...field, timeZone: "Asia/Tokyo" }, { timeZone: "Europe/Paris" })).toBe("Aug 21, 2026, 6:30 AM");
  });

  it("R064 follows date and time styles", () => {
    const field = { type: "dateTime", value: "2026-08-20T14:05:00Z" } as const;
    expect(format({ ...field, dateStyle: "none", timeStyle: "short" })).toBe("2:05 PM");
    expect(format({ ...field, dateStyle: "full", timeStyle: "none" })).toBe("Thursday, August 20, 2026");
    expect(format({ ...field, dateStyle: "none", timeStyle: "none" })).toBe("Aug 20, 2026, 2:05 PM");
  });

  it("R065 writes dates and times as the locale does", () => {
    expect(format({ type: "date", value: "2026-08-20", dateStyle: "long" }, { locale: "de" })).toBe("20. August 2026");
    expect(format({ type: "time", value: "19:30" })).toBe("7:30 PM");
    expect(format({ type: "time", value: "19:30" }, { locale: "fr" })).toBe("19:30");
  });

  it("names no zone for a time of day, which has no offset", () => {
    expect(format({ type: "time", value: "19:30", timeStyle: "full" })).toBe("7:30:00 PM");
  });

  it("R064 tells an instant relative to now", () => {
    const relative = (value: string, locale = "en-US") =>
      format({ type: "dateTime", value, relative: true }, { locale });
    expect(relative("2026-08-20T12:00:00Z")).toBe("in 2 hours");
    expect(relative("2026-08-20T09:15:00Z")).toBe("45 minutes ago");
    expect(relative("2026-08-20T10:59:45Z")).toBe("in 1 hour");
    expect(relative("2026-08-24T10:00:00Z")).toBe("in 4 days");
    expect(relative("2026-09-10T10:00:00Z")).toBe("in 3 weeks");
    expect(relative("2029-08-20T10:00:00Z")).toBe("in 3 years");
    expect(relative("2026-08-20T12:00:00Z", "de")).toBe("in 2 Stunden");
  });

  it("R064 counts whole days from today in the reader's zone", () => {
    const day = (value: string, timeZone: string) => format({ type: "date", value, relative: true }, { timeZone });
    expect(day("2026-08-20", "UTC")).toBe("today");
    expect(day("2026-08-21", "UTC")).toBe("tomorrow");
    expect(day("2026-08-21", "Pacific/Kiritimati")).toBe("today");
    expect(day("2026-09-03", "UTC")).toBe("in 2 weeks");
  });
});

describe("what does not fit", () => {
  it("R245 formats the first and the last day of the calendar", () => {
    expect(format({ type: "date", value: "0001-01-01" })).toBe("Jan 1, 1");
    expect(format({ type: "date", value: "9999-12-31" })).toBe("Dec 31, 9999");
    expect(format({ type: "dateTime", value: "0001-01-01T00:00:00+14:00" })).toMatch(/\d/);
    expect(format({ type: "dateTime", value: "9999-12-31T23:59:59-12:00", relative: true })).toMatch(
      /^in 7,97\d years$/,
    );
  });

  it("R245 shows a value that is no such thing as it was written", () => {
    expect(format({ type: "date", value: "2026-02-30" })).toBe("2026-02-30");
    expect(format({ type: "date", value: "soon" })).toBe("soon");
    expect(format({ type: "time", value: "25:00" })).toBe("25:00");
    expect(format({ type: "dateTime", value: "later" })).toBe("later");
    expect(format({ type: "number", value: "many" })).toBe("many");
    expect(format({ type: "number", value: "" })).toBe("");
  });

  it("R245 takes odd locales and zones without failing", () => {
    for (const locale of ["xx-invalid-locale-tag-that-is-long", "", "*", "tlh"]) {
      expect(format({ type: "number", value: 1234.5 }, { locale })).toBe("1,234.5");
    }
    expect(format({ type: "number", value: 1234.5 }, { locale: "de_DE" })).toBe("1.234,5");
    const dateTime = { type: "dateTime", value: "2026-08-20T14:05:00Z" } as const;
    expect(format(dateTime, { timeZone: "Mars/Olympus" })).toBe("Aug 20, 2026, 2:05 PM");
    expect(format({ ...dateTime, timeZone: "nowhere" })).toBe("Aug 20, 2026, 2:05 PM");
  });
});

describe("kept formatters", () => {
  it("R065 stay right when more languages, zones and styles come than are kept", () => {
    const zones = Intl.supportedValuesOf("timeZone").slice(0, 300);
    const at = (timeZone: string, locale: string) =>
      format({ type: "dateTime", value: "2026-08-20T10:00:00Z" }, { timeZone, locale });
    for (const locale of ["en-US", "de-DE"]) for (const zone of zones) at(zone, locale);
    expect(at("Europe/Berlin", "de-DE")).toBe("20.08.2026, 12:00");
    expect(at("Asia/Tokyo", "en-US")).toBe("Aug 20, 2026, 7:00 PM");
    expect(at("Nowhere/Land", "not a locale")).toBe("Aug 20, 2026, 10:00 AM");
  });
});
