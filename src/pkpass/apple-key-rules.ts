import { mergeFindings, pointerTo } from "../pass-model/issue";
import type { Findings, Issue } from "../pass-model/issue";
import type { JsonObject, Warning } from "../pass-model/resolved-pass";
import { checkSemantics } from "../pass-model/semantics";
import type { PassStyle } from "../pass-model/vocabulary";
import { checkFieldGroups } from "./apple-fields";
import { finding, isObject, objectsIn } from "./apple-json";
import { opensApp } from "./apple-key-shapes";
import { appleKeys } from "./apple-key-table";
import type { AppleKeyContext, AppleLayout } from "./apple-key-table";
import { checkSchemes } from "./apple-schemes";

type Rule = (apple: JsonObject, context: AppleKeyContext) => Partial<Findings>;

/** What spans members of `apple` or reaches beyond it. Each tolerates wrong shapes, which are reported by then. */
export const appleKeyRules: readonly Rule[] = [
  checkStyleSchemes,
  checkLayouts,
  checkPositions,
  checkPosterGeneric,
  checkFeaturedActions,
  checkUpcomingEvents,
  checkSchemes,
];

/** Which schemes a style has (Apple documentation, Pass.preferredStyleSchemes). */
const schemesOf: Partial<Record<PassStyle, readonly string[]>> = {
  eventTicket: ["posterEventTicket", "eventTicket"],
  boardingPass: ["semanticBoardingPass", "boardingPass"],
};

function checkStyleSchemes(apple: JsonObject, { style }: AppleKeyContext): Partial<Findings> {
  if (apple.preferredStyleSchemes === undefined) return {};
  const path = ["apple", "preferredStyleSchemes"];
  const allowed = schemesOf[style];
  if (!allowed) {
    const matter = `only ${Object.keys(schemesOf).join(" and ")} have schemes, not ${style}`;
    return { issues: [finding(path, "unsupported_for_style", matter)] };
  }
  const issues = schemes(apple).flatMap(({ scheme, index }, position, all): Issue[] => {
    const matter = `${scheme} is no scheme of ${style}; expected ${allowed.join(" and ")}`;
    if (isForeign(scheme, allowed)) return [finding([...path, index], "unsupported_for_style", matter)];
    const isRepeated = all.slice(0, position).some((earlier) => earlier.scheme === scheme);
    return isRepeated ? [finding([...path, index], "duplicate", "the scheme is there twice")] : [];
  });
  return { issues };
}

function isForeign(scheme: string, allowed: readonly string[]): boolean {
  return !allowed.includes(scheme) && Object.values(schemesOf).some((names) => names.includes(scheme));
}

const layoutNames: Record<AppleLayout, string> = {
  posterEventTicket: "poster event tickets (style eventTicket)",
  semanticBoardingPass: "semantic boarding passes (style boardingPass)",
  posterGeneric: "poster generic passes (with posterGeneric)",
};

/** A key of a layout that the style cannot have is refused; one whose layout is not asked for is ignored by Wallet. */
function checkLayouts(apple: JsonObject, { style }: AppleKeyContext): Partial<Findings> {
  const possible: Record<AppleLayout, boolean> = {
    posterEventTicket: style === "eventTicket",
    semanticBoardingPass: style === "boardingPass",
    posterGeneric: apple.posterGeneric !== undefined,
  };
  const findings: Findings = { issues: [], warnings: [] };
  for (const key of Object.keys(apple)) {
    const { layouts, needsLayout } = appleKeys.get(key) ?? {};
    if (!layouts) continue;
    const names = layouts.map((layout) => layoutNames[layout]).join(" and ");
    if (!layouts.some((layout) => possible[layout])) {
      findings.issues.push(finding(["apple", key], "unsupported_for_style", `belongs to ${names}, not to ${style}`));
    } else if (!layouts.some((layout) => isAsked(apple, layout))) {
      const detail = `shown only by ${names}; name the layout in preferredStyleSchemes`;
      (needsLayout ? findings.issues : findings.warnings).push(finding(["apple", key], "layout_not_requested", detail));
    }
  }
  return findings;
}

/** The field groups that not every pass has (Apple documentation, PassFields). */
function checkPositions(apple: JsonObject, { style, fieldPositions }: AppleKeyContext): Partial<Findings> {
  const issues: Issue[] = [];
  const warnings: Warning[] = [];
  if (fieldPositions.includes("additionalInfo") && style !== "eventTicket") {
    issues.push(
      finding(
        ["fields"],
        "unsupported_for_style",
        `only eventTicket has fields at the position additionalInfo, not ${style}`,
      ),
    );
  } else if (fieldPositions.includes("additionalInfo") && !isAsked(apple, "posterEventTicket")) {
    const detail =
      "fields at the position additionalInfo are shown only by poster event tickets; ask for posterEventTicket";
    warnings.push(finding(["apple", "preferredStyleSchemes"], "layout_not_requested", detail));
  }
  if (fieldPositions.includes("footer") && !isAsked(apple, "posterGeneric")) {
    const detail = "fields at the position footer are shown only by poster generic passes";
    issues.push(finding(["apple", "posterGeneric"], "required", detail));
  }
  return { issues, warnings };
}

/** How many fields of each group are shown (Apple documentation, "Creating a poster generic pass"). */
const posterGenericLimits: Record<string, number> = {
  headerFields: 1,
  primaryFields: 4,
  secondaryFields: 0,
  auxiliaryFields: 0,
  footerFields: 1,
};

function checkPosterGeneric({ posterGeneric }: JsonObject, { legacyStyle }: AppleKeyContext): Partial<Findings> {
  const path = ["apple", "posterGeneric"];
  if (posterGeneric === undefined) {
    const detail = "expected a poster generic pass, for the pass has no other style";
    return legacyStyle ? {} : { issues: [finding(path, "required", detail)] };
  }
  const warnings: Warning[] = [];
  if (!legacyStyle) {
    const detail = "without a second style the pass cannot be installed on iOS 26 and earlier";
    warnings.push(finding(path, "poster_generic_alone", detail));
  }
  const groups = isObject(posterGeneric) ? posterGeneric : {};
  for (const [group, limit] of Object.entries(posterGenericLimits)) {
    const fields = groups[group];
    if (!Array.isArray(fields) || fields.length <= limit) continue;
    const detail = `a poster generic pass shows ${limit || "none"} of these ${fields.length}`;
    warnings.push(finding([...path, group], "fields_not_shown", detail));
  }
  return mergeFindings([{ warnings }, checkFieldGroups(groups, path)]);
}

/**
 * At most two, each with its own identifier (Apple documentation, "Creating a poster generic pass"), and not
 * beside the layouts that show none (passkit-generator, issue 268).
 */
function checkFeaturedActions(apple: JsonObject, { associatedStoreIdentifiers }: AppleKeyContext): Partial<Findings> {
  if (apple.featuredActions === undefined) return {};
  const path = ["apple", "featuredActions"];
  const actions = objectsIn(apple.featuredActions);
  const issues = duplicates(actions, "identifier", path);
  const warnings: Warning[] = [];
  for (const { index } of actions.slice(2)) {
    issues.push(finding([...path, index], "too_many", "expected at most 2 actions"));
  }
  for (const layout of ["posterEventTicket", "semanticBoardingPass"] as const) {
    if (!isAsked(apple, layout)) continue;
    issues.push(finding(path, "not_allowed", `${layout} has no featured actions; leave out one of the two`));
  }
  for (const { object, index } of actions) {
    if (associatedStoreIdentifiers || typeof object.url !== "string" || !opensApp(object.url)) continue;
    const detail = "opens an app, but the pass names none in associatedStoreIdentifiers";
    warnings.push(finding([...path, index, "url"], "app_unknown", detail));
  }
  return { issues, warnings };
}

function checkUpcomingEvents({ upcomingPassInformation }: JsonObject): Partial<Findings> {
  const path = ["apple", "upcomingPassInformation"];
  const events = objectsIn(upcomingPassInformation);
  return mergeFindings([
    { issues: duplicates(events, "identifier", path) },
    ...events.flatMap(({ object, index }) => {
      const { venuePlaceID: _checkedByShape, ...semantics } = isObject(object.semantics) ? object.semantics : {};
      const groups = { additionalInfoFields: object.additionalInfoFields ?? [], backFields: object.backFields ?? [] };
      // The nulls in there are reported with those of the whole member.
      const tags = checkSemantics(semantics, pointerTo("#", [...path, index, "semantics"]));
      const issues = tags.issues.filter(({ code }) => code !== "null_value");
      return [{ issues, warnings: tags.warnings }, checkFieldGroups(groups, [...path, index])];
    }),
  ]);
}

function duplicates(items: { object: JsonObject; index: number }[], member: string, path: string[]): Issue[] {
  const seen = new Set<string>();
  return items.flatMap(({ object, index }): Issue[] => {
    const value = object[member];
    if (typeof value !== "string") return [];
    if (seen.has(value)) {
      return [finding([...path, index, member], "duplicate", `the ${member} is there twice`)];
    }
    seen.add(value);
    return [];
  });
}

function isAsked(apple: JsonObject, layout: AppleLayout): boolean {
  if (layout === "posterGeneric") return apple.posterGeneric !== undefined;
  return schemes(apple).some(({ scheme }) => scheme === layout);
}

function schemes({ preferredStyleSchemes }: JsonObject): { scheme: string; index: number }[] {
  const items = Array.isArray(preferredStyleSchemes) ? preferredStyleSchemes : [];
  return items.flatMap((scheme, index) => (typeof scheme === "string" ? [{ scheme, index }] : []));
}
