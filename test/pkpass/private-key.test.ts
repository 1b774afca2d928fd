import { describe, expect, it } from "vitest";
import { readPrivateKey } from "../../src/pkpass/private-key";
import { fileBytes, fileText, type AppleFile } from "../support/apple-files";
import { bearableEncryption, encryptedKey, slowEncryption } from "../support/hostile-keys";

const password = "geheim";
const pkcs8 = fileBytes("pkcs8.der");

describe("a private key", () => {
  it.each<[AppleFile, string?]>([
    ["pkcs8.pem"],
    ["pkcs8.der"],
    ["pkcs1.pem"],
    ["pkcs1.der"],
    ["encrypted.pem", password],
    ["encrypted.der", password],
    ["encrypted3des.pem", password],
    ["traditional.pem", password],
    ["traditional3des.pem", password],
  ])("is the same key, read from %s", (name, passphrase) => {
    const result = readPrivateKey(fileBytes(name), passphrase);
    expect(result).toMatchObject({ ok: true, keyType: "RSA", keyBits: 2048 });
    expect(result.ok && result.pkcs8).toEqual(pkcs8);
  });

  it.each<AppleFile>(["elliptic.key", "ellipticPkcs8.pem", "sec1.der"])("is read from %s, elliptic", (name) => {
    expect(readPrivateKey(fileBytes(name))).toMatchObject({ ok: true, keyType: "EC", keyBits: 256 });
  });

  it("is found among certificates and the words between them, with the line ends of any system", () => {
    const file = `Bag Attributes\n    friendlyName: x\n${fileText("pass.pem")}Key Attributes: <No Attributes>\n${fileText("pkcs1.pem")}`;
    for (const text of [file, file.replaceAll("\n", "\r\n"), file.replaceAll("\n", "\r")]) {
      expect(readPrivateKey(text)).toMatchObject({ ok: true });
    }
    const encrypted = fileText("traditional.pem").replaceAll("\n", "\r\n");
    expect(readPrivateKey(encrypted, password)).toMatchObject({ ok: true });
  });

  it.each<[AppleFile, string | undefined, string]>([
    ["encrypted.pem", undefined, "passphrase_required"],
    ["encrypted.der", "", "passphrase_required"],
    ["traditional.pem", undefined, "passphrase_required"],
    ["encrypted.pem", "falsch", "wrong_passphrase"],
    ["encrypted.der", "falsch", "wrong_passphrase"],
    ["encrypted3des.pem", "falsch", "wrong_passphrase"],
    ["traditional.pem", "falsch", "wrong_passphrase"],
    ["traditional3des.pem", "falsch", "wrong_passphrase"],
    ["encryptedScrypt.pem", password, "unsupported_encryption"],
    ["public.pem", undefined, "public_key_given"],
    ["pass.pem", undefined, "certificate_given"],
    ["pass.cer", undefined, "certificate_given"],
    ["short.key", undefined, "key_too_short"],
    ["dsa.key", undefined, "unsupported_key_type"],
    ["ed25519.key", undefined, "unsupported_key_type"],
    ["p384.key", undefined, "unsupported_key_type"],
    ["modern.p12", undefined, "no_private_key"],
  ])("%s with the passphrase %s is refused as %s", (name, passphrase, code) => {
    const result = readPrivateKey(fileBytes(name), passphrase);
    expect(result).toMatchObject({ ok: false, code });
  });

  it.each(Object.entries(slowEncryption))("R222 that would take minutes to open is not tried: %s", (_, encryption) => {
    const result = readPrivateKey(encryptedKey(encryption), password);
    expect(result).toMatchObject({ ok: false, code: "unsupported_encryption" });
    expect(!result.ok && result.detail).toContain("openssl pkcs8 -topk8");
  });

  it("R222 that is derived by a hash which is not known here is told as such, not as a wrong passphrase", () => {
    const der = fileBytes("encrypted.der").slice();
    // The last byte of hmacWithSHA256, 1.2.840.113549.2.9; .11 is SHA-512.
    const sha256 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x09];
    const at = der.findIndex((_, start) => sha256.every((byte, index) => der[start + index] === byte));
    expect(at).toBeGreaterThan(0);
    der[at + 7] = 0x0b;
    expect(readPrivateKey(der, password)).toMatchObject({ ok: false, code: "unsupported_encryption" });
  });

  it("R222 of as many rounds as are borne is tried", () => {
    expect(readPrivateKey(encryptedKey(bearableEncryption), password)).toMatchObject({ code: "wrong_passphrase" });
  });

  it("tells two keys, a key of OpenSSH and plain text apart", () => {
    const two = fileText("pkcs8.pem") + fileText("other.key");
    expect(readPrivateKey(two)).toMatchObject({ code: "several_private_keys" });
    const ssh = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----\n";
    expect(readPrivateKey(ssh)).toMatchObject({ code: "openssh_key_given" });
    expect(readPrivateKey("hello")).toMatchObject({ code: "no_private_key" });
    expect(readPrivateKey(new Uint8Array())).toMatchObject({ code: "no_private_key" });
  });

  it("cut off anywhere, or with any byte changed, is refused and never thrown", () => {
    for (const name of ["pkcs8.der", "encrypted.der", "sec1.der"] as const) {
      const bytes = fileBytes(name);
      for (let length = 0; length < bytes.length; length += 97) {
        expect(readPrivateKey(bytes.subarray(0, length), password).ok).toBe(false);
      }
      for (let at = 0; at < bytes.length; at += 31) {
        const changed = bytes.slice();
        changed[at]! ^= 0x55;
        expect(typeof readPrivateKey(changed, password).ok).toBe("boolean");
      }
    }
  });
});
