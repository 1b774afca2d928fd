import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { uprighting, type Orientation } from "../../src/pkpass/exif";
import { readPicture } from "../../src/pkpass/picture";
import { flipPng } from "../../src/pkpass/png-flip";
import { bindingConverter } from "../../src/providers/images/binding";
import { pictureBytes, type PictureName } from "../support/pictures";
import { cornersOf, decodePng, uprightCorners } from "../support/pixels";

const converter = bindingConverter(env.IMAGES);

async function sourceOf(name: PictureName) {
  const read = await readPicture(pictureBytes(name));
  if (!read.ok) throw new Error(read.detail);
  return read.picture;
}

async function drawn(file: Uint8Array, drawing: Parameters<typeof converter.toPng>[1]): Promise<Uint8Array> {
  const result = await converter.toPng(file, drawing);
  if (!result.ok) throw new Error(result.reason);
  return result.png;
}

describe("R256 the Images binding", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8] as Orientation[])(
    "draws a JPEG of EXIF orientation %i upright, at any size",
    async (orientation) => {
      const picture = await sourceOf(`jpegOrientation${orientation}`);
      expect(picture).toMatchObject({ width: 48, height: 32, orientation });
      const { rotate, flip } = uprighting[orientation];
      for (const size of [
        undefined,
        { width: 24, height: 24, fit: "contain" as const },
        { width: 20, height: 10, fit: "cover" as const },
      ]) {
        const png = await drawn(picture.source, { rotate, size });
        const upright = flip ? (await flipPng(png))! : png;
        const pixels = await decodePng(upright);
        expect(cornersOf(pixels)).toEqual(uprightCorners);
        expect([pixels.width, pixels.height]).toEqual(size ? (size.fit === "cover" ? [20, 10] : [24, 16]) : [48, 32]);
      }
    },
  );

  it("turns colours of a profile into sRGB", async () => {
    for (const name of ["jpegDisplayP3", "pngDisplayP3"] as const) {
      const { source } = await sourceOf(name);
      const { at } = await decodePng(await drawn(source, { rotate: 0 }));
      const [red, green, blue] = at(8, 8);
      expect(Math.abs(red! - 240), name).toBeLessThan(6);
      expect(Math.abs(green! - 120), name).toBeLessThan(6);
      expect(Math.abs(blue! - 30), name).toBeLessThan(12);
    }
  });

  it("never enlarges what is to be contained", async () => {
    const { source } = await sourceOf("jpegBaseline");
    const png = await drawn(source, { rotate: 0, size: { width: 100, height: 50, fit: "contain" } });
    expect(await decodePng(png)).toMatchObject({ width: 16, height: 16 });
  });

  it.each([
    "jpegProgressive",
    "jpegGrey",
    "jpegCmyk",
    "pngPalette",
    "pngInterlaced",
    "pngSixteenBits",
    "pngAlpha",
  ] as const)("draws %s", async (name) => {
    const { source } = await sourceOf(name);
    expect((await converter.toPng(source, { rotate: 0, size: { width: 8, height: 8, fit: "cover" } })).ok).toBe(true);
  });

  it("draws an SVG, where it can", async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 5"><rect width="10" height="5" fill="#f00"/></svg>';
    const read = await readPicture(new TextEncoder().encode(svg));
    if (!read.ok) throw new Error(read.detail);
    const pixels = await decodePng(await drawn(read.picture.source, { rotate: 0 }));
    expect(pixels).toMatchObject({ width: 2048, height: 1024 });
    expect(pixels.at(5, 5).slice(0, 3)).toEqual([255, 0, 0]);
  });

  it("R222 says that a broken file cannot be decoded", async () => {
    for (const file of [
      new Uint8Array(0),
      new TextEncoder().encode("no picture"),
      pictureBytes("jpegBaseline").slice(0, 150),
    ]) {
      expect(await converter.toPng(file, { rotate: 0 })).toEqual({ ok: false, reason: "undecodable" });
    }
  });
});
