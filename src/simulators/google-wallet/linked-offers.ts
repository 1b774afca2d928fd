import type { JsonObject } from "../../pass-model/resolved-pass";
import { issuerOf } from "./access";
import { checkBody } from "./check-body";
import { at } from "./json";
import { textsOf } from "./object-rules";
import { Refusal } from "./refusal";
import type { ResourceType } from "./resource-types";
import { find, present } from "./resources";
import type { CallContext } from "./simulation";

/** Deprecated at Google, and answered still. */
export function modifyLinkedOffers(ctx: CallContext, type: ResourceType, id: string, input: JsonObject): JsonObject {
  const found = find(ctx, type, id, "WRITER");
  checkBody("ModifyLinkedOfferObjectsRequest", input, ctx);
  const named = (name: string) => textsOf(at(input, ["linkedOfferObjectIds", name]));
  const [added, removed] = [named("addLinkedOfferObjectIds"), named("removeLinkedOfferObjectIds")];
  for (const offerId of added) {
    const offer = ctx.store.resource("object", offerId);
    if (offer?.vertical !== "offer" || offer.issuerId !== issuerOf(id)) {
      throw new Refusal("resourceNotFound", `Wallet Object ${offerId.slice(0, 200)} not found.`);
    }
  }
  const linked = new Set([...textsOf(found.body.linkedOfferIds), ...added]);
  for (const offerId of removed) linked.delete(offerId);
  const resource = { ...found, body: { ...found.body, linkedOfferIds: [...linked] } };
  ctx.store.putResource(resource);
  return present(ctx, resource);
}
