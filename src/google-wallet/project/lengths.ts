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

type TextModule = GoogleTypes["TextModuleData"];
type Uri = GoogleTypes["Uri"];

export function lengthWarnings(pass: ResolvedPass, projected: Projected, layout: CardLayout): Warning[] {
  const places = new Map(pass.layout.map(({ key }, index) => [key, index]));
  // Modules that the design writes itself are no fields.
  const fieldsOf = <T extends { id?: string }>(items: T[] | undefined) =>
    (items ?? []).filter(({ id }) => id !== undefined && places.has(id));
  const modules = fieldsOf(projected.object.textModulesData as TextModule[] | undefined);
  const uris = fieldsOf((projected.object.linksModuleData as GoogleTypes["LinksModuleData"] | undefined)?.uris);
  return [
    ...memberWarnings(projected),
    ...fieldConcerns(modules, uris, layout).flatMap(([code, keys, detail]) => {
      const pointer = `#/fields/${places.get(keys[0] ?? "")}`;
      return keys.length === 0 ? [] : [{ code, pointer, detail: `${detail}: ${keys.join(", ")}` }];
    }),
  ];
}

function fieldConcerns(modules: TextModule[], uris: Uri[], layout: CardLayout): [string, string[], string][] {
  const { header, body } = recommendedLengths.TextModuleData;
  const { description } = recommendedLengths.Uri;
  const longModules = modules.filter((module) => isLonger(module.header, header) || isLonger(module.body, body));
  const longUris = uris.filter((uri) => isLonger(uri.description, description));
  const [textsShown, linksShown] = [shownCounts.textModulesData, shownCounts["linksModuleData.uris"]];
  return [
    [
      "google_front_overflow",
      layout.overflow.map(({ key }) => key),
      "Google's front has three rows of three; these stand in the details",
    ],
    ["google_text_cut", cutInRows(modules, layout), "longer than Google's rows show on small phones"],
    [
      "google_text_long",
      idsOf(longModules),
      `labels over ${header} or values over ${body} characters are cut on small phones`,
    ],
    ["google_text_long", idsOf(longUris), `labels of links over ${description} characters are cut on small phones`],
    [
      "google_too_many_fields",
      idsOf(modules.slice(textsShown)),
      `Google shows ${textsShown} texts of a pass; beyond them are`,
    ],
    [
      "google_too_many_links",
      idsOf(uris.slice(linksShown)),
      `Google shows ${linksShown} links of a pass; beyond them are`,
    ],
  ];
}

const idsOf = (items: { id?: string }[]): string[] => items.map(({ id }) => id!);

const isLonger = (text: unknown, max: number): boolean =>
  // Characters are counted only where there are enough units to be too many.
  typeof text === "string" && text.length > max && Array.from(text).length > max;

function cutInRows(modules: TextModule[], { rows }: CardLayout): string[] {
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
