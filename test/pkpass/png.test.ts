import { crc32, deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { imageBytesMax, imagePixelsMax, readPng } from "../../src/pkpass/png";

const signature = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

function join(...parts: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function chunk(type: string, data: Uint8Array = new Uint8Array(0), crc?: number): Uint8Array {
  const bytes = join(new Uint8Array(4), latin1(type), data, new Uint8Array(4));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  view.setUint32(bytes.length - 4, crc ?? crc32(bytes.subarray(4, -4)));
  return bytes;
}

function header(width: number, height: number): Uint8Array {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  data.set([8, 6, 0, 0, 0], 8);
  return chunk("IHDR", data);
}

/** A transparent picture of this size. */
const picture = (width: number, height: number) =>
  chunk("IDAT", new Uint8Array(deflateSync(new Uint8Array((width * 4 + 1) * height))));
const end = chunk("IEND");
const plain = join(signature, header(2, 3), picture(2, 3), end);

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
});

describe("R222 what is no PNG, or a broken one", () => {
  it.each([
    ["a JPEG file", "\xff\xd8\xff\xe0\0\x10JFIF\0"],
    ["a GIF file", "GIF89a\x01\0\x01\0"],
    ["a WebP file", "RIFF\x24\0\0\0WEBPVP8 "],
    ["a SVG file", '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ["a XML file", '<?xml version="1.0"?><svg/>'],
    ["no image that is known here", "hello, world"],
    ["no image that is known here", ""],
    ["no image that is known here", "\x89PNG"],
  ])("says that it is %s", (format, content) => {
    expect(refusal(latin1(content))).toEqual(["not_a_png", `the image is ${format}; a pass needs PNG`]);
  });

  const inTheMiddle = "the PNG ends in the middle of a chunk";
  const oneHeader = "a PNG starts with one IHDR chunk";
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
    expect(refusal(join(signature, header(width, height), picture(1, 1), end))).toEqual(["image_too_large", detail]);
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
