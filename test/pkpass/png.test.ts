import { describe, expect, it } from "vitest";
import { imageBytesMax, imagePixelsMax } from "../../src/pkpass/picture-limits";
import { readPng } from "../../src/pkpass/png";
import { chunk, end, header, join, latin1, picture, plain, signature } from "../support/make-png";

function refusal(bytes: Uint8Array): [code: string, detail: string] {
  const result = readPng(bytes);
  return result.ok ? ["accepted", ""] : [result.code, result.detail];
}

describe("R047 R055 a PNG", () => {
  it("is taken as it is, with its size", () => {
    expect(readPng(plain)).toEqual({ ok: true, png: { bytes: plain, width: 2, height: 3 } });
  });

  it("is read from the middle of a longer buffer", () => {
    const longer = join(new Uint8Array(3), plain, new Uint8Array(5));
    expect(readPng(longer.subarray(3, 3 + plain.length))).toEqual({
      ok: true,
      png: { bytes: plain, width: 2, height: 3 },
    });
  });

  it.each<[string, Uint8Array]>([
    ["tEXt", latin1("Author\0Zoe Example")],
    ["iTXt", latin1("XML:com.adobe.xmp\0\0\0\0\0<x/>")],
    ["zTXt", latin1("Comment\0\0x")],
    ["eXIf", latin1("MM\0*\0\0\0\b")],
    ["tIME", Uint8Array.from([7, 234, 5, 1, 18, 30, 15])],
    ["iCCP", latin1("profile\0\0x")],
    ["gAMA", Uint8Array.from([0, 0, 177, 143])],
    ["pHYs", new Uint8Array(9)],
    ["acTL", new Uint8Array(8)],
    ["prVt", latin1("private")],
  ])("loses its %s chunk, wherever it stands", (type, data) => {
    const extra = chunk(type, data);
    const before = join(signature, header(2, 3), extra, picture(2, 3), end);
    const after = join(signature, header(2, 3), picture(2, 3), extra, extra, end);
    for (const file of [before, after]) {
      expect(readPng(file)).toEqual({ ok: true, png: { bytes: plain, width: 2, height: 3 } });
    }
  });

  it("loses what stands behind its end", () => {
    expect(readPng(join(plain, latin1("GPS 52.52 13.40")))).toMatchObject({ ok: true, png: { bytes: plain } });
  });

  it("keeps palette, transparency, colour space and every part of the picture", () => {
    const kept = join(
      signature,
      header(1, 1),
      chunk("sRGB", Uint8Array.from([0])),
      chunk("PLTE", Uint8Array.from([255, 0, 0])),
      chunk("tRNS", Uint8Array.from([128])),
      chunk("IDAT", Uint8Array.from([1, 2])),
      chunk("IDAT", Uint8Array.from([3])),
      end,
    );
    expect(readPng(kept)).toMatchObject({ ok: true, png: { bytes: kept } });
  });

  it("stays the same when it is stripped again", () => {
    const first = readPng(join(signature, header(2, 3), chunk("tEXt", latin1("a\0b")), picture(2, 3), end));
    expect(first.ok && readPng(first.png.bytes)).toEqual(first);
  });

  it("may be 8192 pixels wide and high", () => {
    const file = join(signature, header(imagePixelsMax, imagePixelsMax), chunk("IDAT"), end);
    expect(readPng(file)).toMatchObject({ ok: true, png: { width: 8192, height: 8192 } });
  });

  it("that was drawn here may have more bytes than one that was sent", () => {
    const file = join(signature, header(2, 3), chunk("tEXt", new Uint8Array(imageBytesMax)), picture(2, 3), end);
    expect(refusal(file)[0]).toBe("image_too_large");
    expect(readPng(file, Infinity)).toMatchObject({ ok: true, png: { bytes: plain } });
  });
});

describe("R222 a broken PNG", () => {
  const inTheMiddle = "the PNG ends in the middle of a chunk";
  const oneHeader = "a PNG starts with one IHDR chunk";
  const noSuchCoding = "the PNG names a compression, filter or interlacing that does not exist";
  const withHeader = (...coding: number[]) => join(signature, header(2, 3, coding), picture(2, 3), end);
  it.each<[string, Uint8Array, string]>([
    ["cut off in the picture", plain.subarray(0, plain.length - 20), inTheMiddle],
    ["cut off in a length", plain.subarray(0, plain.length - 10), inTheMiddle],
    ["without its end", join(signature, header(2, 3), picture(2, 3)), "the PNG has no end"],
    ["nothing but a signature", signature, "the PNG has no end"],
    [
      "a length beyond the file",
      join(signature, header(2, 3), Uint8Array.from([0xff, 0xff, 0xff, 0xff]), latin1("IDAT"), new Uint8Array(8)),
      inTheMiddle,
    ],
    [
      "a wrong checksum of the header",
      join(signature, corrupted(header(2, 3), 9), picture(2, 3), end),
      "the checksum of the PNG's IHDR chunk is wrong",
    ],
    [
      "a wrong checksum of the picture",
      join(signature, header(2, 3), chunk("IDAT", latin1("x"), 1), end),
      "the checksum of the PNG's IDAT chunk is wrong",
    ],
    [
      "a wrong checksum of what is left out",
      join(signature, header(2, 3), chunk("tEXt", latin1("x"), 1), picture(2, 3), end),
      "the checksum of the PNG's tEXt chunk is wrong",
    ],
    [
      "a wrong checksum of the end",
      join(signature, header(2, 3), picture(2, 3), chunk("IEND", new Uint8Array(0), 1)),
      "the checksum of the PNG's IEND chunk is wrong",
    ],
    ["the picture before the header", join(signature, picture(2, 3), header(2, 3), end), oneHeader],
    ["two headers", join(signature, header(2, 3), header(9, 9), picture(2, 3), end), oneHeader],
    ["no header", join(signature, picture(2, 3), end), oneHeader],
    ["a header that is too short", join(signature, chunk("IHDR", new Uint8Array(8)), picture(2, 3), end), oneHeader],
    ["a header without a length", join(signature, chunk("IHDR"), picture(2, 3), end), oneHeader],
    ["no picture", join(signature, header(2, 3), end), "the PNG has no picture in it"],
    [
      "a chunk that it needs and nobody knows",
      join(signature, header(2, 3), chunk("CgBI"), picture(2, 3), end),
      "the PNG has a CgBI chunk, without which it cannot be drawn and which is unknown here",
    ],
    ["a colour type that does not exist", withHeader(8, 5), "a PNG cannot have colour type 5 with 8 bits"],
    ["a depth that does not go with its colours", withHeader(4, 6), "a PNG cannot have colour type 6 with 4 bits"],
    ["another compression", withHeader(8, 6, 1), noSuchCoding],
    ["another filter", withHeader(8, 6, 0, 1), noSuchCoding],
    ["another interlacing", withHeader(8, 6, 0, 0, 2), noSuchCoding],
    ["no palette for its colours", withHeader(8, 3), "the PNG's colours need one palette"],
    [
      "half a colour in its palette",
      join(signature, header(2, 3), chunk("PLTE", new Uint8Array(4)), picture(2, 3), end),
      "the PNG's palette is broken",
    ],
    ["no width", join(signature, header(0, 3), picture(1, 1), end), "the PNG has no size"],
    ["no height", join(signature, header(2, 0), picture(1, 1), end), "the PNG has no size"],
  ])("refuses one with %s", (_, file, detail) => {
    expect(refusal(file)).toEqual(["corrupt_image", detail]);
  });

  it.each([
    [imagePixelsMax + 1, 1],
    [1, imagePixelsMax + 1],
    [0xffff_ffff, 1],
  ])("refuses one of %i × %i pixels", (width, height) => {
    const detail = `an image may be at most 8192 pixels wide and high; this is ${width}×${height}`;
    expect(refusal(join(signature, header(width, height), picture(1, 1), end))).toEqual([
      "image_too_many_pixels",
      detail,
    ]);
  });

  it("takes a file of 8 MB and refuses one of a byte more, whatever it is", () => {
    const filler = (length: number) => chunk("tEXt", new Uint8Array(length - plain.length - 12));
    const file = (length: number) => join(signature, header(2, 3), filler(length), picture(2, 3), end);
    expect(file(imageBytesMax)).toHaveLength(8_000_000);
    expect(readPng(file(imageBytesMax))).toMatchObject({ ok: true, png: { bytes: plain } });
    const detail = "an image may have at most 8000000 bytes";
    expect(refusal(file(imageBytesMax + 1))).toEqual(["image_too_large", detail]);
    expect(refusal(new Uint8Array(imageBytesMax + 1))).toEqual(["image_too_large", detail]);
  });
});

function corrupted(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = copy[at]! ^ 0xff;
  return copy;
}
