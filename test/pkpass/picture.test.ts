import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { imageBytesMax } from "../../src/pkpass/picture-limits";
import { readPicture, type Picture } from "../../src/pkpass/picture";
import { chunk, end, header, join, latin1, plain, signature } from "../support/make-png";
import { pictureBytes, type PictureName } from "../support/pictures";

async function sound(file: Uint8Array): Promise<Picture> {
  const read = await readPicture(file);
  if (!read.ok) throw new Error(`${read.code}: ${read.detail}`);
  return read.picture;
}

async function refusal(file: Uint8Array): Promise<[code: string, detail: string]> {
  const read = await readPicture(file);
  return read.ok ? ["accepted", ""] : [read.code, read.detail];
}

const withData = (size: [number, number], data: Uint8Array) =>
  join(signature, header(...size), chunk("IDAT", data), end);
const deflated = (length: number) => new Uint8Array(deflateSync(new Uint8Array(length)));

describe("R055 R256 a picture", () => {
  it.each<[PictureName, Partial<Picture>]>([
    ["jpegBaseline", { mediaType: "image/jpeg", width: 16, height: 16, orientation: 1 }],
    ["jpegProgressive", { mediaType: "image/jpeg", width: 48, height: 32 }],
    ["jpegGrey", { mediaType: "image/jpeg", width: 16, height: 16 }],
    ["jpegCmyk", { mediaType: "image/jpeg", width: 16, height: 16 }],
    ["jpegOrientation6", { mediaType: "image/jpeg", width: 48, height: 32, orientation: 6 }],
    ["pngPalette", { mediaType: "image/png", width: 48, height: 32, redraw: false }],
    ["pngInterlaced", { mediaType: "image/png", width: 48, height: 32, redraw: false }],
    ["pngSixteenBits", { mediaType: "image/png", width: 48, height: 32 }],
    ["pngGrey", { mediaType: "image/png", width: 16, height: 16 }],
    ["pngAlpha", { mediaType: "image/png", width: 16, height: 16 }],
    ["pngDisplayP3", { mediaType: "image/png", width: 16, height: 16, redraw: true }],
    ["pngOrientation6", { mediaType: "image/png", width: 48, height: 32, orientation: 6, redraw: true }],
  ])("may be %s", async (name, facts) => {
    expect(await sound(pictureBytes(name))).toMatchObject(facts);
  });

  it("keeps a JPEG as it was sent, and draws it without what its metadata tells", async () => {
    const sent = pictureBytes("jpegWithExif");
    expect(text(sent)).toContain("Zoe Example");
    const { file, source } = await sound(sent);
    expect(file).toEqual(sent);
    expect(text(source)).not.toContain("Zoe Example");
    expect(text((await sound(pictureBytes("jpegDisplayP3"))).source)).toContain("ICC_PROFILE");
    // What is left is a whole JPEG.
    expect(await sound(source)).toMatchObject({ width: 16, height: 16, orientation: 1, source });
  });

  it("ends where a JPEG says so: what a camera appends is not read", async () => {
    const { source } = await sound(pictureBytes("jpegBaseline"));
    const withTail = join(pictureBytes("jpegBaseline"), latin1("\0\0MotionPhoto\xff\xd8\xff"));
    expect((await sound(withTail)).source).toEqual(source);
  });

  it.each([0, 9, 65535])("lies as it is, if its orientation is %i", async (orientation) => {
    const file = pictureBytes("jpegOrientation6");
    const at = text(file).indexOf("Exif\0\0") + 6;
    const view = new DataView(file.buffer, at);
    const little = view.getUint16(0) === 0x4949;
    const directory = view.getUint32(4, little);
    const tags = Array.from({ length: view.getUint16(directory, little) }, (_, index) => directory + 2 + index * 12);
    view.setUint16(tags.find((tag) => view.getUint16(tag, little) === 0x112)! + 8, orientation, little);
    expect(await sound(file)).toMatchObject({ orientation: 1, width: 32, height: 48 });
  });

  it("is what its bytes are, and a PNG may have data behind its picture", async () => {
    const trailing = withData([2, 3], join(deflated((2 * 4 + 1) * 3), new Uint8Array(50)));
    expect(await sound(trailing)).toMatchObject({ mediaType: "image/png", width: 2, height: 3 });
    const split = join(
      signature,
      header(2, 3),
      ...[...deflated(27)].map((byte) => chunk("IDAT", Uint8Array.of(byte))),
      end,
    );
    expect(await sound(split)).toMatchObject({ width: 2, height: 3 });
  });
});

describe("R222 what is no picture that can be taken", () => {
  it.each<[string, Uint8Array]>([
    ["a WebP file", pictureBytes("webp")],
    ["a GIF file", pictureBytes("gif")],
    ["an AVIF file", pictureBytes("avif")],
    ["a TIFF file", pictureBytes("tiff")],
    ["a HEIC file", latin1("\0\0\0\x18ftypheic\0\0\0\0mif1heic")],
    ["a BMP file", latin1("BM\x36\0\0\0\0\0")],
    ["an icon file (ICO)", latin1("\0\0\x01\0\x01\0\x10\x10")],
    ["a PDF file", latin1("%PDF-1.7\n")],
    ["a Photoshop file", latin1("8BPS\0\x01")],
    ["a JPEG XL file", latin1("\xff\x0a\xfa\x1f")],
    ["a zip file", latin1("PK\x03\x04\x14\0")],
    ["a compressed SVG", latin1("\x1f\x8b\x08\0")],
    ["a web page, so the address leads to a page and not to a picture", latin1("<!DOCTYPE html><html>")],
    ["a JPEG that is cut off", latin1("\xff\xd8")],
    ["a PNG whose beginning is broken", latin1("\x89PNG")],
    ["in no format that is known here", latin1("hello, world")],
    ["empty", new Uint8Array(0)],
  ])("is refused by its name: %s", async (name, file) => {
    expect(await refusal(file)).toEqual(["unsupported_image", `the image is ${name}; send a PNG, a JPEG or an SVG`]);
  });

  it("is refused when it is larger than 8 MB, whatever it is", async () => {
    const detail = "an image may have at most 8000000 bytes";
    for (const start of [plain, pictureBytes("jpegBaseline"), latin1("<svg>"), new Uint8Array(0)]) {
      const file = join(start, new Uint8Array(imageBytesMax + 1 - start.length));
      expect(await refusal(file)).toEqual(["image_too_large", detail]);
    }
  });
});

describe("R222 a PNG whose picture", () => {
  it.each<[string, Uint8Array, string]>([
    ["is cut off", withData([2, 3], deflated(26)), "the PNG's picture is cut off"],
    [
      "stops in the middle of its stream",
      withData([40, 30], randomDeflated(4860).subarray(0, 900)),
      "the PNG's picture is broken: its data does not decompress",
    ],
    [
      "is not compressed",
      withData([2, 3], new Uint8Array(30)),
      "the PNG's picture is broken: its data does not decompress",
    ],
    ["is empty", withData([2, 3], new Uint8Array(0)), "the PNG's picture is broken: its data does not decompress"],
    ["has one byte too many", withData([2, 3], deflated(28)), "the PNG holds more than the size in its header"],
    [
      "has a filter that does not exist",
      withData([2, 1], new Uint8Array(deflateSync(Uint8Array.from([5, 0, 0, 0, 0, 0, 0, 0, 0])))),
      "the PNG's picture is broken: a row has an unknown filter",
    ],
  ])("%s is refused", async (_, file, detail) => {
    expect(await refusal(file)).toEqual(["corrupt_image", detail]);
  });

  it("is as large as may be is taken, and refused with a byte more", async () => {
    // One bit a pixel: 8 MB, of which next to nothing is sent.
    const rows = 8192 * (1 + 1024);
    const file = (length: number) =>
      join(signature, header(8192, 8192, [1, 0, 0, 0, 0]), chunk("IDAT", deflated(length)), end);
    expect(await sound(file(rows))).toMatchObject({ width: 8192, height: 8192 });
    expect(await refusal(file(rows + 1))).toEqual(["corrupt_image", "the PNG holds more than the size in its header"]);
  });

  it("is a decompression bomb costs no more than the picture that it says it is", async () => {
    // A gigabyte of zeros: one block of 64 MB, repeated, would not fit into this isolate.
    const bomb = withData([8, 8], bombOf(1_000_000_000));
    expect(bomb.length).toBeLessThan(1_100_000);
    const started = performance.now();
    expect(await refusal(bomb)).toEqual(["corrupt_image", "the PNG holds more than the size in its header"]);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("R222 a JPEG", () => {
  const jpeg = pictureBytes("jpegBaseline");
  const cut = "the JPEG is cut off";
  const frameAt = text(jpeg).indexOf("\xff\xc0");
  const scanAt = text(jpeg).indexOf("\xff\xda");
  const patched = (at: number, ...bytes: number[]) => {
    const copy = jpeg.slice();
    copy.set(bytes, at);
    return copy;
  };

  it.each<[string, Uint8Array, string]>([
    ["without its end", jpeg.subarray(0, jpeg.length - 2), `${cut}: it has no end`],
    ["cut off in its scan", jpeg.subarray(0, scanAt + 16), `${cut}: it has no end`],
    ["cut off in a table", jpeg.subarray(0, 60), cut],
    ["cut off behind its first marker", jpeg.subarray(0, 4), cut],
    [
      "without a frame",
      join(jpeg.subarray(0, frameAt), jpeg.subarray(frameAt + 19)),
      "the JPEG has 0 frames, and must have one",
    ],
    [
      "with two frames",
      join(jpeg.subarray(0, frameAt), jpeg.subarray(frameAt, frameAt + 19), jpeg.subarray(frameAt)),
      "the JPEG has 2 frames, and must have one",
    ],
    ["without a picture", join(jpeg.subarray(0, scanAt), latin1("\xff\xd9")), "the JPEG has no picture in it"],
    ["without a height", patched(frameAt + 5, 0, 0), "the JPEG has no size"],
    ["without a width", patched(frameAt + 7, 0, 0), "the JPEG has no size"],
    [
      "with rubbish between its parts",
      join(jpeg.subarray(0, frameAt), latin1("rubbish"), jpeg.subarray(frameAt)),
      "the JPEG is broken: a marker was expected",
    ],
    ["that is a PNG but for its first bytes", join(latin1("\xff\xd8\xff"), plain), cut],
  ])("%s is refused", async (_, file, detail) => {
    expect(await refusal(file)).toEqual(["corrupt_image", detail]);
  });

  it("of a kind that nothing decodes is refused", async () => {
    for (const file of [patched(frameAt + 1, 0xc3), patched(frameAt + 1, 0xc9), patched(frameAt + 4, 12)]) {
      expect((await refusal(file))[0]).toBe("unsupported_image");
    }
  });

  it("of more than 8,192 pixels a side or 100 scans is refused", async () => {
    expect(await refusal(patched(frameAt + 5, 0x20, 0x01))).toEqual([
      "image_too_many_pixels",
      "an image may be at most 8192 pixels wide and high; this is 16×8193",
    ]);
    expect(await refusal(patched(frameAt + 5, 0x20, 0, 0x20, 0))).toEqual(["accepted", ""]);
    const scan = jpeg.subarray(scanAt, jpeg.length - 2);
    const file = (scans: number) =>
      join(jpeg.subarray(0, scanAt), ...Array.from({ length: scans }, () => scan), latin1("\xff\xd9"));
    expect(await refusal(file(100))).toEqual(["accepted", ""]);
    expect(await refusal(file(101))).toEqual(["image_too_complex", "a JPEG may have at most 100 scans, and not 101"]);
  });

  it("is never misread, wherever it is cut", async () => {
    const file = pictureBytes("jpegOrientation7");
    for (let length = 0; length < file.length; length += 1) {
      expect((await refusal(file.subarray(0, length)))[0]).not.toBe("accepted");
    }
  });
});

function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** Of bytes that do not compress; the same each time. */
function randomDeflated(length: number): Uint8Array {
  let state = 1;
  const bytes = Uint8Array.from({ length }, () => (state = (state * 48271) % 2147483647));
  for (let at = 0; at < length; at += 161) bytes[at] = 0;
  return new Uint8Array(deflateSync(bytes));
}

/** A zlib stream of zeros, without making them: a deflated block of a megabyte that ends on a byte, over and over. */
function bombOf(length: number): Uint8Array {
  const mebibyte = 1024 * 1024;
  const block = new Uint8Array(deflateSync(new Uint8Array(mebibyte), { finishFlush: 2 }));
  const repeated = Array.from({ length: Math.ceil(length / mebibyte) }, () => block.subarray(2));
  return join(block.subarray(0, 2), ...repeated);
}
