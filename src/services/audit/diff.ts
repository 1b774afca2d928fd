import type { AuditedChange } from "../../db/audit-schema";
import { sameJson } from "../merge-patch";

/**
 * What differs between two states of an object, of its own members one each. `plain` are those whose values say nothing
 * of a person and are no text that people write: of closed vocabularies, numbers of settings, ids of ours. Of all others
 * only the pointer is told.
 */
export function diffOf<T extends object>(
  before: Partial<T>,
  after: Partial<T>,
  plain: readonly (keyof T & string)[],
): AuditedChange[] {
  const members = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof T & string)[];
  return members
    .filter((member) => !sameJson(before[member], after[member]))
    .map((member) => ({
      pointer: pointerTo(member),
      ...(plain.includes(member) && { from: before[member], to: after[member] }),
    }));
}

/** RFC 6901 §3: ~ and / are written ~0 and ~1. */
export const pointerTo = (member: string): string => `#/${member.replaceAll("~", "~0").replaceAll("/", "~1")}`;
