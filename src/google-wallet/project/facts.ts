import { isObject } from "../../pass-model/json";
import type { FieldPlace, Json, ResolvedField, ResolvedPass } from "../../pass-model/resolved-pass";
import { isInstant } from "../../pass-model/scalars";
import type { SemanticTag } from "../../pass-model/semantic-tags";
import { offsetAt } from "../../pass-model/time-zone";
import type { GoogleTypes } from "../fields/types";
import { normalKey, readHints, type FactName } from "./hints";
import { moneyOf } from "./money";
import { allSemantics } from "./semantics";
import type { Texts } from "./texts";

/** What a pass says in ways that a program can read: its semantic tags, else fields whose keys say what they hold. */
export interface Facts {
  tag: (tag: SemanticTag) => Json | undefined;
  text: (name: FactName) => string | null;
  date: (name: FactName) => FactDate | null;
  money: (name: FactName) => GoogleTypes["Money"] | null;
  zone: (name: FactName) => string | null;
  /** The field that holds a fact, if this pass has a value for it. */
  field: (name: FactName) => ResolvedField | null;
  /** Its place in the design, whether or not this pass has a value. */
  place: (name: FactName) => FieldPlace | null;
  /** The key of the place of a fact, if the field says there what `shown` are, or nothing. */
  keyIfShown: (name: FactName, ...shown: (string | null)[]) => string | undefined;
  /** The name of whom the pass is for. */
  holder: () => string | null;
  seats: () => Seat[];
}

export interface FactDate {
  /** ISO 8601 with an offset. */
  instant: string;
  /** IANA zone of the field that holds or shows it. */
  timeZone: string | null;
}

export interface Seat {
  section: string | null;
  row: string | null;
  seat: string | null;
  kind: string | null;
}

export function factsOf(pass: ResolvedPass, texts: Texts): Facts {
  const tags = allSemantics(pass);
  const fields = byKey(pass.fields);
  const places = byKey(pass.layout);

  const field: Facts["field"] = (name) => hinted(name, fields);
  const place: Facts["place"] = (name) => hinted(name, places);
  const tagged = <T>(name: FactName, read: (json: Json) => T | null): T | null => {
    for (const tag of readHints[name].tags) {
      const json = tags.get(tag);
      const found = json === undefined ? null : read(json);
      if (found !== null) return found;
    }
    return null;
  };
  const text: Facts["text"] = (name) => {
    const found = tagged(name, textOf);
    if (found !== null) return found;
    const holding = field(name);
    return holding && textOf(holding.type === "text" ? holding.value : texts.value(holding).plain);
  };
  const date: Facts["date"] = (name) => {
    const tag = tagged(name, dateOf);
    const shown = field(name);
    const timeZone = zoneOf(shown?.timeZone ?? null);
    if (tag !== null) return { instant: tag.instant, timeZone: tag.timeZone ?? timeZone };
    const value = (shown && instantOf(shown.value)) ?? relevantInstant(pass, name);
    return value === null ? null : { instant: value, timeZone };
  };
  const money: Facts["money"] = (name) => {
    const found = tagged(name, amountOf);
    if (found !== null) return found;
    const holding = field(name);
    return holding && moneyOf(holding.value, holding.currencyCode);
  };
  const holder: Facts["holder"] = () => {
    const parts = [text("givenName"), text("familyName")].filter((part) => part !== null);
    return text("holder") ?? (parts.length > 0 ? parts.join(" ") : null);
  };
  const seats: Facts["seats"] = () => {
    const tagSeats = tags.get("seats");
    const known = Array.isArray(tagSeats) ? tagSeats.flatMap(seatOf) : [];
    if (known.length > 0) return known;
    const seat: Seat = { section: text("section"), row: text("row"), seat: text("seat"), kind: null };
    return (seat.section ?? seat.row ?? seat.seat) ? [seat] : [];
  };
  const keyIfShown: Facts["keyIfShown"] = (name, ...shown) => {
    const value = field(name)?.value;
    return value === undefined || shown.includes(String(value)) ? place(name)?.key : undefined;
  };
  const zone: Facts["zone"] = (name) => tagged(name, zoneOf);
  return { tag: (tag) => tags.get(tag), text, date, money, zone, field, place, keyIfShown, holder, seats };
}

/** Where nothing else says when an event is, it is when its ticket comes up. Of a journey that may be the boarding. */
function relevantInstant({ style, relevantDates: [first] }: ResolvedPass, name: FactName): string | null {
  if (!first || style !== "eventTicket") return null;
  if (name === "eventStart") return "date" in first ? first.date : first.startDate;
  return name === "eventEnd" && "endDate" in first ? first.endDate : null;
}

/** The first of a key wins. */
function byKey<T extends { key: string }>(items: T[]): Map<string, T> {
  const map = new Map<string, T>();
  for (const item of items) {
    const key = normalKey(item.key);
    if (!map.has(key)) map.set(key, item);
  }
  return map;
}

function hinted<T extends ResolvedField | FieldPlace>(name: FactName, items: Map<string, T>): T | null {
  const { keys, accepts } = readHints[name];
  for (const key of keys) {
    const item = items.get(key);
    if (item && accepts(item.type)) return item;
  }
  return null;
}

/** A text that says something: designs put a dash where nothing is known yet. */
function textOf(json: Json): string | null {
  if (typeof json === "number") return String(json);
  if (typeof json === "string") return /[\p{L}\p{N}]/u.test(json) ? json.trim() : null;
  return isObject(json) ? personName(json) : null;
}

const nameParts = ["namePrefix", "givenName", "middleName", "familyName", "nameSuffix"];

function personName(person: { [key: string]: Json }): string | null {
  const parts = nameParts.flatMap((part) => {
    const value = Object.hasOwn(person, part) ? person[part] : undefined;
    return typeof value === "string" && value.trim() !== "" ? [value.trim()] : [];
  });
  return parts.length > 0 ? parts.join(" ") : null;
}

function instantOf(json: Json): string | null {
  if (typeof json === "string") return isInstant(json) ? json : null;
  const isOpen = !isObject(json) || json.undetermined === true || json.unannounced === true;
  return !isOpen && typeof json.date === "string" && isInstant(json.date) ? json.date : null;
}

/** An event's date may name the zone that it is in (Apple, SemanticTagType.EventDateInfo). */
function dateOf(json: Json): FactDate | null {
  const instant = instantOf(json);
  return instant === null ? null : { instant, timeZone: isObject(json) ? zoneOf(json.timeZone ?? null) : null };
}

function zoneOf(json: Json): string | null {
  if (typeof json !== "string") return null;
  try {
    offsetAt(0, json);
    return json;
  } catch {
    return null;
  }
}

function amountOf(json: Json): GoogleTypes["Money"] | null {
  if (!isObject(json)) return null;
  const { amount, currencyCode } = json;
  if (typeof currencyCode !== "string" || (typeof amount !== "string" && typeof amount !== "number")) return null;
  return moneyOf(amount, currencyCode);
}

function seatOf(json: Json): Seat[] {
  if (!isObject(json)) return [];
  const read = (name: string) => (Object.hasOwn(json, name) ? textOf(json[name]!) : null);
  const seat: Seat = {
    section: read("seatSection"),
    row: read("seatRow"),
    seat: read("seatIdentifier") ?? read("seatNumber"),
    kind: read("seatType"),
  };
  return Object.values(seat).some((part) => part !== null) ? [seat] : [];
}
