import { checkShape, nullIssues, type Issue } from "../../pass-model/issue";
import type { Json, JsonObject, Warning } from "../../pass-model/resolved-pass";
import { checkSemantics } from "../../pass-model/semantics";
import type { FieldPosition, ImageSlot } from "../../pass-model/vocabulary";
import { isObject } from "../apple-json";
import { appleKeyShape, appleKeys } from "../apple-key-table";
import { checkAppleKeys } from "../apple-keys";
import { appleFieldGroups } from "../apple-names";
import type { CauseCode } from "./causes/table";
import type { Finding } from "./examination";
import { found, show } from "./finding";
import { at } from "./members";
import { styleDictionaries, styleOf } from "./style";

/** The keys of the newer layouts and the semantic tags, by the rules that hold for the `apple` member of our own templates. */

export function checkLayoutKeys(pass: JsonObject, images: ImageSlot[]): Finding[] {
  const own = Object.fromEntries(Object.entries(pass).filter(([key]) => appleKeys.has(key)));
  const style = styleOf(pass);
  const isPosterAlone = style === null && isObject(pass.posterGeneric);
  const { issues, warnings } =
    style === null && !isPosterAlone
      ? checkShape(appleKeyShape, own, { pointer: "#/apple", unknownMember })
      : checkAppleKeys(own, {
          style: style ?? "generic",
          legacyStyle: style !== null,
          nfc: isObject(pass.nfc),
          nfcRequiresAuthentication: isObject(pass.nfc) && pass.nfc.requiresAuthentication === true,
          barcode: pass.barcodes !== undefined || pass.barcode !== undefined,
          semantics: isObject(pass.semantics) ? pass.semantics : {},
          associatedStoreIdentifiers: pass.associatedStoreIdentifiers !== undefined,
          images,
          fieldPositions: fieldPositions(pass),
        });
  const findings = [
    ...issues.flatMap((issue) => translate(issue, issueCode(issue), pass)),
    ...warnings.flatMap((warning) => translate(warning, warningCode(warning), pass)),
    ...checkPlainLinks(own),
    ...checkAppLink(pass),
  ];
  return oncePerMember(joinSchemes(findings));
}

/** A scheme falls back once, whatever it lacks; and what it would show besides matters only where it does not. */
function joinSchemes(findings: Finding[]): Finding[] {
  const fallen = new Set(findings.flatMap(({ code, path }) => (code === "scheme_fallback" ? [path] : [])));
  const joined = new Map<string, Finding>();
  return findings.flatMap((finding): Finding[] => {
    const { code, path, seen } = finding;
    if (code !== "scheme_fallback" && code !== "scheme_incomplete") return [finding];
    if (code === "scheme_incomplete" && fallen.has(path)) return [];
    const first = joined.get(`${code} ${path}`);
    if (first) first.seen += `; ${seen}`;
    else joined.set(`${code} ${path}`, finding);
    return first ? [] : [finding];
  });
}

/** That a key belongs to another style is not worth saying where its value is wrong as well. */
const oncePerMember = (findings: Finding[]): Finding[] =>
  findings.filter(
    ({ code, path }) =>
      code !== "key_not_for_style" || !findings.some((other) => other.severity === "error" && other.path === path),
  );

const unknownMember = (pointer: string, path: string): Warning => ({
  code: "unknown_apple_key",
  pointer,
  detail: path,
});

function fieldPositions(pass: JsonObject): FieldPosition[] {
  const groups = styleDictionaries(pass).flatMap((dictionary) =>
    dictionary.name === "posterGeneric" ? [] : Object.keys(dictionary.groups),
  );
  const positions = Object.entries(appleFieldGroups).filter(([, group]) => groups.includes(group));
  // A footer in a classic style is told with its group.
  return positions.map(([position]) => position as FieldPosition).filter((position) => position !== "footer");
}

const colorKeys = /^#\/apple\/(stripColor|footerBackgroundColor)$/;
const linkKeys = /(URL|Website)$/;

/** Null for what is told elsewhere: nulls, and fields, which have rules of their own. */
function issueCode({ code, pointer }: Issue): CauseCode | null {
  if (code === "null_value" || isInPosterField(pointer)) return null;
  if (["unsupported_for_style", "not_allowed"].includes(code)) return "key_not_for_style";
  if (code === "layout_not_requested") return "layout_not_requested";
  if (colorKeys.test(pointer)) return "color_invalid";
  return linkKeys.test(pointer) ? "url_invalid" : "member_invalid";
}

const warningCodes: Record<string, CauseCode> = {
  scheme_fallback: "scheme_fallback",
  scheme_incomplete: "scheme_incomplete",
  event_guide_hidden: "scheme_incomplete",
  layout_not_requested: "layout_not_requested",
  fields_not_shown: "too_many_fields",
  two_number_formats: "currency_and_number_style",
  app_unknown: "app_launch_without_store",
  unknown_apple_key: "unknown_key",
  unknown_semantic_tag: "unknown_semantic_tag",
};

/** `poster_generic_alone` is told with the styles. */
const warningCode = ({ code, pointer }: Warning): CauseCode | null =>
  isInPosterField(pointer) ? null : (warningCodes[code] ?? null);

const isInPosterField = (pointer: string): boolean => /^#\/apple\/posterGeneric\/[^/]+\/\d+/.test(pointer);

function translate({ pointer, detail }: Issue, code: CauseCode | null, pass: JsonObject): Finding[] {
  if (!code) return [];
  if (pointer === "#/fields") return [found(code, at(styleOf(pass) ?? "", "additionalInfoFields"), detail)];
  const value = valueAt(pass, pointer.replace("#/apple/", ""));
  const isShown = value !== undefined && typeof value !== "object";
  return [found(code, `pass.json${pointer.replace("/apple", "")}`, isShown ? `${show(value)}; ${detail}` : detail)];
}

function valueAt(pass: JsonObject, pointer: string): Json | undefined {
  return pointer.split("/").reduce<Json | undefined>((value, step) => {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    return (value as Record<string, Json>)[step];
  }, pass);
}

/** The shapes take http, which most systems still open. */
function checkPlainLinks(own: JsonObject): Finding[] {
  return Object.entries(own).flatMap(([key, value]) =>
    linkKeys.test(key) && typeof value === "string" && /^http:\/\/[^\s]+$/i.test(value)
      ? [found("url_not_https", at(key), show(value))]
      : [],
  );
}

function checkAppLink({ appLaunchURL, associatedStoreIdentifiers }: JsonObject): Finding[] {
  if (appLaunchURL === undefined || associatedStoreIdentifiers !== undefined) return [];
  return [found("app_launch_without_store", at("appLaunchURL"), "associatedStoreIdentifiers is missing")];
}

/** Of the pass and of its fields. Each tag's rules are those of our own templates. */
export function checkAllSemantics(pass: JsonObject): Finding[] {
  const places: [Json | undefined, string][] = [[pass.semantics, "#/semantics"]];
  for (const { name, groups } of styleDictionaries(pass)) {
    for (const [group, fields] of Object.entries(groups)) {
      if (!Array.isArray(fields)) continue;
      for (const [index, field] of fields.entries()) {
        if (isObject(field)) places.push([field.semantics, `#/${name}/${group}/${index}/semantics`]);
      }
    }
  }
  return places.flatMap(([semantics, pointer]): Finding[] => {
    if (!isObject(semantics)) return [];
    const { issues, warnings } = checkSemantics(semantics, pointer);
    const wrong = issues.filter(({ code }) => code !== "null_value");
    return [
      ...wrong.map((issue) => found("semantic_tag_invalid", `pass.json${issue.pointer}`, issue.detail)),
      ...warnings.map((warning) => found("unknown_semantic_tag", `pass.json${warning.pointer}`, warning.detail)),
    ];
  });
}

export const checkNulls = (pass: JsonObject): Finding[] =>
  nullIssues(pass, "#").map(({ pointer }) => found("null_value", `pass.json${pointer}`, "null"));
