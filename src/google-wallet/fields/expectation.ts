import { googleEnums, type GoogleEnumName } from "./enums";
import type { GoogleInvalid, Steps } from "./finding";
import { isGoogleType, membersOf, type MemberParts } from "./member-spec";
import type { GoogleScalarName, GoogleTypeName } from "./types";

const scalarWords: Record<GoogleScalarName, string> = {
  string: "a text",
  boolean: "true or false",
  int32: "a whole number",
  int64: "a whole number, as a text of digits",
  double: "a number",
  dateTime: "an ISO 8601 date and time, such as 2027-05-01T18:30:00+02:00",
  localDateTime: "an ISO 8601 date and time without an offset, such as 2027-05-01T18:30:00",
  offsetDateTime: "an ISO 8601 date and time with an offset, such as 2027-05-01T18:30:00+02:00",
};

/** What the table expects at a place of a value that was refused there. */
export function expectationAt(type: GoogleTypeName, steps: Steps, code: GoogleInvalid["code"]): string {
  if (code === "required") return "is required";
  const place = placeOf(type, steps);
  if (code === "unknown_member" || !place) return "is no member that Google knows";
  return place.list ? "expected a list" : `expected ${words(place.base)}`;
}

/** True where a text, a number or a value of an enum belongs. */
export function isTextPlace(type: GoogleTypeName, steps: Steps): boolean {
  const place = placeOf(type, steps);
  return place !== null && !place.list && place.base !== "boolean" && !isGoogleType(place.base);
}

function words(base: string): string {
  if (Object.hasOwn(scalarWords, base)) return scalarWords[base as GoogleScalarName];
  if (!Object.hasOwn(googleEnums, base)) return `an object (${base})`;
  const [, ...values] = Object.keys(googleEnums[base as GoogleEnumName]);
  return values.length === 1 ? values[0]! : `one of ${values.join(", ")}`;
}

type Place = Pick<MemberParts, "base" | "list">;

function placeOf(type: GoogleTypeName, steps: Steps): Place | null {
  let place: Place = { base: type, list: false };
  for (const step of steps) {
    const next: Place | undefined = place.list
      ? { base: place.base, list: false }
      : isGoogleType(place.base)
        ? membersOf(place.base).get(String(step))
        : undefined;
    if (!next) return null;
    place = next;
  }
  return place;
}
