import { isObject } from "../../pass-model/json";
import type { JsonObject } from "../../pass-model/resolved-pass";
import { canonical } from "./canonical";
import { checkBody } from "./check-body";
import { parseObject } from "./json";
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
  const values = canonical("RotatingBarcodeValues", parseObject(file, bytesMax));
  checkBody("RotatingBarcodeValues", values, ctx);
  ctx.store.atomically(() => ctx.store.putBarcodeValues(objectId, JSON.stringify(values)));
  return {};
}

export function downloadBarcodeValues(ctx: CallContext, id: string): JsonObject {
  const { id: objectId } = find(ctx, transitObject, id);
  const values: unknown = JSON.parse(ctx.store.barcodeValues(objectId) ?? "null");
  if (!isObject(values)) throw new Refusal("resourceNotFound", `Wallet Object ${objectId} has no barcode values.`);
  return values;
}
