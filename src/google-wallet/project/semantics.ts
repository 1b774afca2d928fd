import { isObject } from "../../pass-model/json";
import type { Json, ResolvedPass } from "../../pass-model/resolved-pass";

/**
 * The semantic tags of a pass with those of its fields, of which the pass's own win. Lists are joined entry by entry and
 * objects member by member, because a section, a row and a seat may each stand on a field of its own.
 */
export function allSemantics({
  semantics,
  fields,
}: Pick<ResolvedPass, "semantics" | "fields">): ReadonlyMap<string, Json> {
  const tags = new Map<string, Json>(Object.entries(semantics));
  for (const field of fields) {
    for (const [tag, value] of Object.entries(field.semantics ?? {})) {
      const known = tags.get(tag);
      tags.set(tag, known === undefined ? value : joined(known, value));
    }
  }
  return tags;
}

function joined(known: Json, more: Json): Json {
  if (Array.isArray(known) && Array.isArray(more)) {
    const longer = known.length >= more.length ? known : more;
    return longer.map((_, index) => {
      const [ours, theirs] = [known[index], more[index]];
      return ours === undefined ? theirs! : theirs === undefined ? ours : joined(ours, theirs);
    });
  }
  return isObject(known) && isObject(more) ? { ...more, ...known } : known;
}
