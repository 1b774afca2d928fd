import type { Json, JsonObject } from "../../pass-model/resolved-pass";
import { canonicalSpelling, googleEnums, type GoogleEnumName } from "./enums";
import { finding, type GoogleInvalid, type Steps } from "./finding";
import { isGoogleType, membersOf, type MemberParts } from "./member-spec";
import type { GoogleTypeName } from "./types";
import { validateGoogle } from "./validate";

export interface Fitted {
  value: JsonObject;
  /** What had to be left out, and why. */
  left: GoogleInvalid[];
}

/**
 * Makes what a tenant wrote for Google fit its table, so that one bad value does not cost the whole pass: unknown members
 * are left out, numbers and texts turn into each other where a placeholder brought the wrong one, and members that are
 * wrong nevertheless are left out. What remains passes `validateGoogle`, but for members that are required and absent.
 */
export function fitGoogle(type: GoogleTypeName, json: JsonObject): Fitted {
  const { value, left } = withoutUnknown(type, json, cast);
  // Rules are asked once the shapes are right.
  for (let wrong = check(value); wrong.length > 0; wrong = check(value)) {
    left.push(...wrong);
    for (const { steps } of wrong) delete value[String(steps[0])];
  }
  return { value, left };

  function check(part: JsonObject): GoogleInvalid[] {
    return validateGoogle(type, part, { partial: true }).filter(({ steps }) => steps.length > 0);
  }
}

/** Without the members, at any depth, that Google does not know. */
export function withoutUnknown(
  type: GoogleTypeName,
  json: JsonObject,
  change = (_: string, scalar: Json) => scalar,
): Fitted {
  const left: GoogleInvalid[] = [];
  return { value: members(type, json, []), left };

  function members(name: GoogleTypeName, object: JsonObject, at: Steps): JsonObject {
    const known: JsonObject = {};
    for (const [member, value] of Object.entries(object)) {
      const parts = membersOf(name).get(member);
      const place = [...at, member];
      if (parts) known[member] = inner(parts, value, place);
      else left.push(finding(place, "unknown_member", "is no member that Google knows"));
    }
    return known;
  }

  function inner({ base, list }: Pick<MemberParts, "base" | "list">, value: Json, at: Steps): Json {
    if (list && Array.isArray(value)) {
      return value.map((item, index) => inner({ base, list: false }, item, [...at, index]));
    }
    if (list || typeof value !== "object" || value === null) return list ? value : change(base, value);
    return isGoogleType(base) && !Array.isArray(value) ? members(base, value, at) : value;
  }
}

function cast(base: string, scalar: Json): Json {
  if (base === "int32" || base === "double") {
    return typeof scalar === "string" && scalar.trim() !== "" && Number.isFinite(Number(scalar))
      ? Number(scalar)
      : scalar;
  }
  if (typeof scalar === "number") return base === "string" || base === "int64" ? String(scalar) : scalar;
  if (typeof scalar !== "string" || !Object.hasOwn(googleEnums, base)) return scalar;
  return canonicalSpelling(base as GoogleEnumName, scalar);
}
