import { describe, expect, it } from "vitest";
import { examine } from "../../../src/pkpass/doctor";
import { examinationOptions, makePass } from "./passes";

describe("a pass with which nothing is wrong", () => {
  it("R222 has no finding", async () => {
    const { kind, findings, facts } = await examine(await makePass(), examinationOptions);
    expect(findings).toEqual([]);
    expect(kind).toBe("pkpass");
    expect(facts).toMatchObject({ serialNumber: "4711", style: "storeCard", passes: 1 });
  });
});
