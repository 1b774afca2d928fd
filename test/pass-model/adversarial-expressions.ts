import type { FieldDesign } from "../../src/pass-model/design";
import type { FieldType } from "../../src/pass-model/vocabulary";

/**
 * Expressions made to take long, to blow up memory or to reach what they should not. Each is refused when
 * the template is saved, fails for the pass, or yields a value; whichever it is, it is quick.
 * `expressions.test.ts` checks the outcome, `test/smoke/expressions.mjs` the time.
 */
export interface AdversarialExpression {
  name: string;
  type: FieldType;
  expression: string;
  outcome: { refused: RegExp } | { fails: RegExp } | { value: string | number };
}

export const adversarialFields: FieldDesign[] = [
  { key: "points", type: "number", position: "back" },
  { key: "story", type: "text", position: "back" },
  { key: "at", type: "dateTime", position: "back" },
];

/** The longest text that an expression may read, and the worst for a search: only its last character differs. */
export const adversarialValues = { points: 7, story: `${"a".repeat(999)}b`, at: "2026-03-29T01:30:00Z" };

const many = (text: string, count: number, separator = "") => Array.from({ length: count }, () => text).join(separator);
const list = (count: number) => `[${many("1", count, ",")}]`;
const tooLong = { refused: /^it could take too long; use shorter lists/ };

export const adversarialExpressions: AdversarialExpression[] = [
  {
    name: "300 parentheses",
    type: "number",
    expression: many("(", 300) + "1" + many(")", 300),
    outcome: { refused: /maxDepth \(20\)/ },
  },
  {
    name: "25 nested conditions",
    type: "text",
    expression: `${many('points > 99.0 ? "a" : ', 25)}"z"`,
    outcome: { refused: /maxDepth \(20\)/ },
  },
  {
    name: "19 nested conditions",
    type: "text",
    expression: `${many('points > 99.0 ? "a" : ', 19)}"z"`,
    outcome: { value: "z" },
  },
  { name: "a chain of 299 additions", type: "number", expression: many("1", 299, "+"), outcome: { value: 299 } },
  { name: "a chain of 140 fields", type: "number", expression: many("points", 140, "+"), outcome: { value: 980 } },
  {
    name: "a chain of 499 additions",
    type: "number",
    expression: many("1", 499, "+"),
    outcome: { refused: /maxAstNodes \(600\)/ },
  },
  { name: "300 minus signs", type: "number", expression: `${many("-", 300)}1`, outcome: { value: 1 } },
  { name: "a list of 490 numbers", type: "number", expression: `${list(490)}.size()`, outcome: { value: 490 } },
  {
    name: "membership in a list of 150 texts",
    type: "text",
    expression: `story in [${many('"a"', 150, ",")}] ? "yes" : "no"`,
    outcome: { value: "no" },
  },
  {
    name: "a map of 80 entries",
    type: "number",
    expression: `{${Array.from({ length: 80 }, (_, index) => `"${index}":story`).join(",")}}.size()`,
    outcome: { value: 80 },
  },
  {
    name: "a comprehension over 400 numbers",
    type: "text",
    expression: `${list(400)}.exists(x, x > 99) ? "yes" : "no"`,
    outcome: { value: "no" },
  },
  {
    name: "zoned hours for each of 450",
    type: "text",
    expression: `${list(450)}.exists(x, at.getHours("Asia/Tokyo") > 99) ? "yes" : "no"`,
    outcome: tooLong,
  },
  {
    name: "10 zoned hours",
    type: "number",
    expression: many('at.getHours("Asia/Tokyo")', 10, "+"),
    outcome: { value: 100 },
  },
  { name: "a zone that is none", type: "number", expression: "at.getHours(story)", outcome: { fails: /time zone/i } },
  {
    name: "a long text for each of 180",
    type: "number",
    expression: `${list(180)}.map(x, ${many("story", 90, "+")}).join("").size()`,
    outcome: tooLong,
  },
  {
    name: "comparing long texts for each of 100",
    type: "text",
    expression: `${list(100)}.exists(x, ${many("story", 60, "+")} == "") ? "yes" : "no"`,
    outcome: tooLong,
  },
  {
    name: "join within join within join",
    type: "number",
    expression: `${many('["","","","","","","","","","","","","","","","","",""].join(', 4)}story))))`.replace(
      /$/,
      ".size()",
    ),
    outcome: tooLong,
  },
  {
    name: "a separator of 100,000 characters",
    type: "number",
    expression: `[${many('""', 100, ",")}].join(${many("story", 100, "+")}).size()`,
    outcome: tooLong,
  },
  {
    name: "a text of 60,000 characters",
    type: "text",
    expression: many("story", 60, "+"),
    outcome: { fails: /too long/ },
  },
  {
    name: "a search that fails at the last character",
    type: "number",
    expression: 'story.indexOf(story.substring(500) + "c")',
    outcome: { value: -1 },
  },
  {
    name: "a search that fails at the first character",
    type: "text",
    expression: 'story.contains("c" + story.substring(500, 999)) ? "yes" : "no"',
    outcome: { value: "no" },
  },
  {
    name: "a search for each of 300",
    type: "text",
    expression: `${list(300)}.exists(x, story.contains(story + "c")) ? "yes" : "no"`,
    outcome: tooLong,
  },
  {
    name: "a duration of digits only",
    type: "dateTime",
    expression: "at + duration(story)",
    outcome: { refused: /duration takes a text that is written out/ },
  },
  {
    name: "a duration of 900 digits",
    type: "dateTime",
    expression: `at + duration("${many("1", 900)}")`,
    outcome: { refused: /duration takes a text that is written out/ },
  },
  {
    name: "a regular expression",
    type: "text",
    expression: 'story.matches("(a+)+$") ? "yes" : "no"',
    outcome: { refused: /regular expressions are not available/ },
  },
  {
    name: "text of letters that grow",
    type: "number",
    expression: `"${many("ﬃ", 300)}".upperAscii().size()`,
    outcome: { value: 900 },
  },
  {
    name: "the constructor of a text",
    type: "text",
    expression: "story.constructor",
    outcome: { refused: /Cannot index type 'string'/ },
  },
  {
    name: "the constructor as a variable",
    type: "text",
    expression: "constructor",
    outcome: { refused: /Unknown variable: constructor/ },
  },
  {
    name: "the prototype of a map",
    type: "text",
    expression: '{"a": "b"}.__proto__',
    outcome: { fails: /^no such key$/ },
  },
  {
    name: "a method of Object",
    type: "text",
    expression: '{"a": "b"}.toString()',
    outcome: { refused: /no matching overload/ },
  },
  {
    name: "JSON of its own",
    type: "text",
    expression: 'bytes("{}").json().constructor.name',
    outcome: { refused: /json is not available/ },
  },
  {
    name: "an int that overflows",
    type: "number",
    expression: "9223372036854775807 + 1",
    outcome: { fails: /overflow/ },
  },
  {
    name: "a number beyond all doubles",
    type: "number",
    expression: "1e308 * 10.0",
    outcome: { fails: /not a number/ },
  },
  { name: "ints divided by zero", type: "number", expression: "1 / 0", outcome: { fails: /division by zero/ } },
  { name: "a field divided by zero", type: "number", expression: "points / 0", outcome: { fails: /not a number/ } },
  { name: "characters beyond the basic plane", type: "number", expression: '"👩‍👩‍👧‍👦🎂é".size()', outcome: { value: 9 } },
];
