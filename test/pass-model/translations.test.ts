import { describe, expect, it } from "vitest";
import { stringTable, translate } from "../../src/pass-model/translations";

const localizations = { de: { Points: "Punkte" }, "pt-BR": { Points: "Pontos" } };

describe("R065 the string table of a language", () => {
  it("is its own or that of its nearest parent, however it is spelled", () => {
    for (const [language, word] of [
      ["de", "Punkte"],
      ["de-CH", "Punkte"],
      ["DE-ch-1996", "Punkte"],
      ["PT-br", "Pontos"],
    ] as const)
      expect(translate(stringTable(localizations, language), "Points"), language).toBe(word);
  });

  it("is none for another language, whose texts stay as the design has them", () => {
    for (const language of ["pt", "fr", "", "constructor", "__proto__"]) {
      expect(stringTable(localizations, language), language).toBeNull();
      expect(translate(stringTable(localizations, language), "Points")).toBe("Points");
    }
    expect(translate(localizations.de, "toString")).toBe("toString");
  });
});
