import type { Finding } from "./examination";
import { causes, type CauseCode } from "./causes/table";

/** One occurrence of a cause: `path` is where, `seen` what is there. */
export function found(code: CauseCode, path: string | null, seen: string): Finding {
  const { severity, why, remedy } = causes[code];
  return { code, severity, path: path && cut(path), seen: cut(seen), why, remedy };
}

const shownCharacters = 80;
/** Names and messages come from the file, and may be as long as it likes. */
const saidCharacters = 400;

const cut = (text: string): string =>
  text.length > saidCharacters ? `${text.slice(0, saidCharacters).toWellFormed()}…` : text.toWellFormed();

/** A value as it is written in JSON, cut where it gets long. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters).toWellFormed()}…` : text;
}

/** Names in a row, with a count where there are too many. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => name.slice(0, shownCharacters));
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}
