import { validate, type OutputUnit, type Schema } from "@cfworker/json-schema";
import { placeholderNames } from "../../pass-model/placeholders";
import { expectationAt, isTextPlace } from "./expectation";
import { finding, valueAt, type GoogleInvalid } from "./finding";
import { googleJsonSchema } from "./json-schema";
import { ruleFindings } from "./rule-walk";
import type { GoogleTypeName } from "./types";

export type { GoogleInvalid, Steps } from "./finding";

export interface ValidateOptions {
  /** The value itself may lack members, as in a PATCH; the values in it may not. */
  partial?: boolean;
  /** A text with a placeholder stands for any text, number or enum value. */
  placeholders?: boolean;
}

/** What Google would refuse of a value of one of its types; nothing if it is right. */
export function validateGoogle(type: GoogleTypeName, json: unknown, options: ValidateOptions = {}): GoogleInvalid[] {
  const shape = shapeFindings(type, json, options);
  // Rules read members by their types.
  return shape.length > 0 ? shape : ruleFindings(type, json, options);
}

/** Of a larger value only the first mistake is told: each costs a line per level that it is deep in. */
const valuesMax = 2000;

function shapeFindings(type: GoogleTypeName, json: unknown, { partial, placeholders }: ValidateOptions) {
  if (json === undefined) return [finding([], "required", "is required")];
  const whole = googleJsonSchema().$defs[type];
  const { required: _required, allOf: _allOf, ...anyMembers } = whole;
  const definition = partial ? anyMembers : whole;
  const errors = errorsOf(json, definition);
  const findings = errors ? readErrors(type, errors) : [finding([], "unknown_member", "has a name that is no Unicode")];
  return placeholders ? findings.filter((found) => !isFilledInLater(type, json, found)) : findings;
}

/** Null if a member's name has half a surrogate pair: the validator writes names into URIs. */
function errorsOf(json: unknown, definition: Schema): OutputUnit[] | null {
  try {
    const first = run(json, definition, true);
    return first.valid || hasManyValues(json) ? first.errors : run(json, definition, false).errors;
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

let lookup: Record<string, Schema> | null = null;

function run(json: unknown, definition: Schema, stopAtFirst: boolean): ReturnType<typeof validate> {
  return validate(json, definition, "2020-12", (lookup ??= makeLookup()), stopAtFirst);
}

/** The validator looks a `$ref` up as it is written; making URLs of all of them first would cost milliseconds. */
function makeLookup(): Record<string, Schema> {
  const definitions = Object.entries<Schema>(googleJsonSchema().$defs);
  return Object.fromEntries(definitions.map(([name, definition]) => [`#/$defs/${name}`, definition]));
}

function hasManyValues(json: unknown): boolean {
  const open: unknown[] = [json];
  for (let seen = 0; open.length > 0; seen += 1) {
    if (seen + open.length > valuesMax) return true;
    const value = open.pop();
    if (typeof value === "object" && value !== null) open.push(...Object.values(value).slice(0, valuesMax));
  }
  return false;
}

function isFilledInLater(type: GoogleTypeName, json: unknown, { steps }: GoogleInvalid): boolean {
  const value = valueAt(json, steps);
  return typeof value === "string" && placeholderNames(value).length > 0 && isTextPlace(type, steps);
}

const codes: Record<string, GoogleInvalid["code"]> = {
  false: "unknown_member",
  type: "wrong_type",
  required: "required",
  enum: "invalid_value",
  pattern: "invalid_value",
  minimum: "invalid_value",
  maximum: "invalid_value",
};

/** The validator tells each mistake at every level that it is deep in, and each way in which alternatives fail. */
function readErrors(type: GoogleTypeName, errors: OutputUnit[]): GoogleInvalid[] {
  const findings = new Map<string, GoogleInvalid>();
  for (const { keyword, keywordLocation, instanceLocation, error } of errors) {
    const code = codes[keyword];
    // Of two members that can stand in for each other, the plain one is asked for.
    if (!code || keywordLocation.endsWith("/anyOf/1/required")) continue;
    const missing = code === "required" ? [/"([^"]*)"/.exec(error)?.[1] ?? ""] : [];
    const steps = [...stepsOf(instanceLocation), ...missing];
    const key = JSON.stringify(steps);
    if (!findings.has(key)) findings.set(key, finding(steps, code, expectationAt(type, steps, code)));
  }
  return [...findings.values()];
}

function stepsOf(location: string): (string | number)[] {
  return location
    .split("/")
    .slice(1)
    .map((token) => decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
