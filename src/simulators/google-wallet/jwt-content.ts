import { isObject } from "../../pass-model/json";
import type { Json, JsonObject } from "../../pass-model/resolved-pass";
import { Refusal } from "./refusal";
import { resourceTypes, type ResourceType } from "./resource-types";
import { find, insert, present } from "./resources";
import type { CallContext } from "./simulation";
import type { Resource } from "./store";

/**
 * Makes what a JWT holds, classes first. What is there already is left as it is; what is only named has to be there.
 * All of it, or nothing.
 */
export function takeContent(ctx: CallContext, content: JsonObject): Resource[] {
  const members = new Set(resourceTypes.map(({ payload }) => payload));
  const unknown = Object.keys(content).find((name) => !members.has(name));
  if (unknown !== undefined) throw new Refusal("invalid", `${unknown.slice(0, 80)}: is nothing that a JWT can hold`);
  return ctx.store.atomically(() =>
    resourceTypes.flatMap((type) => itemsOf(content, type).map((item) => takeItem(ctx, type, item))),
  );
}

/** As `takeContent`, and nothing stays. */
export function rehearseContent(ctx: CallContext, content: JsonObject): void {
  const done = new Error("rehearsed");
  try {
    ctx.store.atomically(() => {
      takeContent(ctx, content);
      throw done;
    });
  } catch (error) {
    if (error !== done) throw error;
  }
}

/** By the names that a JWT has for them. */
export function presentContent(ctx: CallContext, resources: Resource[]): JsonObject {
  const entries = resourceTypes.flatMap(({ kind, vertical, payload }): [string, Json][] => {
    const some = resources.filter((resource) => resource.kind === kind && resource.vertical === vertical);
    return some.length === 0 ? [] : [[payload, some.map((resource) => present(ctx, resource))]];
  });
  return Object.fromEntries(entries);
}

function itemsOf(content: JsonObject, { payload }: ResourceType): JsonObject[] {
  const items = content[payload] ?? [];
  if (!Array.isArray(items) || !items.every(isObject)) {
    throw new Refusal("invalid", `${payload}: expected a list of objects`);
  }
  return items;
}

function takeItem(ctx: CallContext, type: ResourceType, item: JsonObject): Resource {
  const { id } = item;
  if (typeof id === "string") {
    const namedOnly = Object.keys(item).every(
      (name) => name === "id" || (type.kind === "object" && name === "classId"),
    );
    const known = ctx.store.resource(type.kind, id);
    // A generic class needs nothing but its id, so naming one makes it.
    const makeable = type.kind === "class" && type.vertical === "generic";
    if (known || (namedOnly && !makeable)) return find(ctx, type, id);
  }
  return insert(ctx, type, item);
}
