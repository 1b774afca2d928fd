import type { JsonObject, ResolvedField } from "../pass-model/resolved-pass";
import type { FieldType } from "../pass-model/vocabulary";
import { normalizeSemantics } from "./apple-key-normalize";
import { appleDataDetectors, appleDateStyles, appleNumberStyles, appleTextAlignments } from "./apple-names";
import { appleDate, appleDateIn } from "./dates";

/** The value of a field and how Wallet formats it, in the reader's locale (Apple, PassFieldContent). */
const formats: Record<FieldType, (field: ResolvedField) => JsonObject> = {
  text: ({ value }) => ({ value }),
  url: ({ value }) => ({ value }),
  email: ({ value }) => ({ value }),
  phone: ({ value }) => ({ value }),
  number: ({ value, numberStyle }) => ({ value, numberStyle: appleNumberStyles[numberStyle ?? "decimal"] }),
  percent: ({ value, numberStyle }) => ({ value, numberStyle: appleNumberStyles[numberStyle ?? "percent"] }),
  // Wallet wants one of the two: with both, Apple's validator warns.
  currency: ({ value, currencyCode }) => ({ value, currencyCode }),
  // A day is the same day wherever it is read, so the reader's zone is ignored.
  date: (field) => ({
    value: `${field.value}T00:00:00Z`,
    dateStyle: appleDateStyles[field.dateStyle ?? "medium"],
    timeStyle: appleDateStyles[field.timeStyle ?? "none"],
    ignoresTimeZone: true,
    ...(field.relative && { isRelative: true }),
  }),
  time: (field) => ({
    value: `2000-01-01T${field.value}:00Z`,
    dateStyle: appleDateStyles[field.dateStyle ?? "none"],
    timeStyle: appleDateStyles[field.timeStyle ?? "short"],
    ignoresTimeZone: true,
  }),
  dateTime: (field) => ({
    value: field.timeZone === null ? appleDate(String(field.value)) : appleDateIn(String(field.value), field.timeZone),
    dateStyle: appleDateStyles[field.dateStyle ?? "medium"],
    timeStyle: appleDateStyles[field.timeStyle ?? "short"],
    ...(field.timeZone !== null && { ignoresTimeZone: true }),
    ...(field.relative && { isRelative: true }),
  }),
};

export function projectField(field: ResolvedField): JsonObject {
  const projected: JsonObject = { key: field.key, ...formats[field.type](field) };
  if (field.label !== null) projected.label = field.label;
  if (field.changeMessage !== null) projected.changeMessage = field.changeMessage;
  if (field.textAlignment !== null) projected.textAlignment = appleTextAlignments[field.textAlignment];
  if (field.dataDetectorTypes !== null) {
    projected.dataDetectorTypes = field.dataDetectorTypes.map((type) => appleDataDetectors[type]);
  }
  if (field.row !== null) projected.row = field.row;
  if (field.semantics !== null) projected.semantics = normalizeSemantics(field.semantics);
  return projected;
}
