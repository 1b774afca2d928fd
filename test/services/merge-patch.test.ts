import { describe, expect, it } from "vitest";
import type { Json } from "../../src/pass-model/resolved-pass";
import { mergePatch, sameJson } from "../../src/services/merge-patch";

/** RFC 7396, Appendix A: original, patch, result. */
const cases: [Json, Json, Json][] = [
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [
    ["a", "b"],
    ["c", "d"],
    ["c", "d"],
  ],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

describe("merge patch", () => {
  it.each(cases)("R005 %j and %j make %j, as RFC 7396 says", (original, patch, result) => {
    const before = structuredClone([original, patch]);
    expect(mergePatch(original, patch)).toEqual(result);
    expect([original, patch]).toEqual(before);
  });

  it("takes __proto__ as a member like any other", () => {
    const merged = mergePatch({}, JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}')) as object;
    expect(Object.keys(merged)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("equality", () => {
  it("does not mind the order of members, but that of lists", () => {
    expect(sameJson({ a: 1, b: { c: [1, { d: 2, e: 3 }] } }, { b: { c: [1, { e: 3, d: 2 }] }, a: 1 })).toBe(true);
    for (const [a, b] of [
      [
        [1, 2],
        [2, 1],
      ],
      [{ a: 1 }, { a: "1" }],
      [{ a: null }, {}],
      [[], {}],
      [0, false],
      ["", null],
    ]) {
      expect(sameJson(a, b), JSON.stringify([a, b])).toBe(false);
    }
  });
});
