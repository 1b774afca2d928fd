import { describe, expect, it } from "vitest";
import { causes } from "../../../src/pkpass/doctor/causes/table";
import { archiveCases, endlessCases } from "./archive.cases";
import { contentCases } from "./content.cases";
import { credentialCases, strangers } from "./credentials.cases";
import { layoutCases, passJsonCases } from "./pass-json.cases";
import { signatureCases } from "./signature.cases";

/** Tables of files with the codes that each must give, exactly; the tests of the same names examine them. */
const provoked = new Set([
  ...[...archiveCases, ...contentCases, ...passJsonCases, ...signatureCases].map(([code]) => code),
  ...layoutCases.map(([code]) => code),
  ...endlessCases.map(([code]) => code),
  ...credentialCases.flatMap(([, , , codes]) => codes),
  ...(strangers.length > 0 ? ["unknown_file"] : []),
]);

describe("the table of causes", () => {
  it("R222 is provoked whole, and nothing else is", () => {
    expect([...provoked].toSorted()).toEqual(Object.keys(causes).toSorted());
  });

  it.each(Object.entries(causes))("R222 %s says what follows and how to mend it", (_, { severity, why, remedy }) => {
    expect(["error", "warning", "info"]).toContain(severity);
    expect(why.length).toBeGreaterThan(10);
    expect(remedy.length).toBeGreaterThan(5);
  });
});
