import { describe, expect, it } from "vitest";
import { findingsOf } from "./passes";
import { layoutCases, json, underNfc, passJsonCases, ticket } from "./pass-json.cases";

describe("pass.json", () => {
  it.each(passJsonCases)("R222 %s at %s: %s", async (code, pointer, _, spoiled) => {
    expect(await findingsOf(spoiled)).toEqual([{ code, path: `pass.json${pointer}` }]);
  });

  it("R222 takes what Wallet takes: dates without seconds, #RGB, an interval of a day, each format of code", async () => {
    const barcodes = [
      { format: "PKBarcodeFormatI2of5", message: "123456", messageEncoding: "iso-8859-1" },
      { format: "PKBarcodeFormatCode128", message: "123456", messageEncoding: "iso-8859-1" },
    ];
    const interval = [{ startDate: "2026-06-01T08:00+02:00", endDate: "2026-06-02T08:00+02:00" }];
    expect(await findingsOf(json((pass) => Object.assign(pass, { barcodes, relevantDates: interval })))).toEqual([]);
    const compressed = "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADKOshvNnb+gRH+O9NwCe4s9PdIbcK3x506xV0K/FUHcU=";
    expect(await findingsOf(underNfc({ encryptionPublicKey: compressed }))).toEqual([]);
  });
});

describe("the layouts beyond the classic ones", () => {
  it.each(layoutCases)("R222 %s at %s", async (code, pointer, change) => {
    const artwork = { ...(await import("./passes")).densities("artwork", 358, 448) };
    const spoiled = ticket(change);
    const found = await findingsOf({ ...spoiled, files: { ...spoiled.files, ...artwork } });
    // The picture of a layout that nobody asks for is not shown.
    expect(found.filter((finding) => finding.code !== "image_not_shown")).toEqual([
      { code, path: `pass.json#${pointer}` },
    ]);
  });
});
