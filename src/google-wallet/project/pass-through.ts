import { pointerTo } from "../../pass-model/issue";
import type { JsonObject, ResolvedPass, Warning } from "../../pass-model/resolved-pass";
import type { GoogleVertical } from "../../pass-model/vocabulary";
import { modelled } from "../check-google-keys";
import { fitGoogle } from "../fields/fit";
import { verticalTypes } from "../fields/verticals";

type Side = "class" | "object";

export interface Through {
  members: JsonObject;
  warnings: Warning[];
}

/** The members of a class are the same object for every pass of a template version: they are checked once per isolate. */
const kept = new WeakMap<JsonObject, Map<GoogleVertical, Through>>();

/**
 * The members of `google` that the kind of pass has and Google would take. They were checked when the template was saved,
 * but the pass may have become another kind, and placeholders are filled in since.
 */
export function passThrough({ google }: Pick<ResolvedPass, "google">, side: Side, vertical: GoogleVertical): Through {
  const written = google[side];
  if (side === "object") return fitted(written, side, vertical);
  const known = kept.get(written) ?? new Map<GoogleVertical, Through>();
  const through = known.get(vertical) ?? fitted(written, side, vertical);
  kept.set(written, known.set(vertical, through));
  return through;
}

function fitted(written: JsonObject, side: Side, vertical: GoogleVertical): Through {
  const open = Object.entries(written).filter(([member]) => !Object.hasOwn(modelled[side], member));
  if (open.length === 0) return { members: {}, warnings: [] };
  const type = verticalTypes[vertical][side];
  const { value, left } = fitGoogle(type, Object.fromEntries(open));
  const warnings = left.map(({ steps, path, message }) => ({
    code: "google_member_left_out",
    pointer: pointerTo(`#/google/${side}`, steps),
    detail: `${path} is left out of the ${type}: ${message}`,
  }));
  return { members: value, warnings };
}
