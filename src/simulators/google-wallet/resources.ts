import type { JsonObject } from "../../pass-model/resolved-pass";
import { issuerOf, requireRole } from "./access";
import { canonical } from "./canonical";
import { checkBody } from "./check-body";
import { review } from "./class-review";
import { fieldUpdate, titleOf } from "./field-updates";
import { merged, withoutNulls } from "./json";
import { notify } from "./notifications";
import { admitObject } from "./object-rules";
import { Refusal } from "./refusal";
import type { ResourceType } from "./resource-types";
import type { CallContext, Simulation } from "./simulation";
import type { Resource, Role } from "./store";

/** Classes and objects of one issuer, where strangers share the simulator. */
const resourcesMax = 20_000;

/** Members that only Google writes. */
const outputOnly: Record<Resource["kind"], string[]> = {
  class: ["review"],
  object: ["classReference", "hasUsers", "hasLinkedDevice"],
};

export function insert(ctx: CallContext, type: ResourceType, input: JsonObject): Resource {
  const body = readInput(type, withoutNulls(input) as JsonObject);
  const issuerId = issuerOf(body.id);
  const id = body.id as string;
  requireRole(ctx, issuerId, "WRITER");
  const resource = admit(ctx, type, { id, issuerId, saved: false, body, requested: body, previous: null });
  if (ctx.store.resource(type.kind, id)) {
    throw new Refusal("alreadyExists", `${nouns[type.kind]} ${id} already exists.`);
  }
  if (!ctx.open && ctx.store.resourceCount(issuerId) >= resourcesMax) {
    throw new Refusal(
      "limitExceeded",
      `The simulator's own limit: it keeps at most ${resourcesMax} classes and objects of an issuer.`,
    );
  }
  ctx.store.addResource(resource);
  return resource;
}

export function find(ctx: CallContext, type: ResourceType, id: string, role: Role = "READER"): Resource {
  requireRole(ctx, issuerOf(id), role);
  const resource = ctx.store.resource(type.kind, id);
  if (resource?.vertical === type.vertical) return resource;
  throw new Refusal(
    type.kind === "class" ? "classNotFound" : "resourceNotFound",
    `${nouns[type.kind]} ${id} not found.`,
  );
}

/** PUT replaces everything, PATCH merges. */
export function change(
  ctx: CallContext,
  type: ResourceType,
  { id, input, how }: { id: string; input: JsonObject; how: "update" | "patch" },
): Resource {
  const found = find(ctx, type, id, "WRITER");
  const requested = readInput(type, (how === "update" ? withoutNulls(input) : input) as JsonObject);
  if (requested.id !== undefined && requested.id !== id) {
    throw new Refusal("invalid", "id: is not the one of the path");
  }
  const body = { ...((how === "update" ? requested : merged(found.body, requested)) as JsonObject), id };
  const resource = admit(ctx, type, { ...found, body, requested, previous: found.body });
  ctx.store.atomically(() => {
    ctx.store.putResource(resource);
    if (requested.notifyPreference === "NOTIFY_ON_UPDATE") notifyUpdate(ctx, resource, found.body);
  });
  return resource;
}

/** As the API answers it. */
export function present({ store }: Pick<Simulation, "store">, resource: Resource): JsonObject {
  if (resource.kind === "class") return resource.body;
  const { body, classId, saved, vertical } = resource;
  const classReference = vertical === "generic" ? null : store.resource("class", classId!)?.body;
  return { ...body, hasUsers: saved, ...(classReference && { classReference }) };
}

const readInput = (type: ResourceType, input: JsonObject): JsonObject =>
  canonical(
    type.name,
    Object.fromEntries(Object.entries(input).filter(([name]) => !outputOnly[type.kind].includes(name))),
  );

interface Admission extends Pick<Resource, "id" | "issuerId" | "saved" | "body"> {
  requested: JsonObject;
  previous: JsonObject | null;
}

/** The resource as it is kept, if all rules allow it. `notifyPreference` concerns one request and is never kept. */
function admit(ctx: CallContext, type: ResourceType, { body, requested, previous, ...rest }: Admission): Resource {
  checkBody(type.name, body, ctx);
  const { notifyPreference: _notifyPreference, ...kept } = body;
  const { kind, vertical } = type;
  if (kind === "object") {
    const object = admitObject(ctx, { type, body: kept, previous });
    return { ...rest, kind, vertical, classId: object.classId as string, body: object };
  }
  const reviewed = vertical === "generic" ? kept : review({ body: kept, requested: requested.reviewStatus, previous });
  return { ...rest, kind, vertical, classId: null, body: reviewed };
}

function notifyUpdate(ctx: CallContext, resource: Resource, previous: JsonObject): void {
  const body = fieldUpdate(resource, previous, resource.body);
  if (body === null) return;
  const ofClass = resource.classId === null ? undefined : ctx.store.resource("class", resource.classId)?.body;
  notify(ctx, resource, { cause: "update", header: titleOf(resource.body, ofClass), body });
}

const nouns: Record<Resource["kind"], string> = { class: "Wallet Object Class", object: "Wallet Object" };
