import { isObject } from "../../pass-model/json";
import type { Json, JsonObject } from "../../pass-model/resolved-pass";
import { Refusal } from "./refusal";

/** Far deeper than any pass, and shallow enough for what walks through it. */
const depthMax = 64;
/** One resource has to fit into a row. */
const resourceCharactersMax = 512 * 1024;

/** The JSON object that a text holds, or a refusal. */
export function parseObject(text: string, charactersMax = resourceCharactersMax): JsonObject {
  if (text.length > charactersMax) throw new Refusal("tooLarge", "Request payload size exceeds the limit.");
  if (depthOf(text) > depthMax) throw new Refusal("parseError", "Parse Error: the JSON is nested too deeply.");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Refusal("parseError", "Parse Error: the body is not valid JSON.");
  }
  if (!isObject(json)) throw new Refusal("parseError", "Parse Error: the body is not a JSON object.");
  return json;
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character === "\\") at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "{" || character === "[") deepest = Math.max(deepest, (depth += 1));
    else if (character === "}" || character === "]") depth -= 1;
  }
  return deepest;
}

/** Members are merged at any depth, `null` clears one, an array replaces the array whole. */
export function merged(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return withoutNulls(patch);
  const members = new Map<string, Json>(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) members.delete(name);
    else members.set(name, merged(members.get(name), value));
  }
  return Object.fromEntries(members);
}

/** Without members that are null, at any depth: in Google's JSON they mean the same as absent ones. */
export function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([name, item]) => [name, withoutNulls(item)]),
  );
}

export function at(json: Json | undefined, path: readonly string[]): Json | undefined {
  let value = json;
  for (const name of path) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

/** Whether two values are equal, whatever the order of their members. */
export const same = (a: Json | undefined, b: Json | undefined): boolean =>
  JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

function sorted(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => sorted(item)!);
  if (!isObject(value)) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, item]) => [name, sorted(item)!]));
}
