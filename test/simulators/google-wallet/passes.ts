import { googleVerticals, type GoogleVertical } from "../../../src/pass-model/vocabulary";
import { verticalTypes } from "../../../src/google-wallet/fields/verticals";
import { payloads } from "../../google-wallet/payloads";
import type { Issuer } from "./client";

/** The sample payload of a type, as this issuer's own. */
function sampleOf(issuer: Issuer, type: string): Record<string, any> {
  const { json } = payloads.find((payload) => payload.name === `sample ${type}`)!;
  const text = JSON.stringify(json).replaceAll(/"3388000000012345678(?=[."])/g, `"${issuer.issuerId}`);
  return JSON.parse(text) as Record<string, any>;
}

export interface Pass {
  vertical: GoogleVertical;
  classPath: string;
  objectPath: string;
  class: Record<string, any>;
  object: Record<string, any>;
}

/** A class and an object of it, with ids of their own, that are linked to nothing and notify nobody. */
export function passOf(issuer: Issuer, vertical: GoogleVertical, suffix = "1"): Pass {
  const types = verticalTypes[vertical];
  const classId = issuer.id(`${vertical}.class.${suffix}`);
  const { linkedObjectIds: _linked, notifyPreference: _notify, ...object } = sampleOf(issuer, types.object);
  return {
    vertical,
    classPath: `/${types.path.class}`,
    objectPath: `/${types.path.object}`,
    class: { ...sampleOf(issuer, types.class), id: classId },
    object: { ...object, id: issuer.id(`${vertical}.object.${suffix}`), classId },
  };
}

export const allVerticals = googleVerticals.map((vertical) => [vertical] as const);

/** Makes class and object at the simulator. */
export async function issued(issuer: Issuer, vertical: GoogleVertical, suffix = "1"): Promise<Pass> {
  const pass = passOf(issuer, vertical, suffix);
  for (const [path, body] of [
    [pass.classPath, pass.class],
    [pass.objectPath, pass.object],
  ] as const) {
    const { status, text } = await issuer.call("POST", path, body);
    if (status !== 200) throw new Error(text);
  }
  return pass;
}

/** A save link that only names the object. */
export const skinnyLink = (issuer: Issuer, { vertical, object }: Pass): Promise<string> =>
  issuer.saveLink({ [verticalTypes[vertical].payload.objects]: [{ id: object.id, classId: object.classId }] });
