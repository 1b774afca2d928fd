import { isObject } from "../../pass-model/json";
import type { Json, JsonObject } from "../../pass-model/resolved-pass";
import type { GoogleVertical } from "../../pass-model/vocabulary";
import { at, same } from "./json";
import type { ResourceKind } from "./store";

interface NotifyingField {
  path: string[];
  label: string;
}

/** Fields of which Google tells holders when they change, if it is asked to; the generic pass has none. */
const notifyingFields: Partial<Record<`${GoogleVertical} ${ResourceKind}`, NotifyingField[]>> = {
  "eventTicket class": [{ path: ["dateTime"], label: "Date and time" }],
  "eventTicket object": [{ path: ["seatInfo"], label: "Seat" }],
  "flight object": [
    { path: ["boardingAndSeatingInfo", "seatNumber"], label: "Seat" },
    { path: ["boardingAndSeatingInfo", "seatAssignment"], label: "Seat" },
  ],
  "loyalty class": [
    { path: ["rewardsTier"], label: "Rewards tier" },
    { path: ["localizedRewardsTier"], label: "Rewards tier" },
  ],
  "loyalty object": [
    { path: ["loyaltyPoints", "balance"], label: "Points" },
    { path: ["secondaryLoyaltyPoints", "balance"], label: "Points" },
  ],
};

/** What a phone says of the first field that changed and notifies; null if there is none. */
export function fieldUpdate(
  { vertical, kind }: { vertical: GoogleVertical; kind: ResourceKind },
  previous: JsonObject,
  next: JsonObject,
): string | null {
  const fields = notifyingFields[`${vertical} ${kind}`] ?? [];
  const changed = fields.find(({ path }) => !same(at(previous, path), at(next, path)));
  if (!changed) return null;
  const label = at(next, [...changed.path.slice(0, -1), "label"]);
  return `${typeof label === "string" ? label : changed.label}: ${shown(at(next, changed.path)) || "–"}`;
}

/** A value as one line of text. */
function shown(value: Json | undefined): string {
  if (value === undefined || value === null || typeof value === "boolean") return "";
  if (!isObject(value) && !Array.isArray(value)) return String(value);
  if (isObject(value) && typeof value.micros === "string") {
    return `${Number(value.micros) / 1_000_000} ${shown(value.currencyCode)}`.trim();
  }
  const localized = at(value, ["defaultValue", "value"]);
  if (localized !== undefined) return shown(localized);
  return Object.values(value).map(shown).filter(Boolean).join(", ");
}

const titles = ["programName", "eventName", "title", "cardTitle", "header", "issuerName"];

/** What the pass is called on the lock screen. */
export function titleOf(...bodies: (JsonObject | undefined)[]): string {
  const candidates = titles.flatMap((name) => bodies.map((body) => shown(body?.[name])));
  return candidates.find((title) => title !== "") ?? "";
}
