import { googleTable, type GoogleTypeName } from "./types";

/** A member of the table, taken apart: `"Image[]!"` is a required list of the base `Image`. */
export interface MemberParts {
  base: string;
  list: boolean;
  required: boolean;
  deprecated: boolean;
}

export function parseSpec(spec: string): MemberParts {
  const required = spec.endsWith("!");
  const deprecated = spec.endsWith("~");
  const value = required || deprecated ? spec.slice(0, -1) : spec;
  const list = value.endsWith("[]");
  return { base: list ? value.slice(0, -2) : value, list, required, deprecated };
}

const parsed = new Map<GoogleTypeName, ReadonlyMap<string, MemberParts>>();

/** The members of a type, deprecated ones included. */
export function membersOf(type: GoogleTypeName): ReadonlyMap<string, MemberParts> {
  let members = parsed.get(type);
  if (!members) {
    members = new Map(Object.entries(googleTable[type]).map(([member, spec]) => [member, parseSpec(spec)]));
    parsed.set(type, members);
  }
  return members;
}

export function isGoogleType(name: string): name is GoogleTypeName {
  return Object.hasOwn(googleTable, name);
}
