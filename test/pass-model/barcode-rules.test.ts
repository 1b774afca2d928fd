import { describe, expect, it } from "vitest";
import { barcodeComplaint, withCheckDigit } from "../../src/pass-model/barcode-rules";
import { checkDesign } from "../../src/pass-model/check-design";
import type { TemplateDesign } from "../../src/pass-model/design";

describe("check digits", () => {
  // The examples of the GS1 General Specifications and of common textbooks.
  it.each([
    ["ean13", "590123412345", "5901234123457"],
    ["ean8", "9638507", "96385074"],
    ["upcA", "03600029145", "036000291452"],
    ["itf14", "1540014128876", "15400141288763"],
  ] as const)("R079 completes a %s message that comes without one", (format, message, complete) => {
    expect(withCheckDigit(format, message)).toBe(complete);
    expect(withCheckDigit(format, complete)).toBe(complete);
    expect(barcodeComplaint(format, complete)).toBeNull();
  });

  it("R079 leaves messages of other formats alone", () => {
    expect(withCheckDigit("qr", "590123412345")).toBe("590123412345");
    expect(withCheckDigit("ean13", "not a number")).toBe("not a number");
  });
});

describe("computed fields together", () => {
  const expression = `[${Array.from({ length: 40 }, (_, index) => index).join(", ")}].exists(x, x > 38 && name.startsWith("abc")) ? "a" : "b"`;

  function design(computed: number): TemplateDesign {
    return {
      style: "generic",
      organizationName: "Test",
      description: "Test",
      images: { icon: { "1x": "img" } },
      fields: [
        { key: "name", type: "text", position: "back" },
        ...Array.from({ length: computed }, (_, index) => ({
          key: `computed${index}`,
          type: "text" as const,
          position: "back" as const,
          expression,
        })),
      ],
    };
  }

  it("may not add up to more than a request can afford", () => {
    expect(checkDesign(design(1)).issues).toEqual([]);
    expect(checkDesign(design(99)).issues).toMatchObject([{ pointer: "#/fields", code: "invalid_expression" }]);
  });
});
