import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { zipStored } from "../../../src/pkpass/archive";
import { sha256Hex } from "../../../src/pkpass/bytes";
import { examine } from "../../../src/pkpass/doctor";
import { material } from "./certificates";
import { examinationOptions, findingsOf, goodFiles, makePass, png, type Spoiled } from "./passes";

const text = strToU8("text");
const nothing = new Uint8Array();

/** Moves every file, as it is, to another name. */
const renamed =
  (name: (path: string) => string) =>
  (files: Record<string, Uint8Array>): Uint8Array =>
    zipStored(Object.fromEntries(Object.entries(files).map(([path, bytes]) => [name(path), bytes])));

/** Equal lengths only. */
function replaced(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const [wanted, instead, copy] = [strToU8(from), strToU8(to), bytes.slice()];
  for (let at = 0; at + wanted.length <= copy.length; at += 1) {
    if (wanted.every((byte, index) => copy[at + index] === byte)) copy.set(instead, at);
  }
  return copy;
}

/** One name twice, which no library writes. */
const twice = (files: Record<string, Uint8Array>) =>
  replaced(zipStored({ ...files, "logo@9x.png": files["logo.png"]! }), "logo@9x.png", "logo@3x.png");

/** Sets bits in both headers of each entry of this name. */
function flagged(zip: Uint8Array, name: string, offset: { local: number; record: number }, value: number): Uint8Array {
  const bytes = zip.slice();
  const view = new DataView(bytes.buffer);
  const needle = strToU8(name);
  for (let at = 0; at + needle.length <= bytes.length; at += 1) {
    if (!needle.every((byte, index) => bytes[at + index] === byte)) continue;
    if (at >= 30 && view.getUint32(at - 30, true) === 0x04034b50) view.setUint16(at - 30 + offset.local, value, true);
    if (at >= 46 && view.getUint32(at - 46, true) === 0x02014b50) view.setUint16(at - 46 + offset.record, value, true);
  }
  return bytes;
}

const encrypted = (files: Record<string, Uint8Array>) =>
  flagged(zipStored(files), "logo.png", { local: 6, record: 8 }, 1);
const lzma = (files: Record<string, Uint8Array>) => flagged(zipStored(files), "logo.png", { local: 8, record: 10 }, 14);
const damaged = (files: Record<string, Uint8Array>) => replaced(zipStored(files), "Loyalty card", "loyalty card");

/** Each spoils the good pass in one point; `at` is where the one finding is. */
const causes: [code: string, at: string | null, how: string, Spoiled][] = [
  ["archive_corrupt", null, "cut off", { archive: (files) => zipStored(files).slice(0, -100) }],
  ["entry_encrypted", "logo.png", "an encrypted file", { archive: encrypted }],
  ["entry_unsupported", "logo.png", "LZMA", { archive: lzma }],
  ["entry_corrupt", "pass.json", "a wrong CRC", { archive: damaged }],
  ["entry_duplicate", "logo@3x.png", "one name twice", { archive: twice }],
  ["entry_path_unsafe", "../evil.png", "a path out of the package", { filesAfter: { "../evil.png": text } }],
  ["entry_path_unsafe", "/evil.png", "an absolute path", { filesAfter: { "/evil.png": text } }],
  ["entry_path_unsafe", "de\\evil.png", "a backslash", { filesAfter: { "de\\evil.png": text } }],
  ["directory_entries", null, "an entry for a folder", { filesAfter: { "en.lproj/": nothing } }],
  ["nested_folder", null, "all in one folder", { archive: renamed((path) => `Example.pass/${path}`) }],
  [
    "nested_folder",
    null,
    "all in one folder, manifest included",
    {
      archive: renamed((path) => `Example.pass/${path}`),
      manifest: (hashes) => {
        for (const [path, hash] of Object.entries(hashes)) {
          hashes[`Example.pass/${path}`] = hash;
          delete hashes[path];
        }
      },
    },
  ],
  [
    "nested_folder",
    null,
    "all in one folder, zipped with its entry",
    { archive: (files) => renamed((path) => `Example.pass/${path}`)({ "": nothing, ...files }) },
  ],
  ["file_name_case", "Pass.json", "Pass.json", { archive: renamed((path) => path.replace("pass.json", "Pass.json")) }],
  [
    "file_name_case",
    "Icon.png",
    "Icon.png, in the manifest, too",
    { files: { "icon.png": null, "Icon.png": goodFiles()["icon.png"]! } },
  ],
  ["mac_metadata", null, ".DS_Store", { filesAfter: { ".DS_Store": text } }],
  ["mac_metadata", null, "__MACOSX", { filesAfter: { "__MACOSX/._icon.png": text, "__MACOSX/": nothing } }],
  ["mac_metadata_listed", null, ".DS_Store in the manifest", { files: { ".DS_Store": text } }],
  ["pass_json_missing", "pass.json", "no pass.json", { passJson: null }],
  ["pass_json_missing", "pass.json", "pass.json taken out", { filesAfter: { "pass.json": null } }],
  ["manifest_missing", "manifest.json", "no manifest", { manifestFile: null }],
  ["signature_missing", "signature", "no signature", { sign: async () => null }],
  ["manifest_not_json", "manifest.json", "no JSON", { manifestFile: strToU8("pass.json: 1234") }],
  ["manifest_not_json", "manifest.json", "a list", { manifestFile: strToU8("[]") }],
  ["manifest_not_json", "manifest.json", "a byte order mark", { manifestFile: strToU8("\ufeff{}") }],
  ["manifest_hash_malformed", "manifest.json#/logo.png", "no hash", { manifest: (h) => (h["logo.png"] = "abc") }],
  ["manifest_hash_malformed", "manifest.json#/logo.png", "null", { manifest: (h) => (h["logo.png"] = null) }],
  [
    "manifest_hash_malformed",
    "manifest.json#/en.lproj~1pass.strings",
    "a number",
    { manifest: (h) => (h["en.lproj/pass.strings"] = 1) },
  ],
  [
    "manifest_hash_uppercase",
    "manifest.json",
    "capitals",
    {
      manifest: (hashes) => {
        for (const path of Object.keys(hashes)) hashes[path] = String(hashes[path]).toUpperCase();
      },
    },
  ],
  ["manifest_mismatch", "logo.png", "a changed file", { filesAfter: { "logo.png": png(100, 50) } }],
  [
    "manifest_lists_itself",
    "manifest.json#/signature",
    "signature",
    { manifest: (h) => (h.signature = "a".repeat(40)) },
  ],
  ["file_unlisted", "logo.png", "a file left out", { manifest: (h) => delete h["logo.png"] }],
  ["listed_file_missing", "manifest.json#/logo@3x.png", "a file lost", { filesAfter: { "logo@3x.png": null } }],
  ["file_unlisted", "readme.txt", "a file too many", { filesAfter: { "readme.txt": text } }],
  ["file_unlisted", "thumbnail.png", "a picture too many", { filesAfter: { "thumbnail.png": png(90, 90) } }],
  ["file_unused", "readme.txt", "a text file", { files: { "readme.txt": text } }],
  ["file_unused", "en.lproj/Localizable.strings", "another table", { files: { "en.lproj/Localizable.strings": text } }],
  ["media_type_wrong", null, "application/zip", { options: { mediaType: "application/zip" } }],
  [
    "media_type_bundle_for_pass",
    null,
    "the type of a bundle",
    { options: { mediaType: "application/vnd.apple.pkpasses; charset=binary" } },
  ],
];

describe("the archive and its manifest", () => {
  it.each(causes)("R222 %s at %s: %s", async (code, path, _, spoiled) => {
    expect(await findingsOf(spoiled)).toEqual([{ code, path }]);
  });

  it("R222 manifest_sha256: the hashes of Wallet Orders are told once", async () => {
    const files = Object.fromEntries(
      await Promise.all(Object.entries(goodFiles()).map(async ([path, bytes]) => [path, await sha256Hex(bytes)])),
    );
    const manifest = (hashes: Record<string, unknown>) => Object.assign(hashes, files, { "pass.json": "0".repeat(64) });
    expect(await findingsOf({ manifest })).toEqual([{ code: "manifest_sha256", path: "manifest.json" }]);
  });

  it("R222 takes its own type, stored and deflated entries, a comment and Apple's tooling.json", async () => {
    const deflated = (files: Record<string, Uint8Array>) => zipSync(files, { level: 9 });
    expect(await findingsOf({ archive: deflated })).toEqual([]);
    const commented = (files: Record<string, Uint8Array>) => {
      const zip = zipStored(files);
      zip[zip.length - 2] = 4;
      return Uint8Array.from([...zip, ...strToU8("note")]);
    };
    expect(await findingsOf({ archive: commented })).toEqual([]);
    expect(await findingsOf({ files: { "tooling.json": strToU8("{}") } })).toEqual([]);
    expect(await findingsOf({ options: { mediaType: "application/vnd.apple.pkpass" } })).toEqual([]);
  });
});

describe("a hostile archive", () => {
  const bomb = zipSync({ "pass.json": new Uint8Array(60_000_000), "manifest.json": strToU8("{}") }, { level: 9 });

  it("R222 archive_too_large: a zip bomb is refused before it is unpacked", async () => {
    const { findings } = await examine(bomb, { ...examinationOptions, unpackedBytesMax: 48_000_000 });
    expect(findings.map(({ code }) => code)).toEqual(["archive_too_large"]);
  });

  it("R222 archive_too_large: so are more files than any pass has", async () => {
    const files = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`${index}.png`, nothing]));
    const { findings } = await examine(zipStored(files), examinationOptions);
    expect(findings.map(({ code }) => code)).toEqual(["archive_too_large"]);
  });

  it("R222 entry_corrupt: one that declares less than it holds stops there", async () => {
    const view = new DataView(bomb.slice().buffer);
    const bytes = new Uint8Array(view.buffer);
    for (let at = 0; at < bytes.length - 46; at += 1) {
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 10, true);
    }
    const { findings } = await examine(bytes, examinationOptions);
    expect(findings[0]).toMatchObject({ code: "entry_corrupt", path: "pass.json" });
    expect(findings[0]!.seen).toContain("more than the 10 bytes");
  });

  it("R222 file_too_large: text that no pass needs is not looked at", async () => {
    const many = "{},".repeat(100_000);
    const passJson = strToU8(`{"storeCard":{"backFields":[${many}{}]}}`);
    expect(await findingsOf({ passJson })).toEqual([{ code: "file_too_large", path: "pass.json" }]);
    expect(await findingsOf({ sign: async () => new Uint8Array(300_000) })).toEqual([
      { code: "file_too_large", path: "signature" },
    ]);
  });

  it("R222 file_unlisted: a file called as what every object has is a file", async () => {
    const archive = (files: Record<string, Uint8Array>) =>
      replaced(zipStored({ ...files, "9_proto__": text }), "9_proto__", "__proto__");
    expect(await findingsOf({ archive })).toEqual([{ code: "file_unlisted", path: "__proto__" }]);
  });

  it("R222 lists at most 200 findings, and says so", async () => {
    const fields = Array.from({ length: 300 }, (_, index) => ({ key: `k${index}` }));
    const { findings } = await examine(
      await makePass({ json: (pass) => (pass.storeCard = { backFields: fields }) }),
      examinationOptions,
    );
    expect(findings).toHaveLength(201);
    expect(findings.at(-1)!.code).toBe("findings_cut");
  });
});

describe("a bundle", () => {
  const bundle = (files: Record<string, Uint8Array>, options = {}) =>
    examine(zipStored(files), { ...examinationOptions, ...options });

  it("R222 of good passes has no finding", async () => {
    const pass = await makePass();
    const { kind, findings, facts } = await bundle({ "1.pkpass": pass, "2.pkpass": pass });
    expect(findings).toEqual([]);
    expect(kind).toBe("pkpasses");
    expect(facts).toMatchObject({ passes: 2, serialNumber: "4711" });
  });

  it("R222 names the pass in which something was found", async () => {
    const broken = await makePass({ json: (pass) => delete pass.description });
    const { findings } = await bundle({ "1.pkpass": await makePass(), "2.pkpass": broken, "3.pkpass": strToU8("no") });
    expect(findings.map(({ code, path }) => [code, path])).toEqual([
      ["required_key_missing", "2.pkpass/pass.json#/description"],
      ["archive_corrupt", "3.pkpass"],
    ]);
  });

  it("R222 bundle_too_many, bundle_entry_foreign, media_type_pass_for_bundle, bundle_too_large", async () => {
    const pass = await makePass();
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`${index}.pkpass`, pass]));
    const codes = async (files: Record<string, Uint8Array>, options = {}) =>
      (await bundle(files, options)).findings.map(({ code }) => code);
    expect(await codes(many)).toEqual(["bundle_too_many"]);
    expect(await codes({ "1.pkpass": pass, "readme.txt": text })).toEqual(["bundle_entry_foreign"]);
    expect(await codes({ "1.pkpass": pass }, { mediaType: "application/vnd.apple.pkpass" })).toEqual([
      "media_type_pass_for_bundle",
    ]);
    expect(await codes({ "1.pkpass": pass }, { unpackedBytesMax: 1000 })).toEqual(["bundle_too_large"]);
  });

  it("R222 unpacks no more of all its passes together than of one", async () => {
    const pass = await makePass();
    const { findings } = await bundle({ "1.pkpass": pass, "2.pkpass": pass }, { unpackedBytesMax: pass.length * 2 });
    expect(findings.map(({ code, path }) => [code, path])).toEqual([]);
    const huge = zipSync({ "icon.png": new Uint8Array(900_000) }, { level: 9 });
    const files = Object.fromEntries(["1", "2"].map((name) => [`${name}.pkpass`, huge]));
    const two = await bundle(files, { unpackedBytesMax: 1_000_000 });
    expect(two.findings.map(({ code, path }) => [code, path])).toContainEqual(["archive_too_large", "2.pkpass"]);
  });
});

describe("what the certificate is for", () => {
  it("R222 keeps to one finding where a manifest is signed under the wrong certificate", async () => {
    const spoiled = { material: await material({ notAfter: Date.parse("2026-04-30T00:00:00Z") }) };
    expect((await findingsOf(spoiled)).map(({ code }) => code)).toEqual(["signed_after_expiry"]);
  });
});
