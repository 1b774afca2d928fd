import type { Json, JsonObject } from "../../pass-model/resolved-pass";
import { type CardImage, imageOf } from "./card-images";
import { type CardItem, safeHref, type Sight, templateItem } from "./card-template";
import { faces } from "./card-verticals";
import { instantOf, listOf, memberOf, shownValue } from "./card-values";
import type { SavedCard } from "./contract";

export interface CardDetails {
  /** What the class's template lists, or else the vertical's own items and every text module. */
  items: CardItem[];
  images: CardImage[];
  links: { text: string; href: string | null }[];
  messages: { header: string | null; body: string | null }[];
  locations: { latitude: number; longitude: number }[];
  /** Opens the issuer's app or site. */
  appLink: { text: string; href: string } | null;
}

// What Google shows of each, of class and object apart.
const textModulesMax = 10;
const linksMax = 10;
const imagesMax = 1;
const valueAddedMax = 15;

export function cardDetails(sight: Sight, vertical: SavedCard["vertical"], now: number): CardDetails {
  const { card } = sight;
  const bodies = [card.object, card.class];
  const override = listOf(
    memberOf(memberOf(card.class["classTemplateInfo"], "detailsTemplateOverride"), "detailsItemInfos"),
  );
  const listed = override.map((info) => templateItem(sight, info["item"])).filter((item) => item !== null);
  const standard = override.length === 0;
  const validity = ["start", "end"].map((end) =>
    templateItem(sight, { firstValue: { fields: [{ fieldPath: `object.validTimeInterval.${end}` }] } }),
  );
  return {
    items: [
      ...(standard ? defaultItems(sight, vertical, bodies) : listed),
      ...validity.filter((item) => item !== null),
    ],
    images: bodies.flatMap((body) =>
      modules(body["imageModulesData"], imagesMax, (module) => imageOf(sight, module["mainImage"])),
    ),
    links: standard
      ? bodies.flatMap((body) =>
          modules(memberOf(body["linksModuleData"], "uris"), linksMax, (uri) => linkOf(sight, uri)),
        )
      : [],
    messages: bodies.flatMap((body) =>
      modules(body["messages"], Infinity, (message) => messageOf(sight, message, now)),
    ),
    locations: bodies.flatMap((body) => modules(body["merchantLocations"], Infinity, locationOf)),
    appLink: bodies.map((body) => appLinkOf(sight, body["appLinkData"])).find((link) => link !== null) ?? null,
  };
}

/** The first of a list's entries that can be shown. */
function modules<T>(list: Json | undefined, max: number, show: (module: JsonObject) => T | null): T[] {
  return listOf(list)
    .map(show)
    .filter((shown) => shown !== null)
    .slice(0, max);
}

function defaultItems(sight: Sight, vertical: SavedCard["vertical"], bodies: JsonObject[]): CardItem[] {
  const own = faces[vertical].details.map((item) => templateItem(sight, item)).filter((item) => item !== null);
  const added = bodies.flatMap((body) =>
    modules(body["valueAddedModuleData"], valueAddedMax, (module) =>
      labelled(sight, module, "header", "body", module["uri"]),
    ),
  );
  return [
    ...own,
    ...bodies.flatMap((body) =>
      modules(body["textModulesData"], textModulesMax, (module) => labelled(sight, module, "header", "body")),
    ),
    ...bodies.flatMap((body) => infoRows(sight, body["infoModuleData"])),
    ...added.slice(0, valueAddedMax),
  ];
}

const infoRows = (sight: Sight, info: Json | undefined): CardItem[] =>
  listOf(memberOf(info, "labelValueRows")).flatMap((row) =>
    modules(row["columns"], Infinity, (column) => labelled(sight, column, "label", "value")),
  );

function labelled(sight: Sight, module: JsonObject, label: string, value: string, uri?: Json): CardItem | null {
  const { language } = sight;
  const header = shownValue(memberOf(module, label), { language });
  const body = shownValue(memberOf(module, value), { language });
  const shown = body ?? header;
  return shown === null ? null : { label: body === null ? null : header, value: shown, href: safeHref(uri) };
}

function linkOf({ language }: Sight, uri: JsonObject): CardDetails["links"][number] | null {
  const text = shownValue(memberOf(uri, "description"), { language }) ?? shownValue(uri["uri"], { language });
  return text === null ? null : { text, href: safeHref(uri["uri"]) };
}

/** A message, unless it is not to be shown yet, or no longer. */
function messageOf({ language }: Sight, message: JsonObject, now: number): CardDetails["messages"][number] | null {
  const end = (name: string) => instantOf(memberOf(message["displayInterval"], name));
  if (end("start") > now || end("end") <= now) return null;
  const [header, body] = ["header", "body"].map((name) => shownValue(memberOf(message, name), { language }));
  return { header: header ?? null, body: body ?? null };
}

function locationOf({ latitude, longitude }: JsonObject): CardDetails["locations"][number] | null {
  return typeof latitude === "number" && typeof longitude === "number" ? { latitude, longitude } : null;
}

function appLinkOf({ language }: Sight, appLink: Json | undefined): CardDetails["appLink"] {
  const target = memberOf(memberOf(memberOf(appLink, "webAppLinkInfo"), "appTarget"), "targetUri");
  const href = safeHref(memberOf(target, "uri"));
  if (href === null) return null;
  const text =
    shownValue(memberOf(appLink, "displayText"), { language }) ??
    shownValue(memberOf(target, "description"), { language });
  return { text: text ?? href, href };
}
