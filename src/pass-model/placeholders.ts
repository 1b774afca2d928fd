import type { Json } from "./resolved-pass";

/**
 * Substitution: `{{name}}` in a text is replaced by a fact of the pass or the value of a field. A text
 * that is nothing but one placeholder takes the value with its type, so numbers stay numbers.
 */

export type PlaceholderValues = ReadonlyMap<string, string | number>;

/** Facts of the pass beside its fields. */
export const passPlaceholders = ["pass.id", "pass.serialNumber", "pass.externalId", "customer.id"] as const;

const placeholder = /\{\{\s*([A-Za-z_][A-Za-z0-9_.]*)\s*\}\}/g;
const onlyPlaceholder = /^\{\{\s*([A-Za-z_][A-Za-z0-9_.]*)\s*\}\}$/;

export function placeholderNames(text: string): string[] {
  return [...text.matchAll(placeholder)].map((match) => match[1]!);
}

/** Replaces each placeholder; one without a value becomes empty. */
export function substitute(text: string, values: PlaceholderValues): string {
  return text.includes("{{") ? text.replace(placeholder, (_, name: string) => String(values.get(name) ?? "")) : text;
}

/** Replaces placeholders in every text of a JSON value; a member whose only placeholder has no value is left out. */
export function substituteJson<T extends Json>(json: T, values: PlaceholderValues): T {
  return fill(json, values) as T;
}

function fill(json: Json, values: PlaceholderValues): Json | undefined {
  if (typeof json === "string") {
    const only = onlyPlaceholder.exec(json);
    return only ? values.get(only[1]!) : substitute(json, values);
  }
  if (Array.isArray(json)) return json.map((item) => fill(item, values)).filter((item) => item !== undefined);
  if (json === null || typeof json !== "object") return json;
  const filled: { [key: string]: Json } = {};
  for (const [key, value] of Object.entries(json)) {
    const result = fill(value, values);
    if (result !== undefined) filled[key] = result;
  }
  return filled;
}

/** Every placeholder name in any text of a JSON value. */
export function jsonPlaceholderNames(json: Json): string[] {
  if (typeof json === "string") return placeholderNames(json);
  if (json === null || typeof json !== "object") return [];
  return Object.values(json).flatMap(jsonPlaceholderNames);
}
