import type { Json, JsonObject, ResolvedPass, Warning } from "../pass-model/resolved-pass";
import type { GoogleVertical } from "../pass-model/vocabulary";
import { classMembers, issuedClassMembers } from "./project/class";
import { decide } from "./project/decide";
import { lossWarnings, pictureWarnings, relativeWarnings } from "./project/dropped";
import { cardLayout } from "./project/layout";
import { lengthWarnings } from "./project/lengths";
import { objectMembers } from "./project/object";
import { sourceOf, type GoogleOptions } from "./project/source";
import { verticals } from "./project/verticals";

export type { GoogleOptions } from "./project/source";

export interface GoogleOutput {
  vertical: GoogleVertical;
  /** Without its id. Null if the pass now lacks what its kind demands: it stays in the class that it has. */
  class: JsonObject | null;
  /** Without the id of its class. */
  object: JsonObject;
}

/** Turns a resolved pass into a class and an object, with a warning for all that Google drops or maps. Never throws. */
export function projectGooglePass(
  pass: ResolvedPass,
  options: GoogleOptions,
): { output: GoogleOutput; warnings: Warning[] } {
  const source = sourceOf(pass, options);
  const decision = decide(source);
  const { vertical, through } = decision;
  const kind = verticals[vertical];
  const layout = cardLayout(pass.layout, new Set(kind.headKeys(source).filter((key) => key !== undefined)));
  const shared = objectMembers(source, vertical, through.object);
  const classBody = {
    ...(vertical !== "generic" && issuedClassMembers(source, vertical)),
    ...kind.class(source),
    ...classMembers(source, layout),
    ...through.class,
  } as JsonObject;
  const object = { ...shared.members, ...kind.object(source), ...through.object } as JsonObject;
  // Google takes one of the two.
  if ("ticketLegs" in through.object) delete object.ticketLeg;
  const warnings = [
    ...decision.warnings,
    ...shared.warnings,
    ...lossWarnings(source, decision),
    ...relativeWarnings(pass),
    ...pictureWarnings(source, decision),
    ...lengthWarnings(pass, { vertical, class: classBody, object }, layout),
  ];
  return { output: { vertical, class: decision.hasClass ? classBody : null, object }, warnings };
}

/**
 * Named by its content, because a change of a class would reach every holder: what differs, be it a gate or a colour,
 * is another class, and what is the same is found again.
 */
export async function classIdOf(
  issuerId: string,
  { templateId, templateVersion }: Pick<ResolvedPass, "templateId" | "templateVersion">,
  vertical: GoogleVertical,
  classBody: JsonObject,
): Promise<string> {
  const content = new TextEncoder().encode(JSON.stringify([vertical, inOrder(classBody)]));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content), 0, 10);
  const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${issuerId}.${templateId}.${templateVersion}.${hash}`;
}

/** The same members in one order, so that the order in which they are made does not count. */
function inOrder(json: Json): Json {
  if (Array.isArray(json)) return json.map(inOrder);
  if (typeof json !== "object" || json === null) return json;
  const entries = Object.entries(json).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [key, inOrder(value)]));
}
