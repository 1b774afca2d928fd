import type { Json, JsonObject } from "../../pass-model/resolved-pass";
import { isObject } from "../apple-json";
import type { Finding } from "./examination";
import { found, show } from "./finding";

/** pass.json as bytes: what keeps it from being read, and what is in it all the same. */

const path = "pass.json";

export function readPassJson(bytes: Uint8Array): { pass: JsonObject | null; findings: Finding[] } {
  const { text, findings } = decode(bytes);
  if (text === null) return { pass: null, findings };
  const parsed = parse(text);
  if (!parsed.ok) return { pass: null, findings: [...findings, found("pass_json_invalid", path, parsed.detail)] };
  const { json, commas } = parsed;
  if (commas > 0) {
    findings.push(found("pass_json_trailing_comma", path, `${commas} ${commas === 1 ? "comma" : "commas"} too many`));
  }
  if (isObject(json)) return { pass: json, findings };
  findings.push(found("pass_json_invalid", path, `it is ${show(json)}, and an object was expected`));
  return { pass: null, findings };
}

function decode(bytes: Uint8Array): { text: string | null; findings: Finding[] } {
  const encoding = guessUtf16(bytes);
  if (encoding) {
    const finding = found("pass_json_encoding", path, `it is ${encoding.toUpperCase()}`);
    return { text: new TextDecoder(encoding).decode(bytes), findings: [finding] };
  }
  const hasMark = startsWith(bytes, [0xef, 0xbb, 0xbf]);
  const findings = hasMark ? [found("pass_json_bom", path, "it begins with the bytes EF BB BF")] : [];
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes), findings };
  } catch {
    return {
      text: null,
      findings: [...findings, found("pass_json_encoding", path, "it holds bytes that are no UTF-8")],
    };
  }
}

export const startsWith = (bytes: Uint8Array, start: number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);

/** By its mark, or by the zero that every second byte of Latin text has; null for anything else. */
export function guessUtf16(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (startsWith(bytes, [0xff, 0xfe])) return "utf-16le";
  if (startsWith(bytes, [0xfe, 0xff])) return "utf-16be";
  if (bytes.length < 2 || (bytes[0] === 0) === (bytes[1] === 0)) return null;
  return bytes[0] === 0 ? "utf-16be" : "utf-16le";
}

type Parsed = { ok: true; json: Json; commas: number } | { ok: false; detail: string };

function parse(text: string): Parsed {
  try {
    return { ok: true, json: JSON.parse(text) as Json, commas: 0 };
  } catch (error) {
    const lenient = withoutTrailingCommas(text);
    try {
      if (lenient.commas > 0) return { ok: true, json: JSON.parse(lenient.text) as Json, commas: lenient.commas };
    } catch {
      // What the strict parser said is about the file as it is.
    }
    return { ok: false, detail: `it is no JSON${placeOf(text, error)}` };
  }
}

/** A text without an end is taken to the end of the file, or each quote in it would be tried anew. */
function withoutTrailingCommas(text: string): { text: string; commas: number } {
  let commas = 0;
  const cleaned = text.replace(/"(?:[^"\\]|\\[^])*"?|,(?=\s*[\]}])/g, (match) => {
    if (match !== ",") return match;
    commas += 1;
    return "";
  });
  return { text: cleaned, commas };
}

/** V8's message repeats what stands in the file, so only the place is taken from it. */
function placeOf(text: string, error: unknown): string {
  const position = /at position (\d+)/.exec((error as Error).message)?.[1];
  if (position === undefined) return text.trim() === "" ? ": it is empty" : " to its end";
  const before = text.slice(0, Number(position)).split("\n");
  return ` from line ${before.length}, column ${before.at(-1)!.length + 1} on`;
}
