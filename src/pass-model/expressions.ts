import { Environment, EvaluationError, TypeError as CelTypeError, type ASTNode } from "@marcbachmann/cel-js";
import type { FieldDesign } from "./design";
import { childrenOf, costOf, inputCharactersMax } from "./expression-cost";
import { fieldTypeRules } from "./field-types";

/**
 * Computed fields: CEL expressions over the other fields of a template (github.com/google/cel-spec).
 * What CEL alone leaves open is closed here and in `expression-cost.ts`: nested comprehensions, `cel.bind`,
 * `split`, regular expressions and whatever could take long are refused and inputs are capped, so any
 * expression that is accepted ends within milliseconds.
 */

export type Values = Record<string, string | number>;

export interface CompiledExpression {
  /** Keys of the fields it reads. */
  reads: string[];
  /** Upper bound of its time. */
  nanoseconds: number;
  evaluate: (values: Values) => { ok: true; value: string | number } | { ok: false; detail: string };
}

const limits = {
  maxAstNodes: 600,
  maxDepth: 20,
  maxListElements: 1000,
  maxMapEntries: 1000,
  maxCallArguments: 32,
};
const outputCharactersMax = 10_000;

/** The variables of a template: every field, by its type. Building one is costly: once per template. */
export function expressionEnvironment(fields: FieldDesign[]): Environment {
  const environment = new Environment({ limits, homogeneousAggregateLiterals: false });
  for (const [operator, apply] of mixedArithmetic) {
    environment.registerOperator(`double ${operator} int`, (a: number, b: bigint) => apply(a, Number(b)));
    environment.registerOperator(`int ${operator} double`, (a: bigint, b: number) => apply(Number(a), b));
  }
  environment.registerFunction("round(double): double", (value: number) => Math.round(value));
  for (const field of fields) {
    // A key that may not be a variable is refused where it stands; see check-design.ts.
    if (isTypeName(field.key) || celReservedWords.has(field.key) || field.key in Object.prototype) continue;
    environment.registerVariable(field.key, fieldTypeRules[field.type].cel.type);
  }
  return environment;
}

// JSON numbers arrive as doubles and `1` is an int in CEL, so `points + 1` needs these overloads.
const mixedArithmetic: [string, (a: number, b: number) => number][] = [
  ["+", (a, b) => a + b],
  ["-", (a, b) => a - b],
  ["*", (a, b) => a * b],
  ["/", (a, b) => a / b],
];

const typeNames = new Set("type int uint double string bool bytes list map null_type optional google cel".split(" "));
const isTypeName = (key: string) => typeNames.has(key);

/** Words that CEL reserves (cel-spec, "Syntax"): no field key may be one. */
export const celReservedWords = new Set(
  (
    "true false null in as break const continue else for function if import let loop package namespace " +
    "return var void while prototype"
  ).split(" "),
);

/** Parses and types one expression. Errors are sentences for the author of the template. */
export function compileExpression(
  environment: Environment,
  field: FieldDesign & { expression: string },
  fields: FieldDesign[],
  limits: "enforced" | "trusted",
): { ok: true; expression: CompiledExpression } | { ok: false; detail: string } {
  try {
    const program = environment.parse(field.expression);
    const byKey = new Map(fields.map((other) => [other.key, other]));
    const isText = (name: string) => byKey.has(name) && fieldTypeRules[byKey.get(name)!.type].cel.type === "string";
    const cost = costOf(program.ast, isText);
    if (!cost.ok && limits === "enforced") return cost;
    const checked = program.check();
    if (!checked.valid) return { ok: false, detail: firstLine(checked.error) };
    const wanted = fieldTypeRules[field.type].cel.type;
    if (!producible[wanted]?.has(String(checked.type))) {
      return { ok: false, detail: `it yields ${checked.type}, but a ${field.type} field needs ${wanted}` };
    }
    const reads = [...identifiers(program.ast)].filter((name) => byKey.has(name) && !isTypeName(name));
    const inputs = reads.map((key) => ({ key, rule: fieldTypeRules[byKey.get(key)!.type] }));
    return {
      ok: true,
      expression: {
        reads,
        nanoseconds: cost.ok ? cost.nanoseconds : Infinity,
        evaluate: (values) => evaluate(program, inputs, values, wanted),
      },
    };
  } catch (error) {
    return { ok: false, detail: firstLine(error) };
  }
}

const producible: Record<string, Set<string>> = {
  string: new Set(["string"]),
  double: new Set(["double", "int", "uint"]),
  "google.protobuf.Timestamp": new Set(["google.protobuf.Timestamp"]),
};

type Inputs = { key: string; rule: (typeof fieldTypeRules)[keyof typeof fieldTypeRules] }[];

function evaluate(
  program: (context: Record<string, unknown>) => unknown,
  inputs: Inputs,
  values: Values,
  wanted: string,
): ReturnType<CompiledExpression["evaluate"]> {
  const context: Record<string, unknown> = {};
  for (const { key, rule } of inputs) {
    const value = values[key];
    if (typeof value === "string" && value.length > inputCharactersMax) {
      return { ok: false, detail: `the value of ${key} is longer than ${inputCharactersMax} characters` };
    }
    context[key] = value === undefined ? rule.cel.empty : rule.cel.empty instanceof Date ? new Date(value) : value;
  }
  try {
    const result = program(context);
    if (wanted === "double") {
      const number = Number(result);
      return Number.isFinite(number)
        ? { ok: true, value: number }
        : { ok: false, detail: "the result is not a number" };
    }
    if (result instanceof Date) return { ok: true, value: result.toISOString() };
    const text = String(result);
    if (text.length > outputCharactersMax) return { ok: false, detail: "the result is too long" };
    return { ok: true, value: text };
  } catch (error) {
    return { ok: false, detail: failureOf(error) };
  }
}

/** The library quotes values in its messages, and a holder's have no place in a problem: its code says what happened. */
function failureOf(error: unknown): string {
  if (error instanceof Error && /\btime zone\b/i.test(error.message)) return "no such time zone";
  const code = error instanceof EvaluationError || error instanceof CelTypeError ? error.code : "evaluation_error";
  return code.replaceAll("_", " ");
}

/** Of what is wrong with the expression itself. The library quotes it, and it may be long. */
const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error)
    .split("\n")[0]!
    .slice(0, 200);

function identifiers(node: ASTNode, found = new Set<string>()): Set<string> {
  if (node.op === "id") found.add(String(node.args));
  for (const child of childrenOf(node)) identifiers(child, found);
  return found;
}

/** The first cycle among computed fields, as the keys along it, or null. */
export function findCycle(reads: Map<string, string[]>): string[] | null {
  const done = new Set<string>();
  const visit = (key: string, path: string[]): string[] | null => {
    if (path.includes(key)) return [...path.slice(path.indexOf(key)), key];
    if (done.has(key)) return null;
    for (const next of reads.get(key) ?? []) {
      const cycle = visit(next, [...path, key]);
      if (cycle) return cycle;
    }
    done.add(key);
    return null;
  };
  for (const key of reads.keys()) {
    const cycle = visit(key, []);
    if (cycle) return cycle;
  }
  return null;
}
