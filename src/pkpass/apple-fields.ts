import { mergeFindings, pointerTo } from "../pass-model/issue";
import type { Findings } from "../pass-model/issue";
import type { JsonObject } from "../pass-model/resolved-pass";
import { isInstant } from "../pass-model/scalars";
import { checkSemantics } from "../pass-model/semantics";
import { finding, isObject, objectsIn } from "./apple-json";

type Path = readonly PropertyKey[];

/**
 * What spans the members of fields that stand in `apple` as pass.json has them (Apple documentation,
 * PassFieldContent; pass-builder, FieldFormattingValidator): a key is unique among all groups, a date
 * format needs a date, a number format a number, and semantic tags hold.
 *
 * @param groups Name of a group, such as `backFields`, to its list of fields.
 * @param path Where the groups stand, from the root of the document.
 */
export function checkFieldGroups(groups: JsonObject, path: Path): Findings {
  const seen = new Set<string>();
  const placed = Object.entries(groups).flatMap(([group, list]) =>
    objectsIn(list).map(({ object, index }) => ({ field: object, at: [...path, group, index] })),
  );
  return mergeFindings(
    placed.flatMap(({ field, at }) => [checkKey(field, at, seen), checkFormats(field, at), checkTags(field, at)]),
  );
}

function checkKey({ key }: JsonObject, at: Path, seen: Set<string>): Partial<Findings> {
  if (typeof key !== "string") return {};
  const known = seen.has(key);
  seen.add(key);
  return known ? { issues: [finding([...at, "key"], "duplicate_key", "the key is there twice")] } : {};
}

/** The formats that ask something of `value`. `PKDateStyleNone` asks, too: it hides a part of a date. */
const formats: { member: string; suits: (value: string | number) => boolean; expected: string }[] = [
  { member: "dateStyle", suits: isDate, expected: "an ISO 8601 date and time with an offset" },
  { member: "timeStyle", suits: isDate, expected: "an ISO 8601 date and time with an offset" },
  { member: "numberStyle", suits: isNumber, expected: "a number" },
  { member: "currencyCode", suits: isNumber, expected: "a number" },
];

function checkFormats(field: JsonObject, at: Path): Partial<Findings> {
  const { value } = field;
  if (typeof value !== "string" && typeof value !== "number") return {};
  const broken = formats.find(({ member, suits }) => field[member] !== undefined && !suits(value));
  const both = field.currencyCode !== undefined && field.numberStyle !== undefined;
  return {
    issues: broken ? [finding([...at, "value"], "wrong_type", `${broken.member} needs ${broken.expected}`)] : [],
    warnings: both
      ? [finding([...at, "numberStyle"], "two_number_formats", "Wallet takes currencyCode or numberStyle, not both")]
      : [],
  };
}

function checkTags({ semantics }: JsonObject, at: Path): Partial<Findings> {
  if (!isObject(semantics)) return {};
  const { issues, warnings } = checkSemantics(semantics, pointerTo("#", [...at, "semantics"]));
  // Nulls are reported with those of the whole `apple` member.
  return { issues: issues.filter(({ code }) => code !== "null_value"), warnings };
}

function isDate(value: string | number): boolean {
  return typeof value === "string" && isInstant(value);
}

function isNumber(value: string | number): boolean {
  return typeof value === "number";
}
