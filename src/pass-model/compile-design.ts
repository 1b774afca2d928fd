import type { FieldDesign, TemplateDesign } from "./design";
import { compileExpression, expressionEnvironment, findCycle, type CompiledExpression } from "./expressions";
import { designBudgetNanoseconds } from "./expression-cost";
import type { Issue } from "./issue";
import type { JsonObject, ResolvedField } from "./resolved-pass";
import type { FieldType } from "./vocabulary";

/** A design made ready for resolving many passes: parsed expressions in order, and fields without values. */
export interface CompiledDesign {
  design: TemplateDesign;
  fields: FieldDesign[];
  /** Computed fields, each after those that it reads. */
  computed: { key: string; type: FieldType; expression: CompiledExpression }[];
  /** The fields as resolved, but for the value; same order as `fields`. */
  blanks: Omit<ResolvedField, "value">[];
}

/**
 * Compiles the expressions of a design. `enforced` refuses what could take too long; a stored design is
 * `trusted`: it was checked when it was saved, by the rules of that day.
 */
export function compileDesign(
  design: TemplateDesign,
  limits: "enforced" | "trusted",
): { ok: true; compiled: CompiledDesign } | { ok: false; issues: Issue[] } {
  const fields = design.fields ?? [];
  const expressions = new Map<string, CompiledExpression>();
  const issues: Issue[] = [];
  const environment = fields.some((field) => field.expression) ? expressionEnvironment(distinct(fields)) : null;
  for (const [index, field] of fields.entries()) {
    if (field.expression === undefined || !environment) continue;
    const result = compileExpression(environment, { ...field, expression: field.expression }, fields, limits);
    if (result.ok) expressions.set(field.key, result.expression);
    else issues.push({ pointer: `#/fields/${index}/expression`, code: "invalid_expression", detail: result.detail });
  }
  const nanoseconds = [...expressions.values()].reduce((sum, expression) => sum + expression.nanoseconds, 0);
  if (limits === "enforced" && nanoseconds > designBudgetNanoseconds) {
    const detail = "the computed fields could take too long together; use fewer or simpler ones";
    issues.push({ pointer: "#/fields", code: "invalid_expression", detail });
  }
  const cycle = findCycle(new Map([...expressions].map(([key, { reads }]) => [key, reads])));
  if (cycle) {
    const index = fields.findIndex((field) => field.key === cycle[0]);
    const detail = `computed fields depend on each other in a circle: ${cycle.join(" → ")}`;
    issues.push({ pointer: `#/fields/${index}/expression`, code: "expression_cycle", detail });
  }
  if (issues.length > 0) return { ok: false, issues };
  return { ok: true, compiled: { design, fields, computed: inOrder(fields, expressions), blanks: fields.map(blank) } };
}

const distinct = (fields: FieldDesign[]) => [...new Map(fields.map((field) => [field.key, field])).values()];

function inOrder(fields: FieldDesign[], expressions: Map<string, CompiledExpression>): CompiledDesign["computed"] {
  const types = new Map(fields.map(({ key, type }) => [key, type]));
  const ordered = new Map<string, CompiledExpression>();
  const visit = (key: string) => {
    const expression = expressions.get(key);
    if (!expression || ordered.has(key)) return;
    expression.reads.forEach(visit);
    ordered.set(key, expression);
  };
  [...expressions.keys()].forEach(visit);
  return [...ordered].map(([key, expression]) => ({ key, type: types.get(key)!, expression }));
}

function blank(field: FieldDesign): Omit<ResolvedField, "value"> {
  return {
    key: field.key,
    label: field.label ?? null,
    type: field.type,
    position: field.position,
    currencyCode: field.currencyCode ?? null,
    timeZone: field.timeZone ?? null,
    relative: field.relative ?? false,
    dateStyle: field.dateStyle ?? null,
    timeStyle: field.timeStyle ?? null,
    numberStyle: field.numberStyle ?? null,
    textAlignment: field.textAlignment ?? null,
    dataDetectorTypes: field.dataDetectorTypes ?? null,
    changeMessage: field.changeMessage === undefined ? null : announcing(field.changeMessage),
    row: field.row ?? null,
    semantics: (field.semantics as JsonObject | undefined) ?? null,
  };
}

/** Wallet shows a text only if it holds `%@`, which stands for the new value (Apple, PassFieldContent.changeMessage). */
export function announcing(message: string): string {
  return message.includes("%@") ? message : `${message} %@`.trim();
}
