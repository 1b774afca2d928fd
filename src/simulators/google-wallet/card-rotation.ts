import type { JsonObject } from "../../pass-model/resolved-pass";
import { isObject, stringOf } from "./card-values";

export interface RotatingValue {
  value: string;
  periodMs: number;
}

/** The value of a rotating barcode at `now`: from the issuer's list of values, or null if that has none for this moment. */
export async function rotatingNow(rotating: JsonObject, now: number): Promise<RotatingValue | null> {
  return listedValue(rotating, now);
}

function listedValue(rotating: JsonObject, now: number): RotatingValue | null {
  const listed = rotating["initialRotatingBarcodeValues"];
  if (!isObject(listed) || !Array.isArray(listed["values"])) return null;
  const periodMs = Number(listed["periodMillis"]);
  const at = Math.floor((now - Date.parse(stringOf(listed["startDateTime"]))) / periodMs);
  const value = listed["values"][at];
  return typeof value === "string" ? { value, periodMs } : null;
}
