import type { JsonObject, ResolvedPass, Warning } from "../../pass-model/resolved-pass";
import type { GoogleVertical } from "../../pass-model/vocabulary";
import { pointerTo } from "../../pass-model/issue";
import { fitGoogle } from "../fields/fit";
import { verticalTypes } from "../fields/verticals";

/** What WePass keeps in its own hands: ids, states, and what Google alone writes. */
const ours: ReadonlySet<string> = new Set([
  "id",
  "classId",
  "classReference",
  "state",
  "reviewStatus",
  "review",
  "callbackOptions",
  "hasUsers",
  "hasLinkedDevice",
  "kind",
  "version",
]);

type Side = "class" | "object";

interface Through {
  members: JsonObject;
  warnings: Warning[];
}

/** The members of a class are the same object for every pass of a template version, and are checked once per isolate. */
const checked = new WeakMap<JsonObject, Map<GoogleVertical, Through>>();

/**
 * The members of `google` that the kind of pass has and Google would take: they were checked when the template was saved,
 * but the pass may have become another kind, and placeholders are filled in since.
 */
export function passThrough({ google }: Pick<ResolvedPass, "google">, side: Side, vertical: GoogleVertical): Through {
  const written = google[side];
  if (side === "object") return check(written, side, vertical);
  const known = checked.get(written) ?? new Map<GoogleVertical, Through>();
  const through = known.get(vertical) ?? check(written, side, vertical);
  checked.set(written, known.set(vertical, through));
  return through;
}

function check(written: JsonObject, side: Side, vertical: GoogleVertical): Through {
  const type = verticalTypes[vertical][side];
  const asked = Object.fromEntries(Object.entries(written).filter(([member]) => !ours.has(member)));
  const { value, left } = fitGoogle(type, asked);
  const warnings = left.map(({ path, steps, message }) => ({
    code: "google_member_left_out",
    pointer: pointerTo(`#/google/${side}`, steps),
    detail: `${path} is left out of the ${type}: ${message}`,
  }));
  return { members: value, warnings };
}
