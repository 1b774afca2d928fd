import { describe, expect, it } from "vitest";
import { templateDesign } from "../../src/pass-model/design";
import { compileExpression, expressionEnvironment, findCycle, type Values } from "../../src/pass-model/expressions";
import type { FieldDesign } from "../../src/pass-model/design";
import type { FieldType } from "../../src/pass-model/vocabulary";
import { adversarialExpressions, adversarialFields, adversarialValues } from "./adversarial-expressions";
import { compiledOf, designOf, expressionIssues, passOf, resolveOf, valuesOf, type FieldInput } from "./make";

const fields: FieldDesign[] = [
  { key: "points", type: "number", position: "back" },
  { key: "price", type: "currency", currencyCode: "EUR", position: "back" },
  { key: "share", type: "percent", position: "back" },
  { key: "name", type: "text", position: "back" },
  { key: "site", type: "url", position: "back" },
  { key: "day", type: "date", position: "back" },
  { key: "clock", type: "time", position: "back" },
  { key: "at", type: "dateTime", position: "back" },
];
const values: Values = {
  points: 120,
  price: 12.5,
  share: 0.25,
  name: "Zoë",
  site: "https://example.com/",
  day: "2026-05-01",
  clock: "18:30",
  at: "2026-05-01T18:30:00+02:00",
};

function compile(expression: string, type: FieldType = "text", among: FieldDesign[] = fields) {
  return compileExpression(
    expressionEnvironment(among),
    { key: "out", type, position: "back", expression },
    among,
    "enforced",
  );
}

function evaluate(expression: string, type: FieldType = "text", inputs: Values = values) {
  const result = compile(expression, type);
  return result.ok ? result.expression.evaluate(inputs) : { ok: false as const, detail: `refused: ${result.detail}` };
}

function refusal(expression: string, type: FieldType = "text"): string {
  const result = compile(expression, type);
  return result.ok ? "accepted" : result.detail;
}

describe("R069 what an expression yields", () => {
  it.each<[string, FieldType, string | number]>([
    ['points >= 100.0 ? "Gold" : "Silver"', "text", "Gold"],
    ['"Hello, " + name', "text", "Hello, Zoë"],
    ['string(points) + " points"', "text", "120 points"],
    ["name.size()", "number", 3],
    ["name.upperAscii()", "text", "ZOË"],
    ["points + 1", "number", 121],
    ["1 + points", "number", 121],
    ["points - 20", "number", 100],
    ["2 * points", "number", 240],
    ["points / 8", "number", 15],
    ["points * 1.5", "number", 180],
    ["price * (1.0 - share)", "currency", 9.375],
    ["round(price * 3.0)", "number", 38],
    ["7 / 2", "number", 3],
    ["7 % 2", "number", 1],
    ["double(7) / 2.0", "number", 3.5],
    ["points / 480.0", "percent", 0.25],
    ["uint(3)", "number", 3],
    ['day + "T00:00:00Z" == "2026-05-01T00:00:00Z" ? "same" : "other"', "text", "same"],
    ['clock < "19:00" ? "early" : "late"', "text", "early"],
    ["day", "date", "2026-05-01"],
    ["clock", "time", "18:30"],
    ['site + "members"', "url", "https://example.com/members"],
    ['name in ["Ada", "Zoë"] ? "known" : "new"', "text", "known"],
    ['[name, "", "Ada"].filter(n, n != "").size()', "number", 2],
    ['["a", "b"].map(n, n + "!").join(", ")', "text", "a!, b!"],
    ['["a", "b"].exists(n, n == "b") && ["a"].all(n, n == "a") ? "both" : "no"', "text", "both"],
    ['[1, 2, 3].exists_one(n, n == 2) ? "one" : "no"', "text", "one"],
    ['"a" + "b" == "ab" ? "🎂" : ""', "text", "🎂"],
  ])("%s is, for a %s field, %j", (expression, type, value) => {
    expect(evaluate(expression, type)).toEqual({ ok: true, value });
  });

  it.each([
    ["at", "2026-05-01T16:30:00.000Z"],
    ['at + duration("90m")', "2026-05-01T18:00:00.000Z"],
    ['at - duration("24h")', "2026-04-30T16:30:00.000Z"],
    ['timestamp("2026-01-01T00:00:00Z")', "2026-01-01T00:00:00.000Z"],
    ['timestamp(day + "T00:00:00Z")', "2026-05-01T00:00:00.000Z"],
  ])("the timestamp %s is an instant", (expression, value) => {
    expect(evaluate(expression, "dateTime")).toEqual({ ok: true, value });
  });

  it.each([
    ["at.getHours()", 16],
    ['at.getHours("Europe/Berlin")', 18],
    ["at.getFullYear()", 2026],
    ['at > timestamp("2026-01-01T00:00:00Z") ? 1 : 0', 1],
  ])("reads the parts of a timestamp: %s", (expression, value) => {
    expect(evaluate(expression, "number")).toEqual({ ok: true, value });
  });

  it.each([
    ['name == "" ? "nobody" : name', "text", "nobody"],
    ["points + 1", "number", 1],
    ['day == "" ? "open" : day', "text", "open"],
    ["at", "dateTime", "1970-01-01T00:00:00.000Z"],
  ] as const)("a field without a value reads as empty text, zero or the epoch: %s", (expression, type, value) => {
    expect(evaluate(expression, type, {})).toEqual({ ok: true, value });
  });

  it("tells which fields it reads, each once", () => {
    const result = compile('points > 1.0 && points < 9.0 ? name : "" + site');
    expect(result.ok && result.expression.reads.toSorted()).toEqual(["name", "points", "site"]);
  });

  it("refuses to read a text of more than 1,000 characters, and says which", () => {
    expect(evaluate("name", "text", { name: "a".repeat(1000) }).ok).toBe(true);
    const tooLong = { ok: false, detail: "the value of name is longer than 1000 characters" };
    expect(evaluate("name", "text", { name: "a".repeat(1001) })).toEqual(tooLong);
  });
});

describe("R069 what is refused when the template is saved", () => {
  it.each<[string, FieldType, string]>([
    ["pionts + 1", "number", "Unknown variable: pionts"],
    ["points", "text", "it yields double, but a text field needs string"],
    ["name", "number", "it yields string, but a number field needs double"],
    ["points > 1.0", "text", "it yields bool, but a text field needs string"],
    ["name", "dateTime", "it yields string, but a dateTime field needs google.protobuf.Timestamp"],
    ["at", "text", "it yields google.protobuf.Timestamp, but a text field needs string"],
    ["[name]", "text", "it yields list<string>, but a text field needs string"],
    ["name + points", "text", "no such overload: string + double"],
    ["name.matches('a')", "text", "regular expressions are not available; use startsWith, endsWith, contains or =="],
    ["matches(name, 'a')", "text", "regular expressions are not available; use startsWith, endsWith, contains or =="],
    ["name.split(' ')[0]", "text", "split is not available"],
    ["cel.bind(x, name, x)", "text", "cel.bind is not available; use another computed field"],
    ["[1].map(a, [2].map(b, b)).size()", "number", "comprehensions (map, filter, all, exists) may not be nested"],
    [
      "[1].exists(a, [2].all(b, b == a)) ? 1 : 0",
      "number",
      "comprehensions (map, filter, all, exists) may not be nested",
    ],
    ["at + duration(name)", "dateTime", 'duration takes a text that is written out, such as duration("2h30m")'],
  ])("%s as %s: %s", (expression, type, sentence) => {
    expect(refusal(expression, type)).toBe(sentence);
  });

  it.each(["points +", "points + + )", "'open", "a b", "points ? 1", "1 +* 2", "{"])(
    "text that is no expression: %s",
    (expression) => {
      const detail = refusal(expression, "number");
      expect(detail).not.toBe("accepted");
      expect(detail.length).toBeGreaterThan(5);
      expect(detail).not.toContain("\n");
    },
  );

  it("accepts a depth of 20 and refuses a deeper one", () => {
    const nested = (depth: number) => `${"(".repeat(depth)}1${")".repeat(depth)}`;
    expect(refusal(nested(19), "number")).toBe("accepted");
    expect(refusal(nested(20), "number")).toBe("Exceeded maxDepth (20)");
  });

  it("takes at most 1,000 characters", () => {
    const withExpression = (expression: string) =>
      templateDesign.safeParse({
        ...designOf(),
        fields: [{ key: "out", type: "number", position: "back", expression }],
      }).success;
    expect(withExpression("1".padEnd(1000))).toBe(true);
    expect(withExpression("1".padEnd(1001))).toBe(false);
    expect(withExpression("")).toBe(false);
  });
});

const computed = (key: string, expression: string, type: FieldType = "number"): FieldInput => ({
  key,
  type,
  position: "back",
  expression,
});

describe("R069 computed fields of a template", () => {
  it("computes each after those it reads, in whatever order the design has them", () => {
    const chain = [
      computed("d", "c * 10"),
      computed("b", "a + 1"),
      computed("c", "b + a"),
      { key: "a", type: "number", position: "back", default: 1 } as const,
    ];
    expect(compiledOf({ fields: chain }).computed.map(({ key }) => key)).toEqual(["b", "c", "d"]);
    expect(valuesOf(resolveOf({ fields: chain }))).toEqual({ a: 1, b: 2, c: 3, d: 30 });
  });

  it("computes a chain of 99 fields written backwards", () => {
    const chain: FieldInput[] = Array.from({ length: 99 }, (_, index) =>
      computed(`f${98 - index}`, index === 98 ? "start + 1" : `f${97 - index} + 1`),
    );
    chain.push({ key: "start", type: "number", position: "back", default: 0 });
    expect(valuesOf(resolveOf({ fields: chain })).f98).toBe(99);
  });

  it.each<[string, FieldInput[], string, string]>([
    ["itself", [computed("a", "a + 1")], "#/fields/0/expression", "a → a"],
    ["each other", [computed("a", "b + 1"), computed("b", "a + 1")], "#/fields/0/expression", "a → b → a"],
    [
      "each other over a third",
      [computed("x", "a + 1"), computed("a", "b + 1"), computed("b", "c + 1"), computed("c", "a + 1")],
      "#/fields/1/expression",
      "a → b → c → a",
    ],
  ])("refuses fields that depend on %s", (_, cyclic, pointer, path) => {
    const detail = `computed fields depend on each other in a circle: ${path}`;
    expect(expressionIssues({ fields: cyclic })).toEqual([{ pointer, code: "expression_cycle", detail }]);
  });

  it("takes a field that two others read for no cycle", () => {
    const diamond = new Map([
      ["top", ["left", "right"]],
      ["left", ["bottom"]],
      ["right", ["bottom"]],
      ["bottom", []],
    ]);
    expect(findCycle(diamond)).toBeNull();
  });

  it("names every expression that is wrong at once", () => {
    const issues = expressionIssues({ fields: [computed("a", "nobody"), computed("b", "1"), computed("c", '"text"')] });
    expect(issues.map(({ pointer, code }) => [pointer, code])).toEqual([
      ["#/fields/0/expression", "invalid_expression"],
      ["#/fields/2/expression", "invalid_expression"],
    ]);
  });

  it("cannot read a field whose key is the name of a type, and says so", () => {
    const issues = expressionIssues({
      fields: [{ key: "string", type: "text", position: "back" }, computed("out", "string", "text")],
    });
    expect(issues).toMatchObject([{ pointer: "#/fields/1/expression", code: "invalid_expression" }]);
  });

  it.each([
    ["int(name)", "number" as const, "int conversion error"],
    ['timestamp(name) < timestamp("2026-01-01T00:00:00Z") ? 1 : 2', "number" as const, "invalid timestamp"],
    ['{"a": 1}[name]', "number" as const, "no such key"],
  ])("R221 says why %s fails without a word of the value", (expression, type, detail) => {
    // The library's message quotes it.
    expect(evaluate(expression, type, { ...values, name: "Ottilie" })).toEqual({ ok: false, detail });
  });

  it("leaves a field out whose expression yields empty text", () => {
    const fieldsOfPass: FieldInput[] = [
      { key: "name", type: "text", position: "back" },
      computed("greeting", 'name == "" ? "" : "Hi " + name', "text"),
    ];
    expect(valuesOf(resolveOf({ fields: fieldsOfPass }))).toEqual({});
    expect(valuesOf(resolveOf({ fields: fieldsOfPass }, passOf({ values: { name: "Zoë" } })))).toEqual({
      name: "Zoë",
      greeting: "Hi Zoë",
    });
  });
});

describe("R069 expressions made to do harm", () => {
  it.each(adversarialExpressions.map((each) => [each.name, each] as const))(
    "%s",
    (_, { expression, type, outcome }) => {
      expect(expression.length).toBeLessThanOrEqual(1000);
      const result = compile(expression, type, adversarialFields);
      if ("refused" in outcome) {
        expect(result).toEqual({ ok: false, detail: expect.stringMatching(outcome.refused) });
        return;
      }
      const evaluated = result.ok ? result.expression.evaluate(adversarialValues) : result;
      if ("value" in outcome) expect(evaluated).toEqual({ ok: true, value: outcome.value });
      else expect(evaluated).toEqual({ ok: false, detail: expect.stringMatching(outcome.fails) });
    },
  );
});
