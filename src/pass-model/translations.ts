import type { ResolvedPass } from "./resolved-pass";

type StringTable = ResolvedPass["localizations"][string];

/** The string table of a language or of its nearest parent: `de-CH`, then `de`. Null if the template has none. */
export function stringTable(localizations: ResolvedPass["localizations"], language: string): StringTable | null {
  if (Object.hasOwn(localizations, language)) return localizations[language]!;
  const tables = new Map(Object.entries(localizations).map(([tag, table]) => [tag.toLowerCase(), table]));
  for (let tag = language.toLowerCase(); tag !== ""; tag = tag.slice(0, Math.max(0, tag.lastIndexOf("-")))) {
    const table = tables.get(tag);
    if (table !== undefined) return table;
  }
  return null;
}

/** A text that the table lacks stays as the design has it. */
export function translate(table: StringTable | null, text: string): string {
  return table !== null && Object.hasOwn(table, text) ? (table[text] ?? text) : text;
}
