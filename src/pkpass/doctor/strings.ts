import { isLanguageTag } from "../../pass-model/scalars";
import type { Finding } from "./examination";
import { found, listed, show } from "./finding";
import { guessUtf16 } from "./json-text";
import type { PackageContent } from "./package";
import type { Announcing } from "./fields";

/** `<language>.lproj/pass.strings`: lines of `"key" = "value";` in UTF-16, or in UTF-8, which is tolerated (Apple, "Localizing a Pass"). */

export function checkStrings({ files }: PackageContent): { findings: Finding[]; announcing: Announcing } {
  const findings = checkFolders(Object.keys(files));
  const announcing = new Set<string>();
  for (const [path, bytes] of Object.entries(files)) {
    if (!/^[^/]+\.lproj\/pass\.strings$/.test(path)) continue;
    const text = decode(bytes);
    if (text === null) {
      findings.push(found("strings_encoding", path, "it is neither UTF-16 nor UTF-8"));
      continue;
    }
    const parsed = parseStrings(text);
    if (!parsed.ok) findings.push(found("strings_syntax", path, parsed.detail));
    const own = new Set<string>();
    const twice = new Set<string>();
    for (const [key, value] of parsed.entries) {
      if (own.has(key)) twice.add(key);
      own.add(key);
      if (value.includes("%@")) announcing.add(key);
    }
    if (twice.size > 0) findings.push(found("strings_duplicate_key", path, listed([...twice].map(show))));
  }
  return { findings, announcing };
}

function checkFolders(paths: string[]): Finding[] {
  const folders = new Set(paths.flatMap((path) => /^([^/]+)\.lproj\//.exec(path)?.[1] ?? []));
  return [...folders]
    .filter((name) => name !== "Base" && !isLanguage(name))
    .map((name) => found("language_folder_invalid", `${name}.lproj`, show(name)));
}

/** `pt-BR`, and `pt_BR` as older tools write it. The names of before 2002, such as `English`, are not read any more. */
const isLanguage = (name: string): boolean =>
  /^[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$/.test(name) && isLanguageTag(name.replaceAll("_", "-"));

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(guessUtf16(bytes) ?? "utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return null;
  }
}

type Parsed = { ok: boolean; entries: [key: string, value: string][]; detail: string };

const space = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const quoted = /"((?:[^"\\]|\\[^])*)"/y;
const bare = /[A-Za-z0-9_.$:/-]+/y;

/** As an old-style property list: comments, bare words and `"key";` for itself are allowed. */
function parseStrings(text: string): Parsed {
  const entries: [string, string][] = [];
  let position = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (!match) return null;
    position = pattern.lastIndex;
    return match[1] ?? match[0];
  };
  const word = () => {
    take(space);
    const inQuotes = take(quoted);
    return inQuotes === null ? take(bare) : unescaped(inQuotes);
  };
  const mark = (character: string) => {
    take(space);
    if (text[position] !== character) return false;
    position += 1;
    return true;
  };
  for (take(space); position < text.length; take(space)) {
    const start = position;
    const key = word();
    const value = key !== null && mark("=") ? word() : key;
    if (key === null || value === null || !mark(";")) {
      const line = text.slice(0, Math.max(start, position)).split("\n").length;
      return { ok: false, entries, detail: `line ${line} is not "key" = "value";` };
    }
    entries.push([key, value]);
  }
  return { ok: true, entries, detail: "" };
}

const escapes: Record<string, string> = { n: "\n", r: "\r", t: "\t" };

const unescaped = (text: string): string =>
  text.replace(/\\(?:U([0-9a-f]{4})|([^]))/gi, (_, code: string | undefined, character: string | undefined) =>
    code ? String.fromCharCode(Number.parseInt(code, 16)) : (escapes[character!] ?? character!),
  );
