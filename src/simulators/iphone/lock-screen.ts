import type { JsonObject } from "../../pass-model/resolved-pass";
import { fieldsOf, styleOf, type PassField, type StyleName } from "./pass-fields";
import { shownValue, type Region } from "./shown-value";

/** What Wallet says when it cannot say what changed. */
const generalAlerts: Record<StyleName, string> = {
  boardingPass: "Boarding pass changed",
  coupon: "Coupon changed",
  eventTicket: "Event ticket changed",
  generic: "Pass changed",
  storeCard: "Store card changed",
  posterGeneric: "Pass changed",
};

/** Fields that both versions have and whose value differs: one that was not there before has not changed. */
export function changedFields(before: JsonObject, after: JsonObject): PassField[] {
  const old = fieldsOf(before);
  return [...fieldsOf(after).values()].filter(({ key, value }) => old.has(key) && old.get(key)!.value !== value);
}

/**
 * What the lock screen shows when a pass was replaced; null for nothing. Only changed fields with a
 * `changeMessage` in the new pass speak (Apple, PassFieldContent). One alone gives its text, `%@` being its
 * new value; several, or one without `%@`, give the general alert.
 */
export function lockScreenMessage(before: JsonObject, after: JsonObject, region: Region): string | null {
  const speaking = changedFields(before, after).filter(({ field }) => messageOf(field) !== "");
  const [only, ...others] = speaking;
  if (!only) return null;
  const message = messageOf(only.field);
  if (others.length > 0 || !message.includes("%@")) return generalAlerts[styleOf(after) ?? "generic"];
  return message.replaceAll("%@", () => shownValue(only, region));
}

const messageOf = ({ changeMessage }: JsonObject): string => (typeof changeMessage === "string" ? changeMessage : "");
