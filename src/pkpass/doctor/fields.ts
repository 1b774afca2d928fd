import { overflowWarnings } from "../../pass-model/front-limits";
import type { Json, JsonObject } from "../../pass-model/resolved-pass";
import type { BarcodeFormat, FieldPosition } from "../../pass-model/vocabulary";
import { isObject, objectsIn } from "../apple-json";
import { fieldMembers } from "../apple-key-shapes";
import { appleBarcodes, appleFieldGroups } from "../apple-names";
import type { Finding } from "./examination";
import { found, show } from "./finding";
import { at, checkDate } from "./members";
import { styleDictionaries, styleOf } from "./style";

/** The fields of a pass (Apple, PassFields and PassFieldContent). */

/** Texts of pass.json whose translation, in any language, says where the new value stands. */
export type Announcing = ReadonlySet<string>;

interface PlacedField {
  field: JsonObject;
  group: string;
  groupPath: string;
  path: (...steps: string[]) => string;
}

const positions = new Map(
  Object.entries(appleFieldGroups).map(([position, group]) => [group, position as FieldPosition]),
);
/** Of posterGeneric only. */
const posterGroups = new Set(["footerFields"]);

export function checkFields(pass: JsonObject, announcing: Announcing): Finding[] {
  const dictionaries = styleDictionaries(pass).map(({ name, groups }) => ({
    name,
    groups,
    fields: place(name, groups),
  }));
  return [
    ...dictionaries.flatMap(({ name, groups }) => checkGroups(name, groups)),
    ...dictionaries.flatMap(({ fields }) => [
      ...fields.flatMap((field) => checkField(field, announcing)),
      ...checkKeys(fields),
    ]),
    ...checkCounts(pass, dictionaries),
  ];
}

const place = (name: string, groups: JsonObject): PlacedField[] =>
  Object.entries(groups).flatMap(([group, fields]) =>
    positions.has(group)
      ? objectsIn(fields).map(({ object, index }) => ({
          field: object,
          group,
          groupPath: at(name, group),
          path: (...steps: string[]) => at(name, group, index, ...steps),
        }))
      : [],
  );

/** Groups of the wrong type or name; `posterGeneric` is checked with Apple's own keys. */
function checkGroups(name: string, groups: JsonObject): Finding[] {
  if (name === "posterGeneric") return [];
  return Object.entries(groups).flatMap(([group, fields]): Finding[] => {
    if (group === "transitType") return [];
    if (!positions.has(group)) return [found("unknown_key", at(name, group), show(group))];
    if (posterGroups.has(group))
      return [found("key_not_for_style", at(name, group), `${group} belongs to posterGeneric`)];
    if (fields === null) return [];
    if (!Array.isArray(fields))
      return [found("member_type_wrong", at(name, group), `${show(fields)}; expected a list`)];
    return fields.flatMap((field, index) =>
      field === null || isObject(field)
        ? []
        : [found("member_type_wrong", at(name, group, index), `${show(field)}; expected a field {key, value, …}`)],
    );
  });
}

function checkField(placed: PlacedField, announcing: Announcing): Finding[] {
  const { field, path } = placed;
  const wrong = Object.entries(field).flatMap(([name, json]): Finding[] => {
    if (!Object.hasOwn(fieldMembers, name) && name !== "row") return [found("unknown_key", path(name), show(name))];
    return name === "key" || name === "value" || json === null ? [] : checkMember(name, json, path(name));
  });
  return [...checkKeyAndValue(placed), ...wrong, ...checkFormats(placed), ...checkTexts(placed, announcing)];
}

function checkMember(name: string, json: Json, path: string): Finding[] {
  if (name === "row") {
    return json === 0 || json === 1 ? [] : [found("field_member_invalid", path, `${show(json)}; expected 0 or 1`)];
  }
  const { error } = fieldMembers[name as keyof typeof fieldMembers].safeParse(json);
  const [issue] = error?.issues ?? [];
  return issue ? [found("field_member_invalid", path, `${show(json)}; ${issue.message}`)] : [];
}

function checkKeyAndValue({ field, path }: PlacedField): Finding[] {
  const { key, value } = field;
  const findings: Finding[] = [];
  const isKey = key === null || (typeof key === "string" && key !== "");
  if (!isKey) findings.push(found("field_without_key", path("key"), key === undefined ? "it is missing" : show(key)));
  if (value === undefined) findings.push(found("field_without_value", path("value"), `the field ${show(key)}`));
  else if (value !== null && typeof value !== "string" && typeof value !== "number") {
    findings.push(found("field_value_type", path("value"), `${show(value)}; expected text or a number`));
  }
  return findings;
}

function checkFormats({ field, path }: PlacedField): Finding[] {
  const { value, dateStyle, timeStyle, numberStyle, currencyCode } = field;
  const findings: Finding[] = [];
  if (isSet(dateStyle) || isSet(timeStyle))
    findings.push(...(isText(value) || isNumber(value) ? checkDate(value, path("value")) : []));
  if ((isSet(numberStyle) || isSet(currencyCode)) && isText(value)) {
    findings.push(found("field_value_type", path("value"), `${show(value)} with a number format; expected a number`));
  }
  if (isSet(numberStyle) && isSet(currencyCode)) {
    findings.push(
      found("currency_and_number_style", path("numberStyle"), `${show(currencyCode)} and ${show(numberStyle)}`),
    );
  }
  return findings;
}

/** A change message may be the name of a translation, and its %@ then stands there. */
function checkTexts({ field, path }: PlacedField, announcing: Announcing): Finding[] {
  const { changeMessage, attributedValue } = field;
  const findings: Finding[] = [];
  if (typeof changeMessage === "string") {
    if (!changeMessage.includes("%@") && !announcing.has(changeMessage)) {
      findings.push(found("change_message_placeholder", path("changeMessage"), show(changeMessage)));
    }
  }
  if (typeof attributedValue === "string") {
    const other = attributedValue.match(/<\/?[a-z][a-z0-9]*/gi)?.find((tag) => !/^<\/?a$/i.test(tag));
    if (other) findings.push(found("attributed_value_markup", path("attributedValue"), `${other}>`));
    const link = [...attributedValue.matchAll(/href\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].find(([, a, b]) =>
      /\s/.test((a ?? b)!.trim()),
    );
    if (link) findings.push(found("url_invalid", path("attributedValue"), show(link[1] ?? link[2])));
  }
  return findings;
}

function checkKeys(fields: PlacedField[]): Finding[] {
  const seen = new Set<string>();
  return fields.flatMap(({ field: { key }, path }): Finding[] => {
    if (typeof key !== "string" || key === "") return [];
    const isKnown = seen.has(key);
    seen.add(key);
    return isKnown ? [found("field_duplicate_key", path("key"), `${show(key)} is there twice`)] : [];
  });
}

const formats = new Map(
  Object.entries(appleBarcodes).flatMap(([format, apple]) => (apple ? [[apple.format, format as BarcodeFormat]] : [])),
);

function checkCounts(pass: JsonObject, dictionaries: { name: string; fields: PlacedField[] }[]): Finding[] {
  const style = styleOf(pass);
  const fields = dictionaries.find(({ name }) => name === style)?.fields;
  if (style === null || !fields) return [];
  const front = fields.map(({ field, group }, index) => ({
    key: typeof field.key === "string" ? field.key : `#${index}`,
    position: positions.get(group)!,
    row: field.row === 1 ? (1 as const) : (0 as const),
  }));
  const [first] = objectsIn(pass.barcodes);
  const barcode = first?.object ?? (isObject(pass.barcode) ? pass.barcode : {});
  const format = typeof barcode.format === "string" ? formats.get(barcode.format) : undefined;
  return overflowWarnings({ style, barcode: format ? { format } : null, fields: front }).map(({ pointer, detail }) => {
    const { groupPath } = fields[Number(pointer.split("/").at(-1))]!;
    return found("too_many_fields", groupPath, detail);
  });
}

const isSet = (json: Json | undefined): boolean => json !== undefined && json !== null;
const isText = (json: Json | undefined): json is string => typeof json === "string";
const isNumber = (json: Json | undefined): json is number => typeof json === "number";
