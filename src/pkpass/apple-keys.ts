import { checkShape, mergeFindings, nullIssues } from "../pass-model/issue";
import type { Findings } from "../pass-model/issue";
import type { JsonObject, Warning } from "../pass-model/resolved-pass";
import { finding } from "./apple-json";
import { appleKeyRules } from "./apple-key-rules";
import { appleKeyShape, modelledKeys } from "./apple-key-table";
import type { AppleKeyContext } from "./apple-key-table";

export { normalizeAppleKeys } from "./apple-key-normalize";
export type { AppleKeyContext } from "./apple-key-table";

/**
 * Checks the `apple` member of a template or pass: the keys that only Apple Wallet knows.
 *
 * Known keys are held to Apple's documentation (Wallet Passes: Pass and the types that it names) and to
 * pass-builder's validators; keys that the design models itself are refused as `modelled_key`; keys and
 * nested members that nobody documents pass with `unknown_apple_key`. Placeholders are understood only in
 * the semantic tags of upcoming events. All pointers begin with `#/apple`, but the one for fields at a
 * position that the style does not have, which is `#/fields`.
 */
export function checkAppleKeys(apple: JsonObject, context: AppleKeyContext): Findings {
  const own = Object.fromEntries(Object.entries(apple).filter(([key]) => !modelledKeys.has(key)));
  return mergeFindings([
    { issues: nullIssues(own, "#/apple") },
    checkModelled(apple),
    checkShape(appleKeyShape, own, { pointer: "#/apple", unknownMember }),
    ...appleKeyRules.map((rule) => rule(own, context)),
  ]);
}

function checkModelled(apple: JsonObject): Partial<Findings> {
  const issues = Object.keys(apple).flatMap((key) => {
    const instead = modelledKeys.get(key);
    return instead ? [finding(["apple", key], "modelled_key", `does not belong into apple; ${instead}`)] : [];
  });
  return { issues };
}

function unknownMember(pointer: string, path: string): Warning {
  return {
    code: "unknown_apple_key",
    pointer,
    detail: `${path} is not in Apple's documentation of pass.json and is passed on unchecked`,
  };
}
