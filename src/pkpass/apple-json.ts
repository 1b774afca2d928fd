import { pointerTo } from "../pass-model/issue";
import type { Issue } from "../pass-model/issue";
import type { Json, JsonObject } from "../pass-model/resolved-pass";

/** Reading JSON whose shape may be wrong: a rule looks at what is right and leaves the rest to the shapes. */

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/** The objects of a list with their places; nothing if it is no list. */
export function objectsIn(json: Json | undefined): { object: JsonObject; index: number }[] {
  const items = Array.isArray(json) ? json : [];
  return items.flatMap((object, index) => (isObject(object) ? [{ object, index }] : []));
}

/**
 * An issue, and just as well a warning, about the member at a path from the root of the document. The
 * detail names the member and then says what is the matter with it.
 */
export function finding(path: readonly PropertyKey[], code: string, matter: string): Issue {
  const name = (path[0] === "apple" ? path.slice(1) : path).join(".");
  return { pointer: pointerTo("#", path), code, detail: `${name}: ${matter}` };
}
