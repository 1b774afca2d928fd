import { describe, expect, it } from "vitest";
import { causes } from "../../../src/pkpass/doctor/causes/table";

describe("the table of causes", () => {
  // @ts-expect-error: Vite puts the files here.
  const sources = import.meta.glob("./*.test.ts", { query: "?raw", import: "default", eager: true });

  it("R222 is provoked whole: every code stands in a test, and says what it is, why and how to mend it", () => {
    const tests = Object.values(sources).join("\n");
    expect(Object.keys(causes).filter((code) => !tests.includes(`${code}`))).toEqual([]);
    for (const { severity, why, remedy } of Object.values(causes)) {
      expect(["error", "warning", "info"]).toContain(severity);
      expect(why.length).toBeGreaterThan(10);
      expect(remedy.length).toBeGreaterThan(5);
    }
  });
});
