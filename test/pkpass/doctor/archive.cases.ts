import { strToU8 } from "fflate";
import { zipStored } from "../../../src/pkpass/archive";
import { sha256Hex } from "../../../src/pkpass/bytes";
import { goodFiles, png, type Spoiled } from "./passes";

export const text = strToU8("text");
export const nothing = new Uint8Array();

/** Moves every file, as it is, to another name. */
const renamed =
  (name: (path: string) => string) =>
  (files: Record<string, Uint8Array>): Uint8Array =>
    zipStored(Object.fromEntries(Object.entries(files).map(([path, bytes]) => [name(path), bytes])));

/** Equal lengths only. */
export function replaced(bytes: Uint8Array, from: string, to: string): Uint8Array {
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

/** The good pass, in a bundle. */
const bundled =
  (count: number, more: Record<string, Uint8Array> = {}) =>
  (files: Record<string, Uint8Array>): Uint8Array => {
    const passes = Array.from({ length: count }, (_, index) => [`${index}.pkpass`, zipStored(files)]);
    return zipStored({ ...Object.fromEntries(passes), ...more });
  };

/** As Wallet Orders has them. */
const sha256Hashes = Object.fromEntries(
  await Promise.all(Object.entries(goodFiles()).map(async ([path, bytes]) => [path, await sha256Hex(bytes)])),
);
const manyPictures = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`${index}.png`, nothing]));
const manyFields = Array.from({ length: 300 }, (_, index) => ({ key: `k${index}` }));

/** Files of so many faults that the list of them ends with this one. */
export const endlessCases: [code: string, Spoiled][] = [
  ["findings_cut", { json: (pass) => (pass.storeCard = { backFields: manyFields }) }],
];

/** Each spoils the good pass in one point; `at` is where the one finding is. */
export const archiveCases: [code: string, at: string | null, how: string, Spoiled][] = [
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
  [
    "media_type_pass_for_bundle",
    null,
    "that of a pass",
    { archive: bundled(1), options: { mediaType: "application/vnd.apple.pkpass" } },
  ],
  ["bundle_too_many", null, "eleven passes", { archive: bundled(11) }],
  ["bundle_entry_foreign", "readme.txt", "a text beside them", { archive: bundled(1, { "readme.txt": text }) }],
  ["bundle_too_large", null, "more than is unpacked", { archive: bundled(1), options: { unpackedBytesMax: 1000 } }],
  ["archive_too_large", null, "more files than any pass has", { archive: () => zipStored(manyPictures) }],
  [
    "file_too_large",
    "pass.json",
    "much text",
    { passJson: strToU8(`{"storeCard":{"backFields":[${"{},".repeat(100_000)}{}]}}`) },
  ],
  ["file_too_large", "signature", "a long signature", { sign: async () => new Uint8Array(300_000) }],
  [
    "manifest_sha256",
    "manifest.json",
    "the hashes of Wallet Orders",
    { manifest: (hashes) => Object.assign(hashes, sha256Hashes, { "pass.json": "0".repeat(64) }) },
  ],
];
