import { describe, expect, it } from "vitest";
import type { ResolvedImage } from "../../src/pass-model/resolved-pass";
import { imagesDesign } from "../../src/pass-model/image-design";
import { imageSlots } from "../../src/pass-model/vocabulary";
import { imageSizeWarnings, slotBox } from "../../src/pkpass/image-sizes";

const picture = (width: number, height: number): ResolvedImage => ({ id: "img_1", width, height, sha256: "00" });

describe("warnings of the sizes of pictures", () => {
  it("R222 names each density that was not given, and each odd size", () => {
    const images = { icon: { "1x": picture(38, 38), "2x": picture(58, 58) }, logo: { "3x": picture(500, 10) } };
    expect(imageSizeWarnings(images).map(({ code, pointer }) => [code, pointer])).toEqual([
      ["image_density_missing", "#/images/icon"],
      ["image_density_missing", "#/images/logo"],
      ["image_size_odd", "#/images/logo/3x"],
    ]);
  });

  it("R256 names what one picture is too small for, in one warning, at the place that is asked for", () => {
    const [warning, ...more] = imageSizeWarnings(
      { strip: { original: picture(800, 300), "1x": picture(375, 144), "2x": picture(750, 288) } },
      "#/overrides/images",
    );
    expect(more).toEqual([]);
    expect(warning).toMatchObject({ code: "image_too_small", pointer: "#/overrides/images/strip" });
    expect(warning!.detail).toContain("1125×432 at @3x");
    expect(warning!.detail).toContain("800×300");
    expect(warning!.detail).not.toContain("@2x");
  });

  it("R256 asks of a picture of older sizes what those want, and says nothing where all is there", () => {
    const old = { icon: { original: picture(29, 29), "1x": picture(29, 29) } };
    expect(imageSizeWarnings(old)[0]!.detail).toContain("58×58 at @2x, 87×87 at @3x");
    const whole = {
      "1x": picture(150, 20),
      "2x": picture(300, 40),
      "3x": picture(450, 60),
      original: picture(900, 120),
    };
    expect(imageSizeWarnings({ personalizationLogo: whole, venueMap: whole })).toEqual([]);
  });

  it("R222 is of the sizes that the documentation of the API names", () => {
    for (const slot of imageSlots) {
      const { width, height } = slotBox(slot, 1, 1);
      const { description } = imagesDesign.shape[slot].meta()!;
      if (slot !== "venueMap") expect(description, slot).toContain(`${width}×${height} points`);
    }
  });

  it("R222 names a stand-in that is too small even at 1x once", () => {
    const found = imageSizeWarnings({ icon: { original: picture(9, 9), "1x": picture(9, 9) } });
    expect(found.map(({ code, pointer }) => [code, pointer])).toEqual([["image_too_small", "#/images/icon"]]);
    expect(found[0]!.detail).toContain("38×38 at @1x");
  });
});
