import { isObject } from "../../pass-model/json";
import type { JsonObject } from "../../pass-model/resolved-pass";
import { canonical } from "./canonical";
import { checkBody } from "./check-body";
import { at, withoutNulls } from "./json";
import { notify } from "./notifications";
import { Refusal } from "./refusal";
import type { ResourceType } from "./resource-types";
import { find, present } from "./resources";
import type { CallContext } from "./simulation";

/** Of a class it reaches every holder. */
export function addMessage(ctx: CallContext, type: ResourceType, id: string, input: JsonObject): JsonObject {
  const found = find(ctx, type, id, "WRITER");
  const request = canonical("AddMessageRequest", withoutNulls(input) as JsonObject);
  checkBody("AddMessageRequest", request, ctx);
  const { message } = request;
  if (!isObject(message)) throw new Refusal("invalid", "message: is required");
  if (message.messageType === "EXPIRATION_NOTIFICATION") {
    throw new Refusal("invalid", "message.messageType: EXPIRATION_NOTIFICATION is not supported");
  }
  const earlier = Array.isArray(found.body.messages) ? found.body.messages : [];
  const body = { ...found.body, messages: [...earlier, { messageType: "TEXT", ...message }] };
  checkBody(type.name, body, ctx);
  const resource = { ...found, body };
  ctx.store.atomically(() => {
    ctx.store.putResource(resource);
    if (message.messageType === "TEXT_AND_NOTIFY") {
      notify(ctx, resource, { cause: "message", header: textOf(message, "header"), body: textOf(message, "body") });
    }
  });
  return { resource: present(ctx, resource) };
}

/** The localised text stands above the plain one. */
function textOf(message: JsonObject, name: "header" | "body"): string {
  const localized = at(message, [name === "header" ? "localizedHeader" : "localizedBody", "defaultValue", "value"]);
  const text = localized ?? message[name];
  return typeof text === "string" ? text : "";
}
