import type { core } from "zod";
import { pointerTo, type Issue } from "../pass-model/issue";

/** What zod found, as our issues: one pointer, one code, one sentence each. */
export function zodIssues(issues: readonly core.$ZodIssue[], input: unknown, pointer = "#"): Issue[] {
  return issues.flatMap((issue) => oneIssue(issue, input, pointer));
}

function oneIssue(issue: core.$ZodIssue, input: unknown, base: string): Issue[] {
  const pointer = pointerTo(base, issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        pointer: pointerTo(base, [...issue.path, key]),
        code: "unknown_member",
        detail: "there is no such member",
      }));
    case "invalid_type": {
      const missing = at(input, issue.path) === undefined;
      const detail = missing ? `the member is required (${issue.expected})` : `expected ${article(issue.expected)}`;
      return [{ pointer, code: missing ? "missing_value" : "wrong_type", detail }];
    }
    case "invalid_union": {
      const best = closestBranch(issue.errors);
      if (best) return zodIssues(best, at(input, issue.path), pointer);
      return [{ pointer, code: "invalid_value", detail: "the value has none of the accepted shapes" }];
    }
    case "invalid_key":
    case "invalid_element":
      return zodIssues(issue.issues, at(input, issue.path), pointer);
    case "too_big":
    case "too_small":
      return [{ pointer, code: issue.code, detail: lowerFirst(issue.message) }];
    default:
      return [{ pointer, code: "invalid_value", detail: lowerFirst(issue.message) }];
  }
}

/** The branch of a union that the input was most likely meant for: the one that got deepest, then the one with least against it. */
function closestBranch(branches: readonly (readonly core.$ZodIssue[])[]): readonly core.$ZodIssue[] | undefined {
  const score = (issues: readonly core.$ZodIssue[]) =>
    issues.reduce(
      (sum, issue) =>
        sum +
        (issue.path.length === 0 && issue.code === "invalid_type" ? 100 : issue.code === "invalid_value" ? 10 : 1),
      0,
    );
  return branches.toSorted((a, b) => score(a) - score(b))[0];
}

function at(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return value;
}

const article = (expected: string) => (/^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`);
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
