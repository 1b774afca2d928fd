import type { ASTNode } from "@marcbachmann/cel-js";

/**
 * What an expression may cost, known before it runs: an upper bound of its time, from the size of its lists
 * and from how long its texts can get. CEL itself bounds neither (cel-spec, "Performance"): a comprehension
 * multiplies its body, `join` its separator, and some functions of the library are far from linear.
 */

/** A text that is read from a field has at most this many characters; a longer one fails the expression. */
export const inputCharactersMax = 1000;

interface Bound {
  nanoseconds: number;
  /** Of a text, or of all texts of a list together. */
  characters: number;
  elements: number;
  /** Of a list: characters of its longest element. */
  longest: number;
}

type Scope = ReadonlyMap<string, Bound>;

// Measured with a margin on one core at 3 GHz; what counts is their proportion.
const nodeNanoseconds = 300;
const characterNanoseconds = 6;
const zonedGetterNanoseconds = 100_000;
const budgetNanoseconds = 2_500_000;
/** No number, truth value or timestamp is longer as text. */
const scalarCharacters = 32;
const durationCharactersMax = 40;

const comprehensions = new Set(["all", "exists", "exists_one", "map", "filter"]);
const searches = new Set(["contains", "indexOf", "lastIndexOf"]);
const comparisons = new Set(["==", "!=", "<", "<=", ">", ">=", "in"]);
const zonedGetter = /^get[A-Z]/;
const refused: Record<string, string> = {
  matches: "regular expressions are not available; use startsWith, endsWith, contains or ==",
  split: "split is not available",
  bind: "cel.bind is not available; use another computed field",
  json: "json is not available",
  hex: "hex is not available",
  base64: "base64 is not available",
};

/** All computed fields of one template together. */
export const designBudgetNanoseconds = 4 * budgetNanoseconds;

/**
 * An upper bound of an expression's time, or why it may not run.
 *
 * @param isText Whether a variable is read as text.
 */
export function costOf(
  ast: ASTNode,
  isText: (variable: string) => boolean,
): { ok: true; nanoseconds: number } | { ok: false; detail: string } {
  const complaint = refusedCall(ast, 0);
  if (complaint) return { ok: false, detail: complaint };
  const { nanoseconds } = boundOf(ast, { isText, scope: new Map() });
  if (nanoseconds <= budgetNanoseconds) return { ok: true, nanoseconds };
  return { ok: false, detail: "it could take too long; use shorter lists, fewer calls, or several computed fields" };
}

function refusedCall(node: ASTNode, comprehensionDepth: number): string | null {
  const name = calledName(node);
  if (Object.hasOwn(refused, name)) return refused[name]!;
  // The library's parser of durations takes cubic time, so only a short text that is there to see goes in.
  if (name === "duration" && !childrenOf(node).every(isShortText)) {
    return 'duration takes a text that is written out, such as duration("2h30m")';
  }
  const depth = comprehensionDepth + (comprehensions.has(name) ? 1 : 0);
  if (depth > 1) return "comprehensions (map, filter, all, exists) may not be nested";
  for (const child of childrenOf(node)) {
    const complaint = refusedCall(child, depth);
    if (complaint) return complaint;
  }
  return null;
}

function isShortText(node: ASTNode): boolean {
  return node.op === "value" && typeof node.args === "string" && node.args.length <= durationCharactersMax;
}

interface Setting {
  isText: (variable: string) => boolean;
  scope: Scope;
}

function boundOf(node: ASTNode, setting: Setting): Bound {
  if (node.op === "id") return setting.scope.get(node.args) ?? variableBound(setting.isText(node.args));
  if (node.op === "value") return { ...leaf, characters: literalCharacters(node.args) };
  const name = calledName(node);
  if (node.op === "rcall" && comprehensions.has(name)) return comprehensionBound(name, node.args, setting);
  const parts = childrenOf(node).map((child) => boundOf(child, setting));
  const sum = total(parts);
  const bound = { ...sum, nanoseconds: sum.nanoseconds + nodeNanoseconds };
  if (node.op === "list") {
    const longest = Math.max(0, ...parts.map(({ characters }) => characters));
    return { ...bound, elements: sum.elements + parts.length, longest };
  }
  // Of the two branches one is taken; its texts are not read here.
  if (node.op === "?:") return { ...bound, characters: Math.max(parts[1]!.characters, parts[2]!.characters) };
  if (comparisons.has(node.op)) return read(bound, sum.characters);
  if (node.op !== "call" && node.op !== "rcall") return bound;
  return callBound(name, node.op === "rcall", parts, bound);
}

function callBound(name: string, isMethod: boolean, parts: Bound[], bound: Bound): Bound {
  const [first, second] = parts;
  if (name === "join" && first) {
    const characters = first.characters + first.elements * (second?.characters ?? 0);
    return read({ ...bound, characters }, characters);
  }
  if (searches.has(name) && first && second) {
    // At the worst a text is looked for at every place of one twice as long, and found but for one character.
    const comparing = (first.characters * second.characters) / 4;
    return { ...read(bound, bound.characters + comparing / characterNanoseconds), characters: scalarCharacters };
  }
  if (isMethod && zonedGetter.test(name) && parts.length === 2) {
    return { ...bound, nanoseconds: bound.nanoseconds + zonedGetterNanoseconds, characters: scalarCharacters };
  }
  // A letter such as ﬃ becomes three when it is raised.
  const growth = name === "upperAscii" || name === "lowerAscii" ? 3 : 1;
  return read({ ...bound, characters: bound.characters * growth + scalarCharacters }, bound.characters * growth);
}

function comprehensionBound(name: string, [, receiver, args]: [string, ASTNode, ASTNode[]], setting: Setting): Bound {
  const list = boundOf(receiver, setting);
  const [variable, ...bodies] = args;
  const item = { ...list, nanoseconds: nodeNanoseconds, characters: list.longest };
  const scope = new Map(setting.scope);
  if (variable?.op === "id") scope.set(variable.args, item);
  const body = total(bodies.map((each) => boundOf(each, { ...setting, scope })));
  const nanoseconds = list.nanoseconds + list.elements * (body.nanoseconds + nodeNanoseconds);
  if (name === "map") {
    const elements = list.elements * (body.elements + 1);
    return { nanoseconds, characters: list.elements * body.characters, elements, longest: body.characters };
  }
  return name === "filter" ? { ...list, nanoseconds } : { ...leaf, nanoseconds };
}

function variableBound(isText: boolean): Bound {
  return isText ? { ...leaf, characters: inputCharactersMax, longest: inputCharactersMax } : leaf;
}

const leaf: Bound = {
  nanoseconds: nodeNanoseconds,
  characters: scalarCharacters,
  elements: 0,
  longest: scalarCharacters,
};

function read(bound: Bound, characters: number): Bound {
  return { ...bound, nanoseconds: bound.nanoseconds + characters * characterNanoseconds };
}

function total(parts: Bound[]): Bound {
  const sum = { nanoseconds: 0, characters: 0, elements: 0, longest: 0 };
  for (const part of parts) {
    sum.nanoseconds += part.nanoseconds;
    sum.characters += part.characters;
    sum.elements += part.elements;
    sum.longest += part.characters;
  }
  return sum;
}

function literalCharacters(value: unknown): number {
  return typeof value === "string" || value instanceof Uint8Array ? value.length : scalarCharacters;
}

/** Name of the function or method that a node calls, or nothing. */
function calledName(node: ASTNode): string {
  return node.op === "call" || node.op === "rcall" ? node.args[0] : "";
}

/** The operands of a node, in order: `args` is a node, a name, or nested arrays of both. */
export function childrenOf(node: ASTNode): ASTNode[] {
  if (node.op === "value") return [];
  const found: ASTNode[] = [];
  const collect = (item: unknown): void => {
    if (Array.isArray(item)) item.forEach(collect);
    else if (item !== null && typeof item === "object" && "op" in item) found.push(item as ASTNode);
  };
  collect(node.args);
  return found;
}
