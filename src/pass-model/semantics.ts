import * as z from "zod";
import { checkShape, mergeFindings, nullIssues } from "./issue";
import type { Findings } from "./issue";
import type { Json, JsonObject, Warning } from "./resolved-pass";
import { documentedTagNames, semanticTags } from "./semantic-tags";

const shape = z.strictObject(semanticTags).partial();

/**
 * Checks the semantic tags of a template, a pass or a field against Apple's documentation (Wallet Passes,
 * SemanticTags). A known tag of the wrong shape and a null anywhere are issues; a tag or member that the
 * documentation does not know passes with the warning `unknown_semantic_tag`.
 *
 * A text with a placeholder (`{{gate}}`) stands for any shape, because its value is known only per pass:
 * check again after substitution.
 *
 * @param pointer JSON Pointer to `semantics` itself, such as `#/fields/3/semantics`.
 */
export function checkSemantics(semantics: JsonObject, pointer: string): Findings {
  return mergeFindings([
    { issues: nullIssues(semantics, pointer) },
    checkShape(shape, semantics, { pointer, unknownMember, accepts: holdsPlaceholder }),
  ]);
}

/** True for a text whose value is filled in per pass. */
export function holdsPlaceholder(value: Json): boolean {
  return typeof value === "string" && value.includes("{{");
}

function unknownMember(pointer: string, path: string): Warning {
  const documented = documentedTagNames.get(path);
  return {
    code: "unknown_semantic_tag",
    pointer,
    detail: documented
      ? `${path} is passed on unchecked; Apple's documentation calls this tag ${documented}`
      : `${path} is not in Apple's documentation of semantic tags and is passed on unchecked`,
  };
}
