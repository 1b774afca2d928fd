import { describe, expect, it } from "vitest";
import { diffOf } from "../../../src/services/audit/diff";

interface Shop {
  name?: string | null;
  plan?: string;
  scopes?: string[];
  "a/b~c"?: number;
}

const diff = (before: Shop, after: Shop) => diffOf<Shop>(before, after, ["plan", "scopes"]);

describe("R229 what differs between two states", () => {
  it("R229 tells values of plain members, and of others only where they stand", () => {
    expect(diff({ name: "Zoë", plan: "standard" }, { name: "Zora", plan: "premium" })).toEqual([
      { pointer: "#/name" },
      { pointer: "#/plan", from: "standard", to: "premium" },
    ]);
  });

  it("R229 tells what came and what went", () => {
    expect(diff({ name: null }, { name: null, plan: "premium" })).toEqual([
      { pointer: "#/plan", from: undefined, to: "premium" },
    ]);
    expect(diff({ name: "Zoë" }, {})).toEqual([{ pointer: "#/name" }]);
  });

  it("R229 tells nothing of what is as it was", () => {
    expect(diff({ name: "Zoë", scopes: ["a", "b"] }, { name: "Zoë", scopes: ["a", "b"] })).toEqual([]);
    expect(diff({ scopes: ["a", "b"] }, { scopes: ["b", "a"] })).toHaveLength(1);
  });

  it("R229 writes pointers as RFC 6901 says", () => {
    expect(diff({ "a/b~c": 1 }, { "a/b~c": 2 })).toEqual([{ pointer: "#/a~1b~0c" }]);
  });
});
