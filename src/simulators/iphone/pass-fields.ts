import { isObject } from "../../pass-model/json";
import type { JsonObject } from "../../pass-model/resolved-pass";

/** The groups of a style dictionary that a person sees by turning the pass over. */
const backGroups = ["backFields", "additionalInfoFields"];

const styles = ["boardingPass", "coupon", "eventTicket", "generic", "storeCard", "posterGeneric"] as const;
export type StyleName = (typeof styles)[number];

export interface PassField {
  key: string;
  value: string | number;
  /** As in pass.json. */
  field: JsonObject;
  side: "front" | "back";
}

/** The first style that the pass has, as a phone that knows the classic layouts takes it. */
export function styleOf(pass: JsonObject): StyleName | null {
  return styles.find((name) => isObject(pass[name])) ?? null;
}

/** Every field of every group of every style; of two with one key Wallet drops the later (Apple, PassFields). */
export function fieldsOf(pass: JsonObject): Map<string, PassField> {
  const fields = new Map<string, PassField>();
  for (const style of styles) {
    const groups = pass[style];
    if (!isObject(groups)) continue;
    for (const [group, list] of Object.entries(groups)) {
      const side = backGroups.includes(group) ? "back" : "front";
      for (const field of Array.isArray(list) ? list.filter(isObject) : []) {
        const { key, value } = field;
        if (typeof key !== "string" || fields.has(key)) continue;
        if (typeof value === "string" || typeof value === "number") fields.set(key, { key, value, field, side });
      }
    }
  }
  return fields;
}
