import type { GoogleTypeName } from "../../google-wallet/fields/types";
import { verticalTypes } from "../../google-wallet/fields/verticals";
import { googleVerticals, type GoogleVertical } from "../../pass-model/vocabulary";
import type { ResourceKind } from "./store";

/** One of the fourteen kinds of resources: seven verticals, each with classes and objects. */
export interface ResourceType {
  kind: ResourceKind;
  vertical: GoogleVertical;
  /** In the field table. */
  name: GoogleTypeName;
  /** Last step of the path of its resources. */
  path: string;
  /** Member of a JWT's payload. */
  payload: string;
}

const typesOf = (vertical: GoogleVertical): ResourceType[] => {
  const { class: className, object: objectName, path, payload } = verticalTypes[vertical];
  return [
    { kind: "class", vertical, name: className, path: path.class, payload: payload.classes },
    { kind: "object", vertical, name: objectName, path: path.object, payload: payload.objects },
  ];
};

/** Classes before objects, for objects need theirs. */
export const resourceTypes: ResourceType[] = googleVerticals
  .flatMap(typesOf)
  .sort((a, b) => (a.kind === b.kind ? 0 : a.kind === "class" ? -1 : 1));

export const typeOfPath = new Map(resourceTypes.map((type) => [type.path, type]));

export const typeOf = (kind: ResourceKind, vertical: GoogleVertical): ResourceType =>
  resourceTypes.find((type) => type.kind === kind && type.vertical === vertical)!;
