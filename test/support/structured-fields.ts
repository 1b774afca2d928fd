/**
 * A parser of lists of RFC 9651, from its §4.2: strict, and made from nothing of ours. Throws where a field must be
 * dropped as a whole.
 */

export type BareItem =
  | { type: "integer" | "decimal" | "date"; value: number }
  | { type: "string" | "token" | "bytes"; value: string }
  | { type: "boolean"; value: boolean };

export interface Item {
  item: BareItem;
  parameters: Map<string, BareItem>;
}

export type Member = Item | { items: Item[]; parameters: Map<string, BareItem> };

export function parseList(field: string): Member[] {
  const input = new Input(field);
  const members: Member[] = [];
  input.skip(/ */y);
  if (input.isAtEnd) return members;
  for (;;) {
    members.push(input.peek() === "(" ? innerList(input) : parseItem(input));
    input.skip(/[ \t]*/y);
    if (input.isAtEnd) return members;
    input.take(/,/y, "a comma between members");
    input.skip(/[ \t]*/y);
    if (input.isAtEnd) throw new Error("a comma after the last member");
  }
}

/** A list whose members are strings with integers for parameters, as the limits are. */
export function parseLimits(field: string | null): Record<string, Record<string, number>> {
  const entries = parseList(field ?? "").map((member) => {
    if (!("item" in member) || member.item.type !== "string") throw new Error("a member that is no string");
    const parameters = [...member.parameters].map(([name, parameter]) => {
      if (parameter.type !== "integer") throw new Error(`${name} is no integer`);
      return [name, parameter.value] as const;
    });
    return [member.item.value, Object.fromEntries(parameters)] as const;
  });
  if (new Set(entries.map(([name]) => name)).size < entries.length) throw new Error("a name twice");
  return Object.fromEntries(entries);
}

class Input {
  #at = 0;
  constructor(readonly text: string) {
    if (/[^ -~\t]/.test(text)) throw new Error("a character that is not of ASCII");
  }
  get isAtEnd(): boolean {
    return this.#at === this.text.length;
  }
  peek(): string {
    return this.text[this.#at] ?? "";
  }
  skip(pattern: RegExp): void {
    this.match(pattern);
  }
  take(pattern: RegExp, what: string): string {
    const found = this.match(pattern);
    if (found === null) throw new Error(`${what} expected at ${this.#at} of ${this.text}`);
    return found;
  }
  /** `pattern` is sticky. */
  match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }
}

function innerList(input: Input): Member {
  const items: Item[] = [];
  input.take(/\(/y, "(");
  for (;;) {
    input.skip(/ */y);
    if (input.match(/\)/y) !== null) return { items, parameters: parametersOf(input) };
    items.push(parseItem(input));
    if (!" )".includes(input.peek()) || input.isAtEnd) throw new Error("an inner list that is not closed");
  }
}

const parseItem = (input: Input): Item => ({ item: bareItem(input), parameters: parametersOf(input) });

function parametersOf(input: Input): Map<string, BareItem> {
  const parameters = new Map<string, BareItem>();
  while (input.match(/;/y) !== null) {
    input.skip(/ */y);
    const key = input.take(/[a-z*][a-z0-9_\-.*]*/y, "a key");
    parameters.set(key, input.match(/=/y) === null ? { type: "boolean", value: true } : bareItem(input));
  }
  return parameters;
}

function bareItem(input: Input): BareItem {
  switch (input.peek()) {
    case '"': {
      const quoted = input.take(/"(?:[ !#-[\]-~]|\\["\\])*"/y, "a string");
      return { type: "string", value: quoted.slice(1, -1).replace(/\\(.)/g, "$1") };
    }
    case ":":
      return { type: "bytes", value: atob(input.take(/:[A-Za-z0-9+/=]*:/y, "bytes").slice(1, -1)) };
    case "?":
      return { type: "boolean", value: input.take(/\?[01]/y, "a boolean") === "?1" };
    case "@": {
      input.take(/@/y, "@");
      return { type: "date", value: integer(input) };
    }
    default:
      break;
  }
  if (/[a-zA-Z*]/.test(input.peek()))
    return { type: "token", value: input.take(/[a-zA-Z*][!#$%&'*+\-.^_`|~0-9a-zA-Z:/]*/y, "a token") };
  const decimal = input.match(/-?\d{1,12}\.\d{1,3}(?![\d.])/y);
  return decimal === null ? { type: "integer", value: integer(input) } : { type: "decimal", value: Number(decimal) };
}

const integer = (input: Input): number => Number(input.take(/-?\d{1,15}(?![\d.])/y, "an integer"));
