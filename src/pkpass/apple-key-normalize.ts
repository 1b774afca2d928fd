import type { Json, JsonObject } from "../pass-model/resolved-pass";
import { semanticDateTags } from "../pass-model/semantic-tags";
import { isObject } from "./apple-json";
import { appleColor } from "./color";
import { appleDate } from "./dates";

/**
 * The `apple` member as pass.json carries it: colours as `rgb(r, g, b)`, dates with seconds and without a
 * fraction (the forms that pass-builder writes). Everything else, unknown keys included, stays as it is,
 * and so does the input. Expects keys that `checkAppleKeys` accepts.
 */
export function normalizeAppleKeys(apple: JsonObject): JsonObject {
  return rewrite(apple, {
    stripColor: color,
    footerBackgroundColor: color,
    posterGeneric: (groups) => mapMembers(groups, fields),
    upcomingPassInformation: each((event) =>
      rewrite(event, {
        dateInformation: (information) => rewriteIfObject(information, { date }),
        additionalInfoFields: fields,
        backFields: fields,
        semantics: tags,
      }),
    ),
  });
}

/** Semantic tags as pass.json carries them, by the rules of `normalizeAppleKeys`. */
export function normalizeSemantics(semantics: JsonObject): JsonObject {
  return rewrite(semantics, tagRewrites);
}

type Rewrite = (json: Json) => Json;

const color: Rewrite = (json) => (typeof json === "string" ? (appleColor(json) ?? json) : json);
const date: Rewrite = (json) => (typeof json === "string" ? appleDate(json) : json);
const tags: Rewrite = (json) => (isObject(json) ? normalizeSemantics(json) : json);

/** A field's value is a date only where a date format says so. */
const fields = each((field) => {
  const isDated = field.dateStyle !== undefined || field.timeStyle !== undefined;
  return rewrite(field, { semantics: tags, ...(isDated && { value: date, attributedValue: date }) });
});

const tagRewrites: Record<string, Rewrite> = {
  ...Object.fromEntries(semanticDateTags.map((tag) => [tag, date])),
  eventStartDateInfo: (information) => rewriteIfObject(information, { date }),
  seats: each((seat) => rewrite(seat, { seatSectionColor: color })),
};

function rewrite(object: JsonObject, rewrites: Record<string, Rewrite>): JsonObject {
  const entries = Object.entries(object);
  return Object.fromEntries(
    entries.map(([key, json]) => [key, Object.hasOwn(rewrites, key) ? rewrites[key]!(json) : json]),
  );
}

function rewriteIfObject(json: Json, rewrites: Record<string, Rewrite>): Json {
  return isObject(json) ? rewrite(json, rewrites) : json;
}

function mapMembers(json: Json, change: Rewrite): Json {
  return isObject(json) ? Object.fromEntries(Object.entries(json).map(([key, member]) => [key, change(member)])) : json;
}

function each(change: (object: JsonObject) => JsonObject): Rewrite {
  return (json) => (Array.isArray(json) ? json.map((item) => (isObject(item) ? change(item) : item)) : json);
}
