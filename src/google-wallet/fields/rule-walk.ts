import { placeholderNames } from "../../pass-model/placeholders";
import { finding, type GoogleInvalid, type Steps } from "./finding";
import { isGoogleType, membersOf } from "./member-spec";
import { googleRules, type Rule, type Value } from "./rules";
import type { GoogleTypeName } from "./types";
import type { ValidateOptions } from "./validate";

/** Each rule at each value of its type, at any depth. */
export function ruleFindings(type: GoogleTypeName, json: unknown, options: ValidateOptions): GoogleInvalid[] {
  const findings: GoogleInvalid[] = [];
  const isOpen = (text: string) => options.placeholders === true && placeholderNames(text).length > 0;
  visit(type, json as Value, []);
  return findings;

  function visit(name: GoogleTypeName, value: Value, at: Steps): void {
    for (const rule of rulesOf(name)) {
      if (rule.needs && options.partial && at.length === 0) continue;
      const broken = rule.check(value, isOpen);
      if (broken) findings.push(finding([...at, ...broken.at], broken.code, broken.message));
    }
    for (const [member, inner] of Object.entries(value)) {
      const parts = membersOf(name).get(member);
      if (!parts || !isGoogleType(parts.base)) continue;
      if (!parts.list) visit(parts.base, inner as Value, [...at, member]);
      else {
        for (const [index, item] of (inner as Value[]).entries()) visit(parts.base, item, [...at, member, index]);
      }
    }
  }
}

let byType: Map<GoogleTypeName, Rule[]> | null = null;

function rulesOf(name: GoogleTypeName): Rule[] {
  if (!byType) {
    byType = new Map();
    for (const rule of googleRules) {
      for (const type of rule.of) byType.set(type, [...(byType.get(type) ?? []), rule]);
    }
  }
  return byType.get(name) ?? [];
}
