import { describe, expect, it } from "vitest";
import { openPkcs12 } from "../../src/pkpass/pkcs12";
import { readPrivateKey } from "../../src/pkpass/private-key";
import { fileBytes, fileDer, type AppleFile } from "../support/apple-files";
import {
  bearableEncryption,
  fewRounds,
  pkcs12Of,
  pkcs12OfKeys,
  slowEncryption,
  slowMac,
} from "../support/hostile-keys";

const password = "geheim";
const [certificate, issuer, key] = [fileDer("pass.pem"), fileDer("wwdr.pem"), fileBytes("pkcs8.der")];

describe("a PKCS#12 file", () => {
  it.each<[AppleFile, string?]>([
    ["modern.p12", password],
    ["emptyPassword.p12", ""],
    ["emptyPassword.p12"],
    ["accented.p12", "Straße"],
    ["withoutMac.p12", password],
    ["unencrypted.p12", password],
    ["sha512Mac.p12", password],
  ])("gives its key and certificate: %s with the password %s", async (name, given) => {
    const opened = await openPkcs12(fileBytes(name), given);
    expect(opened).toMatchObject({ ok: true });
    if (!opened.ok) return;
    expect(opened.certificates).toEqual([certificate]);
    const normalized = readPrivateKey(opened.privateKey!);
    expect(normalized.ok && normalized.pkcs8).toEqual(key);
  });

  it("gives a chain in its order", async () => {
    const opened = await openPkcs12(fileBytes("withChain.p12"), password);
    expect(opened.ok && opened.certificates).toEqual([certificate, issuer]);
  });

  it("may hold only one of the two", async () => {
    expect(await openPkcs12(fileBytes("keyOnly.p12"), password)).toMatchObject({ ok: true, certificates: [] });
    const alone = await openPkcs12(fileBytes("certificateOnly.p12"), password);
    expect(alone).toMatchObject({ ok: true, certificates: [certificate], privateKey: null });
  });

  it.each<[AppleFile, string | undefined, string]>([
    ["modern.p12", "falsch", "wrong_password"],
    ["modern.p12", "", "wrong_password"],
    ["modern.p12", undefined, "wrong_password"],
    ["emptyPassword.p12", "falsch", "wrong_password"],
    ["withoutMac.p12", "falsch", "wrong_password"],
    ["unencrypted.p12", "falsch", "wrong_password"],
    ["accented.p12", "Strasse", "wrong_password"],
    ["legacy.p12", password, "legacy_pkcs12"],
    ["legacy.p12", "falsch", "legacy_pkcs12"],
    ["tripleDes.p12", password, "legacy_pkcs12"],
    ["legacyKey.p12", password, "legacy_pkcs12"],
    ["manyIterations.p12", password, "unsupported_pkcs12"],
    ["pass.cer", password, "not_pkcs12"],
    ["pkcs8.pem", password, "not_pkcs12"],
  ])("%s with the password %s is refused as %s", async (name, given, code) => {
    const result = await openPkcs12(fileBytes(name), given);
    expect(result).toMatchObject({ ok: false, code });
    if (!result.ok && code === "legacy_pkcs12") expect(result.detail).toContain("openssl pkcs12 -legacy -in old.p12");
  });

  it.each([
    ["keys of many rounds", pkcs12OfKeys(1, slowEncryption.pbkdf2)],
    ["keys of scrypt", pkcs12OfKeys(1, slowEncryption.scrypt)],
    ["two keys, bearable one by one", pkcs12OfKeys(2, bearableEncryption)],
    ["a MAC of many rounds", slowMac()],
    ["many certificates", pkcs12Of(21)],
    ["many keys", pkcs12OfKeys(21, fewRounds)],
    ["more keys than are counted", pkcs12OfKeys(300, fewRounds)],
  ])("R222 that would take long to open is not tried: %s", async (_, file) => {
    expect(await openPkcs12(file, password)).toMatchObject({ ok: false, code: "unsupported_pkcs12" });
  });

  it("cut off anywhere, or with any byte changed, is refused and never thrown", async () => {
    for (const name of ["modern.p12", "withoutMac.p12"] as const) {
      const bytes = fileBytes(name);
      for (let length = 0; length < bytes.length; length += 211) {
        expect((await openPkcs12(bytes.subarray(0, length), password)).ok).toBe(false);
      }
      for (let at = 0; at < bytes.length; at += 53) {
        const changed = bytes.slice();
        changed[at]! ^= 0x55;
        expect(typeof (await openPkcs12(changed, password)).ok).toBe("boolean");
      }
    }
  });
});
