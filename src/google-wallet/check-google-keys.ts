import { mergeFindings, nullIssues, pointerTo, type Findings } from "../pass-model/issue";
import { jsonPlaceholderNames } from "../pass-model/placeholders";
import type { Json, JsonObject } from "../pass-model/resolved-pass";
import type { GoogleVertical, PassStyle } from "../pass-model/vocabulary";
import { clashesOf } from "./fields/exclusive-members";
import { valueAt } from "./fields/finding";
import { withoutUnknown } from "./fields/fit";
import { membersOf } from "./fields/member-spec";
import type { GoogleTypeName } from "./fields/types";
import { validateGoogle, type Steps } from "./fields/validate";
import { verticalsOfStyle, verticalTypes } from "./fields/verticals";

export interface GoogleKeys {
  vertical?: GoogleVertical | undefined;
  class?: JsonObject | undefined;
  object?: JsonObject | undefined;
}

type Side = "class" | "object";

/** Members that WePass or Google writes, and what to use in their place. */
export const modelled: Record<Side, Readonly<Record<string, string>>> = {
  class: {
    id: "WePass makes it of the issuer, the template and its version",
    reviewStatus: "WePass sends UNDER_REVIEW with every change, which Google approves at once",
    review: "Google alone writes it",
    notifyPreference: "give a field a changeMessage, or an update one: Google's notifications are counted",
    callbackOptions: "WePass writes its own address there",
  },
  object: {
    id: "WePass makes it of the issuer and the pass",
    classId: "WePass makes it of the issuer, the template and its version",
    classReference: "Google alone writes it",
    hasLinkedDevice: "Google alone writes it",
    hasUsers: "Google alone writes it",
    notifyPreference: "give a field a changeMessage, or an update one: Google's notifications are counted",
    state: "it follows from the pass: void it, or use expiration",
  },
};

/** More findings than this say nothing new, and each costs a pointer. */
const findingsMax = 50;

/**
 * Checks the `google` member of a template: the members of Google's class and object that the tenant sets. They are held
 * to the kind of pass that is asked for, or else to every kind that the style can become: what suits one of them is
 * right. Members that Google does not know are warned of, for a pass goes without them; both are parts of a whole, so
 * nothing is required of them. All pointers begin with `#/google`.
 */
export function checkGoogleKeys(google: GoogleKeys, { style }: { style: PassStyle }): Findings {
  const verticals = google.vertical ? [google.vertical] : verticalsOfStyle[style];
  const found = mergeFindings(
    (["class", "object"] as const).flatMap((side) => {
      const json = google[side] ?? {};
      const types = verticals.map((vertical) => verticalTypes[vertical][side]);
      return [
        { issues: nullIssues(json, `#/google/${side}`) },
        ...Object.entries(json).map(([member, value]) => checkMember(side, member, value, types)),
        { issues: clashIssues(side, json, types) },
      ];
    }),
  );
  return { issues: found.issues.slice(0, findingsMax), warnings: found.warnings.slice(0, findingsMax) };
}

function checkMember(side: Side, member: string, value: Json, types: GoogleTypeName[]): Partial<Findings> {
  const instead = Object.hasOwn(modelled[side], member) ? modelled[side][member] : undefined;
  if (instead) {
    return { issues: [found(side, [member], "modelled_key", `does not belong into ${side}; ${instead}`)] };
  }
  const fitting = types.filter((type) => membersOf(type).has(member));
  if (fitting.length === 0) {
    const matter = `no ${types.join(" or ")} has it at Google, so it is left out`;
    return { warnings: [found(side, [member], "unknown_google_member", matter)] };
  }
  if (side === "class" && jsonPlaceholderNames(value).length > 0) {
    const matter = "a class is the same for every pass, so it takes no placeholders";
    return { issues: [found(side, [member], "placeholder_not_allowed", matter)] };
  }
  return fitting
    .map((type) => checkAgainst(side, type, member, value))
    .reduce((best, next) => (next.issues.length < best.issues.length ? next : best));
}

function checkAgainst(side: Side, type: GoogleTypeName, member: string, json: Json): Findings {
  const { value, left } = withoutUnknown(type, { [member]: json });
  const wrong = validateGoogle(type, value, { partial: true, placeholders: side === "object" });
  return {
    issues: wrong
      // What is null is told as such.
      .filter(({ steps }) => valueAt(value, steps) !== null)
      .map(({ steps, code, message }) => found(side, steps, code, message)),
    warnings: [
      ...left.map(({ steps, message }) => found(side, steps, "unknown_google_member", `${message}, so it is left out`)),
      ...deprecations(side, type, member),
    ],
  };
}

/** Each member was checked alone. */
const clashIssues = (side: Side, json: JsonObject, types: GoogleTypeName[]): Findings["issues"] =>
  types.flatMap((type) =>
    clashesOf(type, json).map(({ member, message }) => found(side, [member], "invalid_value", message)),
  );

function deprecations(side: Side, type: GoogleTypeName, member: string): Findings["warnings"] {
  if (!membersOf(type).get(member)?.deprecated) return [];
  return [found(side, [member], "deprecated_google_member", "Google still reads it, and does nothing with it")];
}

function found(side: Side, steps: Steps, code: string, matter: string) {
  return { pointer: pointerTo(`#/google/${side}`, steps), code, detail: `${[side, ...steps].join(".")}: ${matter}` };
}
