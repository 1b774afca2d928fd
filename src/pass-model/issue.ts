import type * as z from "zod";
import type { Json, Warning } from "./resolved-pass";

/** A refusal: one member of a template or pass that breaks a rule. */
export interface Issue {
  /** JSON Pointer with leading `#`, such as `#/apple/featuredActions/2`. */
  pointer: string;
  /** Stable, snake_case, for programs. */
  code: string;
  /** For people: which member, and what was expected of it. */
  detail: string;
}

/** What a check found: issues refuse the input, warnings go with it. */
export interface Findings {
  issues: Issue[];
  warnings: Warning[];
}

/** One list of findings out of many, in order. */
export function mergeFindings(parts: Iterable<Partial<Findings>>): Findings {
  const merged: Findings = { issues: [], warnings: [] };
  for (const { issues = [], warnings = [] } of parts) {
    for (const issue of issues) merged.issues.push(issue);
    for (const warning of warnings) merged.warnings.push(warning);
  }
  return merged;
}

/** Appends member names and indices to a JSON Pointer in its URI fragment form (RFC 6901, sections 3 and 6). */
export function pointerTo(base: string, path: readonly PropertyKey[]): string {
  const tokens = path.map((step) =>
    encodeURIComponent(String(step).toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1")),
  );
  return tokens.length > 0 ? `${base}/${tokens.join("/")}` : base;
}

/** More nulls than this say nothing new, and each costs a pointer as long as it is deep. */
const nullsReported = 50;

/** One `null_value` per null at any depth: Wallet does not open a pass whose pass.json holds a null. */
export function nullIssues(json: Json, pointer: string): Issue[] {
  const issues: Issue[] = [];
  // Not recursive: JSON from outside may be nested deeper than the stack.
  const open: Place[] = [{ value: json, key: "", parent: null }];
  for (let place = open.pop(); place && issues.length < nullsReported; place = open.pop()) {
    const { value } = place;
    if (value === null) {
      const detail = "null is not allowed in a pass; leave the member out";
      issues.push({ pointer: pointerTo(pointer, pathOf(place)), code: "null_value", detail });
    } else if (typeof value === "object") {
      for (const [key, member] of Object.entries(value).reverse()) open.push({ value: member, key, parent: place });
    }
  }
  return issues;
}

interface Place {
  value: Json;
  key: string;
  parent: Place | null;
}

function pathOf(place: Place): string[] {
  const path: string[] = [];
  for (let at = place; at.parent; at = at.parent) path.push(at.key);
  return path.reverse();
}

interface CheckOptions {
  /** Pointer to the checked value itself. */
  pointer: string;
  /** What becomes of a member that the schema does not know. */
  unknownMember: (pointer: string, path: string) => Warning;
  /** Values that are right whatever the schema says, such as placeholders. */
  accepts?: (value: Json) => boolean;
}

/**
 * Checks JSON against a zod schema. What the schema refuses is an issue at its place; a member that a
 * strict object does not know is a warning, at any depth, so that a key newer than our table blocks
 * nobody. Nulls are left to `nullIssues`.
 */
export function checkShape(schema: z.ZodType, json: Json, options: CheckOptions): Findings {
  const findings: Findings = { issues: [], warnings: [] };
  const result = schema.safeParse(json);
  for (const issue of result.error?.issues ?? []) {
    const value = valueAt(json, issue.path);
    if (value === null || (value !== undefined && options.accepts?.(value))) continue;
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) {
        const path = [...issue.path, key];
        findings.warnings.push(options.unknownMember(pointerTo(options.pointer, path), path.join(".")));
      }
      continue;
    }
    const name = issue.path.join(".");
    findings.issues.push({
      pointer: pointerTo(options.pointer, issue.path),
      code: codeOf(issue, value),
      detail: name ? `${name}: ${issue.message}` : issue.message,
    });
  }
  return findings;
}

const codes: Record<z.core.$ZodIssue["code"], string> = {
  invalid_type: "wrong_type",
  too_big: "out_of_range",
  too_small: "out_of_range",
  invalid_format: "invalid_format",
  not_multiple_of: "invalid_value",
  unrecognized_keys: "unknown_member",
  invalid_union: "wrong_type",
  invalid_key: "invalid_value",
  invalid_element: "invalid_value",
  invalid_value: "invalid_value",
  custom: "invalid_format",
};

function codeOf(issue: z.core.$ZodIssue, value: Json | undefined): string {
  if (value === undefined) return "required";
  if (issue.code === "invalid_type" && issue.expected === "never") return "not_allowed";
  if (issue.code === "invalid_union" && issue.discriminator) return "invalid_value";
  return codes[issue.code];
}

function valueAt(json: Json, path: readonly PropertyKey[]): Json | undefined {
  let value: Json | undefined = json;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PropertyKey, Json>)[step];
  }
  return value;
}
