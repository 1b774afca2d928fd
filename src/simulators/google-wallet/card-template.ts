import { isObject } from "../../pass-model/json";
import type { Json, JsonObject } from "../../pass-model/resolved-pass";
import { fieldLabels } from "./card-labels";
import { listOf, memberOf, shownValue } from "./card-values";
import type { CardWords } from "./card-words";
import type { SavedCard } from "./contract";

/** A card, and who looks at it. */
export interface Sight {
  card: Pick<SavedCard, "class" | "object">;
  language: string;
  words: CardWords;
}

export interface CardItem {
  label: string | null;
  value: string;
  /** Where it leads; null if it is no link or one that a page must not follow. */
  href: string | null;
}

const pathShape = /^(class|object)((?:\.[A-Za-z]\w*|\[(?:'[^']*'|"[^"]*"|\d+)\])+)$/;
const stepShape = /\.([A-Za-z]\w*)|\['([^']*)'\]|\["([^"]*)"\]|\[(\d+)\]/g;

/** What a field path leads to, with the name of the last member on it. */
export function follow(card: Sight["card"], fieldPath: string): { value: Json | undefined; name: string } {
  const [, root, rest = ""] = pathShape.exec(fieldPath) ?? [];
  let value: Json | undefined = root === "class" ? card.class : root === "object" ? card.object : undefined;
  let name = "";
  for (const [, member, single, double, index] of rest.matchAll(stepShape)) {
    const id = single ?? double;
    if (member !== undefined) [value, name] = [memberOf(value, member), member];
    else if (id !== undefined) value = listOf(value).find((entry) => entry["id"] === id);
    else value = Array.isArray(value) ? value[Number(index)] : undefined;
  }
  return { value, name };
}

/** The text of the first of these paths that has one. */
export function textAt({ card, language }: Sight, fieldPaths: readonly string[]): string | null {
  for (const fieldPath of fieldPaths) {
    const { value, name } = follow(card, fieldPath);
    const text = shownValue(value, { name, language });
    if (text !== null) return text;
  }
  return null;
}

/** One field reference: its value, and the label that the issuer or Google gives it. */
function referenceItem(sight: Sight, reference: JsonObject): CardItem | null {
  const { fieldPath, dateFormat } = reference;
  if (typeof fieldPath !== "string") return null;
  const { value, name } = follow(sight.card, fieldPath);
  const text = shownValue(value, {
    name,
    language: sight.language,
    ...(typeof dateFormat === "string" && { dateFormat }),
  });
  if (text === null) return null;
  return {
    label: labelOf(sight, fieldPath, value),
    value: text,
    href: isObject(value) ? safeHref(value["uri"]) : null,
  };
}

function labelOf(sight: Sight, fieldPath: string, value: Json | undefined): string | null {
  if (isObject(value)) {
    // A text module or a number of points brings its own.
    const own = shownValue(memberOf(value, "header") ?? memberOf(value, "label"), { language: sight.language });
    if (own !== null) return own;
  }
  const known = fieldLabels[fieldPath.replaceAll(/\[\d+\]/g, "").replace(".ticketLegs", ".ticketLeg")];
  if (known === undefined) return null;
  const [word, issuersLabel] = known;
  return (issuersLabel === undefined ? null : textAt(sight, [issuersLabel])) ?? sight.words.say(word);
}

/** The first of a selector's fields that is not empty. */
export function selectorItem(sight: Sight, selector: Json | undefined): CardItem | null {
  if (!isObject(selector)) return null;
  for (const reference of listOf(selector["fields"])) {
    const item = referenceItem(sight, reference);
    if (item !== null) return item;
  }
  return null;
}

/** One item of a template: a value, two with a slash between them, or one that Google composes. */
export function templateItem(sight: Sight, item: Json | undefined): CardItem | null {
  if (!isObject(item)) return null;
  const { predefinedItem } = item;
  if (typeof predefinedItem === "string") return predefined.get(plainName(predefinedItem))?.(sight) ?? null;
  const first = selectorItem(sight, item["firstValue"]);
  const second = selectorItem(sight, item["secondValue"]);
  if (first === null || second === null) return first ?? second;
  const labels = [first.label, second.label].filter((label) => label !== null);
  return {
    label: labels.length > 0 ? labels.join(" / ") : null,
    value: `${first.value} / ${second.value}`,
    href: first.href,
  };
}

const plainName = (name: string) => name.replaceAll("_", "").toLowerCase();

const predefined = new Map<string, (sight: Sight) => CardItem | null>([
  ["flightnumberandoperatingflightnumber", flightNumbers],
  ["frequentflyerprogramnameandnumber", frequentFlyer],
]);

function flightNumbers(sight: Sight): CardItem | null {
  const shown = textAt(sight, ["class.flightHeader.flightNumberDisplayOverride"]);
  const numbers = [
    shown ?? flightNumber(sight, "carrier", "flightNumber"),
    flightNumber(sight, "operatingCarrier", "operatingFlightNumber"),
  ].filter((number) => number !== null);
  return numbers.length === 0 ? null : { label: sight.words.say("flight"), value: numbers.join(" / "), href: null };
}

function frequentFlyer(sight: Sight): CardItem | null {
  const info = "object.reservationInfo.frequentFlyerInfo";
  const number = textAt(sight, [`${info}.frequentFlyerNumber`]);
  if (number === null) return null;
  const label = textAt(sight, [`${info}.frequentFlyerProgramName`]) ?? sight.words.say("frequentFlyer");
  return { label, value: number, href: null };
}

/** The carrier's code before the digits of the flight. */
function flightNumber(sight: Sight, carrier: string, number: string): string | null {
  const header = "class.flightHeader";
  const digits = textAt(sight, [`${header}.${number}`]);
  const code = textAt(sight, [`${header}.${carrier}.carrierIataCode`, `${header}.${carrier}.carrierIcaoCode`]);
  return digits === null ? null : [code, digits].filter((part) => part !== null).join(" ");
}

/** Schemes that a link of a pass may have; anything else, scripts above all, is shown as text. */
export function safeHref(uri: Json | undefined): string | null {
  return typeof uri === "string" && /^(https?|tel|mailto|sms|geo):/i.test(uri) ? uri : null;
}

/** The rows of a card's template, each with one to three items. */
export function templateRows(sight: Sight, override: Json | undefined): CardItem[][] {
  return listOf(memberOf(override, "cardRowTemplateInfos"))
    .map((row) => [
      ...places(row["oneItem"], ["item"]),
      ...places(row["twoItems"], ["startItem", "endItem"]),
      ...places(row["threeItems"], ["startItem", "middleItem", "endItem"]),
    ])
    .map((items) => items.map((item) => templateItem(sight, item)).filter((item) => item !== null))
    .filter((items) => items.length > 0);
}

const places = (row: Json | undefined, names: string[]) => (isObject(row) ? names.map((name) => row[name]) : []);
