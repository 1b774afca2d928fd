import { strFromU8, strToU8, unzipSync } from "fflate";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  appendToPack,
  changePack,
  createPack,
  decodePack,
  encodePack,
  sha1Hex,
  zipStored,
  type Pack,
} from "../../src/pkpass/archive";
import { bundlePasses, bundlePassesMax, packagePass } from "../../src/pkpass/package";
import type { Signer } from "../../src/pkpass/sign";

interface Entry {
  path: string;
  method: number;
  time: number;
  date: number;
  crc: number;
  size: number;
  offset: number;
  bytes: Uint8Array;
}

/** Reads a zip by its directory, strictly: every record must be where the end record and the offsets say (APPNOTE.TXT). */
function readZip(zip: Uint8Array): Entry[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = zip.length - 22;
  expect(view.getUint32(end, true), "end record").toBe(0x0605_4b50);
  const count = view.getUint16(end + 10, true);
  expect(view.getUint16(end + 8, true)).toBe(count);
  const directoryOffset = view.getUint32(end + 16, true);
  expect(view.getUint32(end + 12, true), "size of the directory").toBe(end - directoryOffset);
  expect(view.getUint16(end + 20, true), "comment").toBe(0);
  const entries: Entry[] = [];
  let expectedOffset = 0;
  let at = directoryOffset;
  for (let index = 0; index < count; index += 1) {
    expect(view.getUint32(at, true), `directory record ${index}`).toBe(0x0201_4b50);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) => view.getUint16(at + place, true)) as [
      number,
      number,
      number,
    ];
    const path = strFromU8(zip.subarray(at + 46, at + 46 + nameLength));
    const offset = view.getUint32(at + 42, true);
    const size = view.getUint32(at + 24, true);
    expect(offset, `offset of ${path}`).toBe(expectedOffset);
    expect(view.getUint32(offset, true), `local header of ${path}`).toBe(0x0403_4b50);
    const localName = view.getUint16(offset + 26, true);
    const start = offset + 30 + localName + view.getUint16(offset + 28, true);
    expect(strFromU8(zip.subarray(offset + 30, offset + 30 + localName))).toBe(path);
    entries.push({
      path,
      method: view.getUint16(at + 10, true),
      time: view.getUint16(at + 12, true),
      date: view.getUint16(at + 14, true),
      crc: view.getUint32(at + 16, true),
      size,
      offset,
      bytes: zip.subarray(start, start + size),
    });
    expect(view.getUint32(at + 20, true), `${path} is stored`).toBe(size);
    expectedOffset = start + size;
    at += 46 + nameLength + extraLength + commentLength;
  }
  expect(expectedOffset, "nothing between the last entry and the directory").toBe(directoryOffset);
  expect(at, "nothing between the directory and the end").toBe(end);
  return entries;
}

const images = {
  "icon.png": new Uint8Array([1, 2, 3]),
  "icon@2x.png": new Uint8Array(5000).fill(7),
  "logo.png": new Uint8Array(0),
};
const own = {
  "pass.json": strToU8('{"formatVersion":1}'),
  "manifest.json": strToU8("{}"),
  signature: new Uint8Array([0x30, 0x00]),
};

describe("a pack with a pass's own files behind it", () => {
  it.each<[string, Record<string, Uint8Array>]>([
    ["some images", images],
    ["no file at all", {}],
    [
      "300 files",
      Object.fromEntries(
        Array.from({ length: 300 }, (_, index) => [`de.lproj/file-${index}.png`, new Uint8Array(index).fill(index)]),
      ),
    ],
    [
      "paths that are not ASCII",
      {
        "zh-Hant.lproj/pass.strings": strToU8("x"),
        "münchen/größe@2x.png": strToU8("y"),
        "日本語.lproj/🎂.png": strToU8("z"),
      },
    ],
  ])("is one zip of all, in order, for a pack of %s", (_, files) => {
    const zip = appendToPack(createPack(files), own);
    const all: Record<string, Uint8Array> = { ...files, ...own };
    expect(unzipSync(zip)).toEqual(all);
    const entries = readZip(zip);
    expect(entries.map(({ path }) => path)).toEqual(Object.keys(all));
    for (const { path, method, crc, size, bytes } of entries) {
      expect({ path, method, size, crc }).toEqual({ path, method: 0, size: all[path]!.length, crc: crc32(all[path]!) });
      expect(bytes).toEqual(all[path]);
      expect(path).not.toMatch(/\/$|^\/|\\|__MACOSX/);
    }
  });

  it("gives every file the same time, so that equal input gives equal bytes", () => {
    const entries = readZip(appendToPack(createPack(images), own));
    expect(new Set(entries.map(({ date, time }) => `${date}/${time}`)).size).toBe(1);
    expect(appendToPack(createPack(images), own)).toEqual(appendToPack(createPack(images), own));
  });

  it("is, byte for byte, the zip that would have been made of all files at once", () => {
    expect(appendToPack(createPack(images), own)).toEqual(zipStored({ ...images, ...own }));
  });

  it("leaves the pack as it was, for the next pass", () => {
    const pack = createPack(images);
    const before = pack.zip.slice();
    const first = appendToPack(pack, own);
    expect(pack.zip).toEqual(before);
    expect(appendToPack(pack, own)).toEqual(first);
  });

  it("lets OpenSSL's SHA-1 name the files of the pack", () => {
    expect(createPack({ a: new Uint8Array(0), b: strToU8("abc") }).sha1).toEqual({
      a: "da39a3ee5e6b4b0d3255bfef95601890afd80709",
      b: "a9993e364706816aba3e25717850c26c9cd0d89d",
    });
  });
});

describe("R087 a pack with other pictures for one pass", () => {
  const localized = { ...images, "logo@2x.png": strToU8("L2"), "日本語.lproj/pass.strings": strToU8("s") };
  const photo = { "thumbnail.png": strToU8("photo"), "thumbnail@2x.png": new Uint8Array(3000).fill(9) };
  const cases: [string, string[], Record<string, Uint8Array>][] = [
    ["nothing", [], {}],
    ["a slot that the template has not", ["thumbnail.png", "thumbnail@2x.png", "thumbnail@3x.png"], photo],
    ["the first file", ["icon.png"], { "icon.png": strToU8("new") }],
    ["a slot by fewer densities", ["logo.png", "logo@2x.png", "logo@3x.png"], { "logo.png": strToU8("new") }],
    ["the last file", ["日本語.lproj/pass.strings"], {}],
    ["a slot by nothing", ["logo.png", "logo@2x.png"], {}],
    ["every file", Object.keys(localized), { "icon.png": strToU8("only") }],
  ];

  it.each(cases)("replacing %s is, byte for byte, the pack that is made of those files at once", (_, paths, added) => {
    const removed = new Set(paths);
    const kept = Object.entries(localized).filter(([path]) => !removed.has(path));
    const whole = createPack({ ...Object.fromEntries(kept), ...added });
    const pack = createPack(localized);
    const before = pack.zip.slice();
    const changed = changePack(pack, removed, added);
    expect(changed).toEqual(whole);
    expect(Object.keys(changed.sha1)).toEqual(Object.keys(whole.sha1));
    expect(appendToPack(changed, own)).toEqual(appendToPack(whole, own));
    readZip(changed.zip);
    expect(pack.zip, "the template's pack stays as it was").toEqual(before);
    expect(changePack(decodePack(encodePack(pack)), removed, added), "from R2").toEqual(whole);
  });
});

describe("a pack as one object of bytes", () => {
  const pack = createPack({ ...images, "日本語.lproj/🎂.png": strToU8("z") });

  it("comes back as it was", () => {
    expect(decodePack(encodePack(pack))).toEqual({ zip: pack.zip, sha1: pack.sha1 });
    expect(decodePack(encodePack(createPack({}))).sha1).toEqual({});
  });

  it.each([1, 2, 3, 7])("comes back from the middle of a longer buffer, %i bytes in", (offset) => {
    const bytes = encodePack(pack);
    const longer = new Uint8Array(bytes.length + offset + 5).fill(0xff);
    longer.set(bytes, offset);
    const slice = longer.subarray(offset, offset + bytes.length);
    expect(slice.byteOffset).toBe(offset);
    const decoded = decodePack(slice);
    expect(decoded).toEqual({ zip: pack.zip, sha1: pack.sha1 });
    // The zip is a view with an offset of its own: what is appended to it must not notice.
    expect(appendToPack(decoded, own)).toEqual(appendToPack(pack, own));
  });
});

describe("a .pkpass", () => {
  const signer: Signer = {
    sign: (manifest, now) => Promise.resolve(strToU8(`${sha1Hex(manifest)} ${now.toISOString()}`)),
  };
  const now = new Date("2026-05-01T18:30:15Z");
  const passJson = { formatVersion: 1, description: "Zoë 🎂" };
  const build = (pack: Pack = createPack(images)) => packagePass(passJson, pack, signer, now);

  it("lists the SHA-1 of every file but the manifest and the signature", async () => {
    const files = unzipSync(await build());
    const manifest = JSON.parse(strFromU8(files["manifest.json"]!)) as Record<string, string>;
    const listed = Object.keys(files).filter((path) => path !== "manifest.json" && path !== "signature");
    expect(Object.keys(manifest).toSorted()).toEqual(listed.toSorted());
    for (const [path, sha1] of Object.entries(manifest)) expect(sha1Hex(files[path]!), path).toBe(sha1);
  });

  it("R224 holds pass.json in UTF-8 without a byte order mark", async () => {
    const bytes = unzipSync(await build())["pass.json"]!;
    expect(bytes[0]).toBe(0x7b);
    expect(JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes))).toEqual(passJson);
  });

  it("signs the very bytes of the manifest that it holds", async () => {
    const files = unzipSync(await build());
    expect(strFromU8(files.signature!)).toBe(`${sha1Hex(files["manifest.json"]!)} ${now.toISOString()}`);
  });

  it("is the same for the same input at the same second", async () => {
    expect(await build()).toEqual(await build(decodePack(encodePack(createPack(images)))));
  });
});

describe("a .pkpasses bundle", () => {
  it("holds each pass whole, in order, under a name of its own", async () => {
    const passes = Array.from({ length: bundlePassesMax }, (_, index) =>
      appendToPack(createPack(images), { "pass.json": strToU8(`${index}`) }),
    );
    const entries = readZip(bundlePasses(passes));
    expect(entries.map(({ path }) => path)).toEqual(passes.map((_, index) => `pass${index + 1}.pkpass`));
    for (const [index, { bytes }] of entries.entries()) {
      expect(bytes).toEqual(passes[index]);
      expect(strFromU8(unzipSync(bytes)["pass.json"]!)).toBe(`${index}`);
    }
  });

  it("holds at most ten passes, as Apple says", () => {
    expect(bundlePassesMax).toBe(10);
  });
});
