import type { JsonObject } from "../../pass-model/resolved-pass";
import { issuerOf, requireRole } from "./access";
import { isApproved } from "./class-review";
import { Refusal } from "./refusal";
import type { ResourceType } from "./resource-types";
import type { CallContext } from "./simulation";

interface ObjectInput {
  type: ResourceType;
  body: JsonObject;
  /** Null for a new object. */
  previous: JsonObject | null;
}

/** The object as it may be, with its class and what it is linked to in order. */
export function admitObject(ctx: CallContext, { type, body, previous }: ObjectInput): JsonObject {
  const classId = body.classId as string;
  const found = ctx.store.resource("class", classId);
  requireRole(ctx, issuerOf(classId), "READER");
  if (!found) throw new Refusal("classNotFound", `Wallet Object Class ${classId} not found.`);
  if (found.vertical !== type.vertical) {
    throw new Refusal("invalid", `The class ${classId} is of another type (${found.vertical}) than its object.`);
  }
  if (!isApproved(found.body)) throw new Refusal("invalid", `The class ${classId} is not approved.`);
  if (type.vertical === "transit" && found.body.activationOptions && !body.activationStatus) {
    throw new Refusal("invalid", "activationStatus: is required, for the class has activationOptions");
  }
  return withLinks(ctx, body, previous);
}

/** What was linked once stays linked; what is linked has to be there, and of the same issuer. */
function withLinks(ctx: CallContext, body: JsonObject, previous: JsonObject | null): JsonObject {
  const before = textsOf(previous?.linkedObjectIds);
  const added = textsOf(body.linkedObjectIds).filter((id) => !before.includes(id));
  for (const id of added) {
    if (issuerOf(id) !== issuerOf(body.id) || !ctx.store.resource("object", id)) {
      throw new Refusal("invalid", `linkedObjectIds: there is no object ${id} of this issuer`);
    }
  }
  const linkedObjectIds = [...before, ...added];
  return linkedObjectIds.length === 0 ? body : { ...body, linkedObjectIds };
}

export const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
