import type { JsonObject } from "../../pass-model/resolved-pass";
import { issuerOf, requireRole } from "./access";
import { canonical } from "./canonical";
import { checkBody, isFetchable } from "./check-body";
import { withoutNulls } from "./json";
import { Refusal } from "./refusal";
import type { CallContext } from "./simulation";

/** What a terminal heard when a phone was held to it. The API has no way to ask for it again, so it is not kept. */
export function insertSmartTap(ctx: CallContext, input: JsonObject): JsonObject {
  const body = canonical("SmartTap", withoutNulls(input) as JsonObject);
  const id = typeof body.id === "string" ? body.id : "";
  // The suffix is base64.
  const issuerId = issuerOf(id.replaceAll(/[+/=]/g, "-"));
  requireRole(ctx, issuerId, "WRITER");
  checkBody("SmartTap", body, ctx);
  if (body.merchantId === undefined) throw new Refusal("invalid", "merchantId: is required");
  return body;
}

/** Tells where a private pass can be had anew. */
export function setPassUpdateNotice(ctx: CallContext, input: JsonObject): JsonObject {
  checkBody("SetPassUpdateNoticeRequest", input, ctx);
  if (!isFetchable(input.updateUri, ctx.allowHttp)) throw new Refusal("invalid", "updateUri: must be an https URL");
  return {};
}
