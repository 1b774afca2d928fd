import type { JsonObject } from "../../pass-model/resolved-pass";
import { passStyles, type PassStyle } from "../../pass-model/vocabulary";
import { appleTransitTypes } from "../apple-names";
import { isObject } from "../apple-json";
import type { Finding } from "./examination";
import { found, show } from "./finding";
import { at } from "./members";

/** The one style of a pass, and what belongs to single styles. */

/** Null if there is none, or more than one. */
export function styleOf(pass: JsonObject): PassStyle | null {
  const styles = passStyles.filter((style) => pass[style] !== undefined);
  return styles.length === 1 ? styles[0]! : null;
}

/** The dictionaries of fields: one, or two with the poster style. */
export const styleDictionaries = (pass: JsonObject): { name: string; groups: JsonObject }[] =>
  [...passStyles, "posterGeneric"].flatMap((name) => {
    const groups = pass[name];
    return isObject(groups) ? [{ name, groups }] : [];
  });

export function checkStyle(pass: JsonObject): Finding[] {
  const styles = passStyles.filter((style) => pass[style] !== undefined);
  return [
    ...checkCount(styles, pass),
    ...styles.flatMap((style) => checkTransitType(style, pass)),
    ...checkGrouping(pass),
  ];
}

function checkCount(styles: PassStyle[], pass: JsonObject): Finding[] {
  if (styles.length > 1) return [found("style_multiple", "pass.json", styles.join(" and "))];
  if (styles.length === 1) return [];
  // Said once more by the rules of posterGeneric, which are left out there.
  if (pass.posterGeneric !== undefined) {
    return [found("style_poster_generic_alone", at("posterGeneric"), "posterGeneric is the only style")];
  }
  return [found("style_missing", "pass.json", "none of the styles is there")];
}

function checkTransitType(style: PassStyle, pass: JsonObject): Finding[] {
  const dictionary = pass[style];
  if (!isObject(dictionary)) return [];
  const { transitType } = dictionary;
  const path = at(style, "transitType");
  if (style !== "boardingPass") {
    return transitType === undefined ? [] : [found("transit_type_forbidden", path, `${style} has a transitType`)];
  }
  if (transitType === undefined) return [found("transit_type_missing", path, "it is missing")];
  const isKnown = transitType === null || Object.values(appleTransitTypes).some((known) => known === transitType);
  return isKnown ? [] : [found("transit_type_unknown", path, show(transitType))];
}

const groupingStyles: readonly PassStyle[] = ["boardingPass", "eventTicket"];

function checkGrouping(pass: JsonObject): Finding[] {
  const style = styleOf(pass);
  if (pass.groupingIdentifier === undefined || style === null || groupingStyles.includes(style)) return [];
  const seen = `${style}; only ${groupingStyles.join(" and ")} are grouped`;
  return [found("key_not_for_style", at("groupingIdentifier"), seen)];
}
