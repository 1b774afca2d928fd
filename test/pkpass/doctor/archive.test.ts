import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { zipStored } from "../../../src/pkpass/archive";
import { examine } from "../../../src/pkpass/doctor";
import { material } from "./certificates";
import { examinationOptions, findingsOf, makePass } from "./passes";
import { archiveCases, endlessCases, replaced, text } from "./archive.cases";

describe("the archive and its manifest", () => {
  it.each(archiveCases)("R222 %s at %s: %s", async (code, path, _, spoiled) => {
    expect(await findingsOf(spoiled)).toEqual([{ code, path }]);
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

  it("R222 file_unlisted: a file called as what every object has is a file", async () => {
    const archive = (files: Record<string, Uint8Array>) =>
      replaced(zipStored({ ...files, "9_proto__": text }), "9_proto__", "__proto__");
    expect(await findingsOf({ archive })).toEqual([{ code: "file_unlisted", path: "__proto__" }]);
  });

  it.each(endlessCases)("R222 %s: at most 200 findings are listed", async (code, spoiled) => {
    const found = await findingsOf(spoiled);
    expect(found).toHaveLength(201);
    expect(found.at(-1)!.code).toBe(code);
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
