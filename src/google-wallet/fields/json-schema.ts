import type { Schema } from "@cfworker/json-schema";
import { standIns } from "./class-types";
import { googleEnums, spellings, type GoogleEnumName } from "./enums";
import { parseSpec, type MemberParts } from "./member-spec";
import { googleTable, type GoogleScalarName, type GoogleTypeName } from "./types";

/**
 * The field table as JSON Schema 2020-12: a definition per type, no other members than the table's, the required ones,
 * and every spelling of an enum that Google reads.
 */

const clock = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?`;
const offset = String.raw`(?:Z|[+-]\d{2}:\d{2}(?::\d{2})?)`;

const scalars: Record<GoogleScalarName, Schema> = {
  string: { type: "string" },
  boolean: { type: "boolean" },
  int32: { type: "integer", minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  // Protocol Buffers' JSON writes int64 as text, and reads both.
  int64: { type: ["string", "integer"], pattern: "^-?[0-9]{1,19}$" },
  double: { type: "number" },
  dateTime: { type: "string", pattern: `^${clock}${offset}?$` },
  localDateTime: { type: "string", pattern: `^${clock}$` },
  offsetDateTime: { type: "string", pattern: `^${clock}${offset}$` },
};

let schema: (Schema & { $defs: Record<GoogleTypeName, Schema> }) | null = null;

/** Made once per isolate, when something is first to be validated. */
export function googleJsonSchema(): Schema & { $defs: Record<GoogleTypeName, Schema> } {
  schema ??= {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $defs: Object.fromEntries(
      Object.entries(googleTable).map(([name, members]) => [name, typeSchema(members)]),
    ) as Record<GoogleTypeName, Schema>,
  };
  return schema;
}

function typeSchema(members: Record<string, string>): Schema {
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  const either: Schema[] = [];
  for (const [member, spec] of Object.entries(members)) {
    const parts = parseSpec(spec);
    properties[member] = memberSchema(parts);
    if (!parts.required) continue;
    const standIn = (standIns as Record<string, string>)[member];
    if (standIn) either.push({ anyOf: [{ required: [member] }, { required: [standIn] }] });
    else required.push(member);
  }
  return {
    type: "object",
    properties,
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    ...(either.length > 0 && { allOf: either }),
  };
}

function memberSchema({ base, list, deprecated }: MemberParts): Schema {
  const one = baseSchema(base);
  return { ...(list ? { type: "array", items: one } : one), ...(deprecated && { deprecated: true }) };
}

function baseSchema(base: string): Schema {
  if (Object.hasOwn(scalars, base)) return scalars[base as GoogleScalarName];
  if (Object.hasOwn(googleEnums, base)) return { type: "string", enum: spellings(base as GoogleEnumName) };
  return { $ref: `#/$defs/${base}` };
}
