import { describe, expect, it } from "vitest";
import { passStrings } from "../../../src/pkpass/strings";
import { densities, findingsOf } from "./passes";
import { strings, news, enrolment, contentCases, localized } from "./content.cases";

describe("fields, images, translations and enrolment", () => {
  it.each(contentCases)("R222 %s at %s: %s", async (code, path, _, spoiled) => {
    expect(await findingsOf(spoiled)).toEqual([{ code, path }]);
  });

  it("R222 finds nothing in right ones", async () => {
    expect(await findingsOf(enrolment())).toEqual([]);
    expect(await findingsOf({ files: { ...densities("strip", 375, 123), ...densities("icon", 29, 29) } })).toEqual([]);
    expect(await findingsOf({ files: localized("pt-BR", densities("logo", 100, 40)) })).toEqual([]);
  });

  it("R222 reads translations in UTF-16 of both orders and in UTF-8, with comments and escapes", async () => {
    const utf16 = passStrings({ news_changed: "News: %@", 'a"b\n': "c\\d" });
    const swapped = utf16.map((_, index) => utf16[index ^ 1]!);
    for (const bytes of [utf16, swapped, utf16.subarray(2), swapped.subarray(2)]) {
      expect(await findingsOf(strings(bytes))).toEqual([]);
    }
    expect(await findingsOf(strings(`// one\n/* two */ news_changed = "%@";\n"same";\n\ufeff`.slice(0, -1)))).toEqual(
      [],
    );
  });

  it("R222 names the line that is wrong", async () => {
    const { examine } = await import("../../../src/pkpass/doctor");
    const { examinationOptions, makePass } = await import("./passes");
    const { findings } = await examine(await makePass(strings(`${news}\n"a" = b c;`)), examinationOptions);
    expect(findings.map(({ seen }) => seen)).toEqual(['line 3 is not "key" = "value";']);
  });
});
