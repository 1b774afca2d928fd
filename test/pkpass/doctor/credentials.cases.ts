import { strToU8 } from "fflate";
import { zipStored } from "../../../src/pkpass/archive";
import { sha256Hex } from "../../../src/pkpass/bytes";
import type { Examination, ExaminationOptions, ExaminedKind } from "../../../src/pkpass/doctor";
import { fileBytes, fileDer, fileText, type AppleFile } from "../../support/apple-files";
import { encryptedKey, pkcs12Of, slowEncryption } from "../../support/hostile-keys";
import { goodJson, png } from "./passes";

/** Files as OpenSSL writes them, issued by a stand-in for Apple's intermediate. */

export const trusting: ExaminationOptions = {
  now: Date.parse("2026-05-01T18:30:00Z"),
  authorities: [],
  issuerFingerprints: [await sha256Hex(fileDer("wwdr.pem"))],
};
export const authorities = [fileDer("wwdr.pem")];

const joined = (...names: AppleFile[]) => strToU8(names.map(fileText).join("\n"));
export const codes = ({ findings }: Examination) => findings.map(({ code }) => code);

export const password = "geheim";

/** Without options the issuer is trusted, and its certificate is not in the file. */
export const credentialCases: [
  name: string,
  file: Uint8Array,
  kind: ExaminedKind,
  codes: string[],
  options?: Partial<ExaminationOptions>,
][] = [
  ["a certificate from Apple, DER", fileBytes("pass.cer"), "certificate", []],
  ["the same in PEM", fileBytes("pass.pem"), "certificate", []],
  ["one for NFC", fileBytes("nfc.pem"), "certificate", []],
  ["with its key", joined("pass.pem", "pkcs8.pem"), "certificate", []],
  ["with its issuer and an old-style key", joined("pkcs1.pem", "wwdr.pem", "pass.pem"), "certificate", []],
  ["with an encrypted key and its password", joined("pass.pem", "encrypted.pem"), "certificate", [], { password }],
  ["with an encrypted key", joined("pass.pem", "encrypted.pem"), "certificate", ["key_password_missing"]],
  [
    "with a wrong password",
    joined("pass.pem", "encrypted.pem"),
    "certificate",
    ["key_wrong_password"],
    { password: "x" },
  ],
  ["with another key", joined("pass.pem", "other.key"), "certificate", ["key_mismatch"]],
  ["with a key of another kind", joined("pass.pem", "elliptic.key"), "certificate", ["key_mismatch"]],
  ["with two keys", joined("pass.pem", "pkcs8.pem", "other.key"), "certificate", ["key_unreadable"]],
  [
    "a damaged certificate",
    strToU8(fileText("pass.pem").replace(/\n.{64}\n/, "\n")),
    "certificate",
    ["certificate_corrupt"],
  ],
  ["the intermediate", fileBytes("wwdr.pem"), "certificate", ["certificate_is_authority"]],
  ["a developer's", fileBytes("development.pem"), "certificate", ["certificate_not_pass_type"]],
  ["a push certificate", fileBytes("push.pem"), "certificate", ["certificate_not_pass_type"]],
  ["an expired one", fileBytes("expired.pem"), "certificate", ["certificate_expired"]],
  ["one from the future", fileBytes("notYetValid.pem"), "certificate", ["certificate_not_yet_valid"]],
  ["one under G3", fileBytes("underG3.pem"), "certificate", ["issuer_outdated"]],
  ["one under an impostor", joined("underImpostor.pem", "impostor.pem"), "certificate", ["issuer_not_apple"]],
  ["an elliptic one", fileBytes("elliptic.pem"), "certificate", ["certificate_ec_key"]],
  ["a short one", fileBytes("short.pem"), "certificate", ["certificate_key_weak"]],
  ["one whose extension differs", fileBytes("otherType.pem"), "certificate", ["certificate_extension_mismatch"]],
  ["a .p12 with its chain", fileBytes("withChain.p12"), "pkcs12", [], { password }],
  ["a .p12 without it", fileBytes("modern.p12"), "pkcs12", ["pkcs12_without_intermediate"], { password }],
  ["a .p12, no password", fileBytes("modern.p12"), "pkcs12", ["pkcs12_password_missing"]],
  ["a .p12, a wrong one", fileBytes("modern.p12"), "pkcs12", ["pkcs12_wrong_password"], { password: "x" }],
  ["a legacy .p12", fileBytes("legacy.p12"), "pkcs12", ["legacy_pkcs12"], { password }],
  ["one of triple DES", fileBytes("tripleDes.p12"), "pkcs12", ["legacy_pkcs12"]],
  ["one of too many iterations", fileBytes("manyIterations.p12"), "pkcs12", ["pkcs12_unsupported"], { password }],
  ["one cut off", fileBytes("modern.p12").slice(0, 800), "pkcs12", ["pkcs12_corrupt"], { password }],
  [
    "one without a key",
    fileBytes("certificateOnly.p12"),
    "pkcs12",
    ["pkcs12_without_key", "pkcs12_without_intermediate"],
    { password },
  ],
  ["one without a certificate", fileBytes("keyOnly.p12"), "pkcs12", ["pkcs12_without_certificate"], { password }],
  ["a key", fileBytes("pkcs8.pem"), "private_key", ["key_alone"]],
  ["a key, PKCS #1 in DER", fileBytes("pkcs1.der"), "private_key", ["key_alone"]],
  ["a key, encrypted in DER", fileBytes("encrypted.der"), "private_key", ["key_password_missing"]],
  ["a key with its password", fileBytes("traditional.pem"), "private_key", ["key_alone"], { password }],
  ["a key with a wrong one", fileBytes("encrypted.pem"), "private_key", ["key_wrong_password"], { password: "x" }],
  ["a key of 8,400,000 rounds", encryptedKey(slowEncryption.pbkdf2), "private_key", ["key_unreadable"], { password }],
  [
    "a key of more than 2^32 rounds",
    encryptedKey(slowEncryption.beyond32Bits),
    "private_key",
    ["key_unreadable"],
    { password },
  ],
  [
    "a key of triple DES and many rounds",
    encryptedKey(slowEncryption.tripleDes),
    "private_key",
    ["key_unreadable"],
    { password },
  ],
  ["a key of scrypt", encryptedKey(slowEncryption.scrypt), "private_key", ["key_unreadable"], { password }],
  ["a .p12 of 21 certificates", pkcs12Of(21), "pkcs12", ["pkcs12_unsupported"]],
  ["an Ed25519 key", fileBytes("ed25519.key"), "private_key", ["key_unreadable"]],
];

/** Each is unknown_file, with what is seen in it. */
export const strangers: [string, Uint8Array, RegExp][] = [
  ["nothing", new Uint8Array(), /empty/],
  ["a PNG", png(10, 10), /PNG/],
  ["a JPEG", Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]), /JPEG/],
  ["a web page", strToU8("<!DOCTYPE html><html><body>404"), /HTML/],
  ["pass.json alone", strToU8(JSON.stringify(goodJson())), /pass\.json by itself/],
  ["JSON", strToU8('{"error": "not found"}'), /JSON/],
  ["a ZIP of something else", zipStored({ "word/document.xml": strToU8("<xml/>") }), /ZIP/],
  ["an empty ZIP", zipStored({}), /ZIP/],
  ["a request", fileBytes("pass.csr"), /request/],
  ["a public key", fileBytes("public.pem"), /public key/],
  ["half of a PEM", strToU8(fileText("pass.pem").slice(0, 300)), /PEM that is not whole/],
  ["half of a certificate", fileBytes("pass.cer").slice(0, 300), /cut off/],
  ["base64", strToU8(fileText("pass.pem").replace(/-----.*-----\n/g, "")), /base64/],
  ["a text", strToU8("hello"), /text/],
  ["bytes", new Uint8Array([1, 2, 3, 4]), /binary/],
];
