import { isCalendarDate, isInstant, isTimeOfDay } from "./scalars";
import type { FieldType } from "./vocabulary";

/**
 * The types of field values. To add one: a name in `vocabulary.ts`, a row here; the projections then fail
 * to compile until each says how its wallet shows it.
 */
interface FieldTypeRule {
  /** The shape in words, for errors. */
  expected: string;
  accepts: (value: unknown) => boolean;
  /** A value of the type, for trying a design out. */
  specimen: string | number;
  /** Type of the field as a variable of a CEL expression, and what it reads as without a value. */
  cel: { type: "string" | "double" | "google.protobuf.Timestamp"; empty: string | number | Date };
}

const text: FieldTypeRule["cel"] = { type: "string", empty: "" };
const double: FieldTypeRule["cel"] = { type: "double", empty: 0 };

const isText = (value: unknown): value is string => typeof value === "string" && value.length <= 10_000;
const isFinite = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value);

export const fieldTypeRules: Record<FieldType, FieldTypeRule> = {
  text: { expected: "text of at most 10,000 characters", accepts: isText, specimen: "Text", cel: text },
  number: { expected: "a number", accepts: isFinite, specimen: 100, cel: double },
  currency: { expected: "a number (the currency stands on the field)", accepts: isFinite, specimen: 12.5, cel: double },
  percent: { expected: "a number, as a fraction (0.25 is 25 %)", accepts: isFinite, specimen: 0.2, cel: double },
  date: {
    expected: "a date as YYYY-MM-DD",
    accepts: (value) => typeof value === "string" && isCalendarDate(value),
    specimen: "2026-12-31",
    cel: text,
  },
  time: {
    expected: "a time as HH:MM",
    accepts: (value) => typeof value === "string" && isTimeOfDay(value),
    specimen: "18:30",
    cel: text,
  },
  dateTime: {
    expected: "an ISO 8601 date and time with an offset, such as 2026-05-01T18:30:00+02:00",
    accepts: (value) => typeof value === "string" && isInstant(value),
    specimen: "2026-12-31T18:30:00Z",
    cel: { type: "google.protobuf.Timestamp", empty: new Date(0) },
  },
  url: {
    expected: "an absolute http or https URL",
    accepts: (value) => isText(value) && !/\s/.test(value) && /^https?:$/.test(URL.parse(value)?.protocol ?? ""),
    specimen: "https://example.com/",
    cel: text,
  },
  email: {
    expected: "an e-mail address",
    accepts: (value) => isText(value) && /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/u.test(value),
    specimen: "person@example.com",
    cel: text,
  },
  phone: {
    expected: "a phone number: digits, spaces and + ( ) - . /",
    accepts: (value) => isText(value) && /^\+?[\d\s().\-/]{2,40}$/.test(value),
    specimen: "+493012345678",
    cel: text,
  },
};
