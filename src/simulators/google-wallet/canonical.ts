import { canonicalSpelling, googleEnums, type GoogleEnumName } from "../../google-wallet/fields/enums";
import { isGoogleType, membersOf, type MemberParts } from "../../google-wallet/fields/member-spec";
import type { GoogleTypeName } from "../../google-wallet/fields/types";
import { isObject } from "../../pass-model/json";
import type { Json, JsonObject } from "../../pass-model/resolved-pass";

/** Google's samples write both; the API's own name is the second. */
const otherNames: Partial<Record<GoogleTypeName, Record<string, string>>> = {
  Message: { message_type: "messageType" },
};

/**
 * A value of one of Google's types as the API answers it: enums in their upper-case spelling, an unspecified one absent,
 * 64-bit numbers as text. What the type does not know stays, for the validator to refuse.
 */
export function canonical(type: GoogleTypeName, value: JsonObject): JsonObject {
  const members = membersOf(type);
  const entries = Object.entries(value).flatMap(([written, item]): [string, Json][] => {
    const renamed = otherNames[type];
    const name = renamed && Object.hasOwn(renamed, written) ? renamed[written]! : written;
    const member = members.get(name);
    if (!member) return [[name, item]];
    if (isUnspecified(member, item)) return [];
    return [
      [name, Array.isArray(item) ? item.map((one) => canonicalValue(member, one)) : canonicalValue(member, item)],
    ];
  });
  return Object.fromEntries(entries);
}

function canonicalValue({ base }: MemberParts, value: Json): Json {
  if (isEnum(base)) return typeof value === "string" ? canonicalSpelling(base, value) : value;
  if (base === "int64") return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
  return isGoogleType(base) && isObject(value) ? canonical(base, value) : value;
}

/** The first value of every enum stands for an absent one. */
const isUnspecified = ({ base }: MemberParts, value: Json): boolean =>
  isEnum(base) && value === Object.keys(googleEnums[base])[0];

const isEnum = (base: string): base is GoogleEnumName => Object.hasOwn(googleEnums, base);
