import type { JsonObject } from "../../pass-model/resolved-pass";
import { isObject, parseObject } from "./json";
import { lastPart } from "./multipart";
import { Refusal } from "./refusal";
import { find } from "./resources";
import { typeOf } from "./resource-types";
import type { CallContext } from "./simulation";

const bytesMax = 5 * 1024 * 1024;
const transitObject = typeOf("object", "transit");

/** What a ticket shows one after another, made by its operator. The file comes alone, or behind its metadata. */
export function uploadBarcodeValues(
  ctx: CallContext,
  id: string,
  { text, contentType }: { text: string; contentType: string },
): JsonObject {
  const { id: objectId } = find(ctx, transitObject, id, "WRITER");
  const file = contentType.startsWith("multipart/") ? lastPart(text, contentType) : text;
  if (new TextEncoder().encode(file).length > bytesMax) throw new Refusal("tooLarge", "At most 5 MB can be uploaded.");
  const { startDateTime, values, periodMillis, ...unknown } = parseObject(file, bytesMax);
  const period = typeof periodMillis === "number" || typeof periodMillis === "string" ? String(periodMillis) : "";
  const mistakes = [
    !isDateTimeWithOffset(startDateTime) && "startDateTime: expected an ISO 8601 date and time with an offset",
    !isTexts(values) && "values: expected a list of at least one text",
    !/^[1-9]\d{0,17}$/.test(period) && "periodMillis: expected a number of milliseconds",
    ...Object.keys(unknown).map((name) => `${name.slice(0, 80)}: is no member that Google knows`),
  ].filter((mistake) => mistake !== false);
  if (mistakes.length > 0) throw new Refusal("invalid", mistakes[0]!, mistakes.slice(0, 20));
  ctx.store.atomically(() => {
    ctx.store.putBarcodeValues(objectId, JSON.stringify({ startDateTime, values, periodMillis: period }));
  });
  return {};
}

export function downloadBarcodeValues(ctx: CallContext, id: string): JsonObject {
  const { id: objectId } = find(ctx, transitObject, id);
  const values: unknown = JSON.parse(ctx.store.barcodeValues(objectId) ?? "null");
  if (!isObject(values)) throw new Refusal("resourceNotFound", `Wallet Object ${objectId} has no barcode values.`);
  return values;
}

const isDateTimeWithOffset = (value: unknown): boolean =>
  typeof value === "string" &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
  !Number.isNaN(Date.parse(value));

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string");
