import type { JsonObject, ResolvedPass, Warning } from "../../pass-model/resolved-pass";
import type { GoogleVertical } from "../../pass-model/vocabulary";
import { recommendedLengths, shownCounts } from "../fields/recommended-lengths";
import type { GoogleTypes } from "../fields/types";
import { verticalTypes } from "../fields/verticals";
import type { CardLayout } from "./layout";

/** Texts and lists that are longer than Google shows. One warning for each kind, for each kind has one remedy. */

interface Projected {
  vertical: GoogleVertical;
  class: JsonObject;
  object: JsonObject;
}

export function lengthWarnings(pass: ResolvedPass, projected: Projected, layout: CardLayout): Warning[] {
  const modules = (projected.object.textModulesData ?? []) as GoogleTypes["TextModuleData"][];
  const uris = (projected.object.linksModuleData as GoogleTypes["LinksModuleData"] | undefined)?.uris ?? [];
  const pointerTo = (key: string | undefined) => `#/fields/${pass.layout.findIndex((place) => place.key === key)}`;
  const pointed = (code: string, keys: (string | undefined)[], detail: string): Warning[] =>
    keys.length === 0 ? [] : [{ code, pointer: pointerTo(keys[0]), detail: `${detail}: ${keys.join(", ")}` }];
  const { header, body } = recommendedLengths.TextModuleData;
  const { description } = recommendedLengths.Uri;
  const long = (items: { id?: string }[], isLong: (item: never) => boolean) =>
    items.filter(isLong as (item: unknown) => boolean).map(({ id }) => id);
  return [
    ...memberWarnings(projected),
    ...pointed(
      "google_front_overflow",
      layout.overflow.map(({ key }) => key),
      "Google's front has three rows of three; these stand in the details",
    ),
    ...pointed("google_text_cut", cutInRows(modules, layout), "longer than Google's rows show on small phones"),
    ...pointed(
      "google_text_long",
      long(
        modules,
        (item: GoogleTypes["TextModuleData"]) => isLonger(item.header, header) || isLonger(item.body, body),
      ),
      `labels over ${header} or values over ${body} characters are cut on small phones`,
    ),
    ...pointed(
      "google_text_long",
      long(uris, (item: GoogleTypes["Uri"]) => isLonger(item.description, description)),
      `labels of links over ${description} characters are cut on small phones`,
    ),
    ...pointed(
      "google_too_many_fields",
      beyond(modules, shownCounts.textModulesData),
      `Google shows ${shownCounts.textModulesData} texts of a pass; beyond them are`,
    ),
    ...pointed(
      "google_too_many_links",
      beyond(uris, shownCounts["linksModuleData.uris"]),
      `Google shows ${shownCounts["linksModuleData.uris"]} links of a pass; beyond them are`,
    ),
  ];
}

const isLonger = (text: unknown, max: number): boolean =>
  // Characters are counted only where there are enough units to be too many.
  typeof text === "string" && text.length > max && Array.from(text).length > max;

const beyond = (items: { id?: string }[], count: number) => items.slice(count).map(({ id }) => id);

function cutInRows(modules: GoogleTypes["TextModuleData"][], { rows }: CardLayout): string[] {
  const byId = new Map(modules.map((module) => [module.id, module]));
  const { label, value } = recommendedLengths.LabelValue;
  return rows.flatMap((row) => {
    const times = row.length === 1 ? 2 : 1;
    const isCut = (key: string) => {
      const module = byId.get(key);
      return isLonger(module?.header, label * times) || isLonger(module?.body, value * times);
    };
    return row.filter(({ key }) => isCut(key)).map(({ key }) => key);
  });
}

/** What members of classes and objects are made of. */
const origins: Record<string, string> = {
  issuerName: "#/organizationName",
  merchantName: "#/organizationName",
  programName: "#/organizationName",
  provider: "#/organizationName",
  title: "#/description",
  shortTitle: "#/logoText",
};

function memberWarnings({ vertical, ...sides }: Projected): Warning[] {
  const found = new Map<string, string[]>();
  for (const side of ["class", "object"] as const) {
    const lengths: Record<string, number> =
      (recommendedLengths as Record<string, Record<string, number>>)[verticalTypes[vertical][side]] ?? {};
    for (const [member, max] of Object.entries(lengths)) {
      if (!isLonger(sides[side][member], max)) continue;
      const pointer = origins[member] ?? "#/fields";
      found.set(pointer, [...(found.get(pointer) ?? []), `${member} (${max})`]);
    }
  }
  return [...found].map(([pointer, members]) => ({
    code: "google_text_long",
    pointer,
    detail: `longer than Google shows on small phones, in characters: ${members.join(", ")}`,
  }));
}
