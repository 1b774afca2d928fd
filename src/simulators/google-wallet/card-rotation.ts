import type { GoogleTypes } from "../../google-wallet/fields/types";
import { rotatingValue } from "../../google-wallet/totp";
import { isObject } from "../../pass-model/json";
import type { JsonObject } from "../../pass-model/resolved-pass";
import { stringOf } from "./card-values";

interface RotatingValue {
  value: string;
  periodMs: number;
}

/** What a rotating barcode says at `now`: from the operator's list of values or by its pattern; null if neither gives one. */
export async function rotatingNow(rotating: JsonObject, now: number): Promise<RotatingValue | null> {
  return listedValue(rotating, now) ?? (await patternValue(rotating, now));
}

function listedValue(rotating: JsonObject, now: number): RotatingValue | null {
  const listed = rotating["initialRotatingBarcodeValues"];
  if (!isObject(listed) || !Array.isArray(listed["values"])) return null;
  const periodMs = Number(listed["periodMillis"]);
  const at = Math.floor((now - Date.parse(stringOf(listed["startDateTime"]))) / periodMs);
  const value = listed["values"][at];
  return typeof value === "string" ? { value, periodMs } : null;
}

async function patternValue(rotating: JsonObject, now: number): Promise<RotatingValue | null> {
  const { totpDetails } = rotating;
  const periodMs = isObject(totpDetails) ? Number(totpDetails["periodMillis"]) : 0;
  if (!(periodMs > 0)) return null;
  // The API took it, so it has the type's shape.
  const value = await rotatingValue(rotating as GoogleTypes["RotatingBarcode"], now);
  return value === "" || value.includes("{totp_value_") ? null : { value, periodMs };
}
