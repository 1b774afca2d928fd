import { describe, expect, it } from "vitest";
import { examine } from "../../../src/pkpass/doctor";
import { fileBytes } from "../../support/apple-files";
import { authorities, codes, credentialCases, password, strangers, trusting } from "./credentials.cases";

describe("a certificate, a PKCS#12 file or a key", () => {
  it.each(credentialCases)("R222 %s", async (_, file, kind, expected, options = {}) => {
    const examination = await examine(file, { ...trusting, authorities, ...options });
    expect(codes(examination)).toEqual(expected);
    expect(examination.kind).toBe(kind);
  });

  it("R222 names all that an imitation lacks", async () => {
    const examination = await examine(fileBytes("selfMade.pem"), {
      ...trusting,
      authorities,
      now: Date.parse("2030-01-01T00:00:00Z"),
    });
    expect(codes(examination)).toEqual(["certificate_extensions_missing", "issuer_not_apple"]);
  });

  it("R222 says what the certificate is", async () => {
    const { facts } = await examine(fileBytes("nfc.pem"), { ...trusting, authorities });
    expect(facts).toMatchObject({
      passTypeIdentifier: "pass.com.example.fern",
      teamIdentifier: "A1B2C3D4E5",
      passes: 0,
      certificate: { nfc: true, keyType: "RSA", keyBits: 2048, notAfter: "2124-12-31T23:59:59.000Z" },
    });
  });

  it("R222 tells a legacy .p12 the command that converts it", async () => {
    const { findings } = await examine(fileBytes("legacy.p12"), { ...trusting, password });
    expect(findings[0]!.remedy).toMatch(/openssl pkcs12 -legacy -in \S+ .* -export/);
  });

  it("R222 never repeats a key or a password", async () => {
    for (const [, file, , , options = {}] of credentialCases) {
      const said = JSON.stringify(await examine(file, { ...trusting, authorities, ...options }));
      expect(said).not.toMatch(/geheim|BEGIN|MII/);
    }
  });
});

describe("a file of another kind", () => {
  it.each(strangers)("R222 unknown_file: %s is named", async (_, file, seen) => {
    const { kind, findings } = await examine(file, trusting);
    expect(kind).toBe("unknown");
    expect(findings.map(({ code }) => code)).toEqual(["unknown_file"]);
    expect(findings[0]!.seen).toMatch(seen);
  });
});
