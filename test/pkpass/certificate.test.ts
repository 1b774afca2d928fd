import { describe, expect, it } from "vitest";
import { isIssuedBy, readCertificate } from "../../src/pkpass/certificate";
import { makeCertificateRequest, readCertificateRequest } from "../../src/pkpass/certificate-request";
import { readPemBlocks, toPem } from "../../src/pkpass/pem";
import { readPrivateKey } from "../../src/pkpass/private-key";
import {
  authorityKeyAlgorithm,
  generateSandboxKeys,
  issueAuthorityCertificate,
  issuePassCertificate,
} from "../../src/pkpass/sandbox-authority";
import { isKeyOf, testSignature } from "../../src/pkpass/signing-key";
import { fileBytes, fileDer, fileText, type AppleFile } from "../support/apple-files";
import { factsOf } from "../support/certificates";

const facts = (name: AppleFile) => factsOf(fileDer(name));
const key = () => (readPrivateKey(fileText("pkcs8.pem")) as { pkcs8: Uint8Array }).pkcs8;

describe("a certificate", () => {
  it("says for whom, by whom, how long and what for", async () => {
    expect(await facts("nfc.pem")).toMatchObject({
      subject: {
        commonName: "Pass Type ID with NFC: pass.com.example.fern",
        organizationalUnit: "A1B2C3D4E5",
        organization: "Fern and Finch Coffee",
        country: "US",
        userId: "pass.com.example.fern",
      },
      issuer: { commonName: "Test Worldwide Developer Relations", organizationalUnit: "G4", userId: null },
      notBefore: Date.parse("2025-01-01T00:00:00Z"),
      notAfter: Date.parse("2124-12-31T23:59:59Z"),
      passTypeIdentifier: "pass.com.example.fern",
      teamIdentifier: "A1B2C3D4E5",
      extensionPassType: "pass.com.example.fern",
      nfc: true,
      passSigning: true,
      certificateAuthority: false,
      keyType: "RSA",
      keyBits: 2048,
      selfSigned: false,
    });
    expect(await facts("wwdr.pem")).toMatchObject({ certificateAuthority: true, selfSigned: true, passSigning: false });
    expect(await facts("elliptic.pem")).toMatchObject({ keyType: "EC", keyBits: 256 });
    expect(await facts("short.pem")).toMatchObject({ keyType: "RSA", keyBits: 1024 });
    expect(await facts("withoutUid.pem")).toMatchObject({ passTypeIdentifier: null, nfc: false });
  });

  it("is issued by whom its name and its signature say, and by nobody else", async () => {
    const [leaf, wwdr, impostor, g3] = await Promise.all(
      (["pass.pem", "wwdr.pem", "impostor.pem", "g3.pem"] as const).map(facts),
    );
    expect(await isIssuedBy(leaf!, wwdr!)).toBe(true);
    expect(await isIssuedBy(leaf!, impostor!)).toBe(false);
    expect(await isIssuedBy(leaf!, g3!)).toBe(false);
    expect(await isIssuedBy(leaf!, leaf!)).toBe(false);
    expect(await isIssuedBy(wwdr!, wwdr!)).toBe(true);
  });

  it("cut off anywhere, or with any byte changed, is refused or read, and never thrown", async () => {
    const der = fileBytes("pass.cer");
    const issuer = await facts("wwdr.pem");
    // SEQUENCE { tbsCertificate, … }: two headers of four bytes, the second with the length.
    const signedBytes = 8 + der[6]! * 256 + der[7]!;
    for (let length = 0; length < der.length; length += 41) {
      expect(await readCertificate(der.subarray(0, length))).toMatchObject({ ok: false, code: "not_a_certificate" });
    }
    expect((await readCertificate(new Uint8Array([...der, 0]))).ok).toBe(false);
    for (let at = 0; at < der.length; at += 3) {
      const changed = der.slice();
      changed[at]! ^= 0x41;
      const read = await readCertificate(changed);
      // Behind what is signed, the parameters of the signature's algorithm are said a second time.
      if (read.ok && at < signedBytes) expect(await isIssuedBy(read.certificate, issuer)).toBe(false);
    }
  });

  it("belongs to a key by what that signs", async () => {
    const elliptic = (readPrivateKey(fileText("elliptic.key")) as { pkcs8: Uint8Array }).pkcs8;
    expect(await isKeyOf(await facts("pass.pem"), key())).toBe(true);
    expect(await isKeyOf(await facts("coffee.pem"), key())).toBe(false);
    expect(await isKeyOf(await facts("elliptic.pem"), key())).toBe(false);
    expect(await isKeyOf(await facts("elliptic.pem"), elliptic)).toBe(true);
  });

  it("signs for a trial only with its key and its issuer", async () => {
    const sign = (certificate: AppleFile, issuer: AppleFile) =>
      testSignature(
        { certificate: fileDer(certificate), issuerCertificate: fileDer(issuer), pkcs8: key() },
        new Date("2026-05-01T12:00:00Z"),
      );
    expect(await sign("pass.pem", "wwdr.pem")).toBe(true);
    expect(await sign("coffee.pem", "wwdr.pem")).toBe(false);
    expect(await sign("pass.pem", "impostor.pem")).toBe(false);
    expect(await sign("expired.pem", "wwdr.pem")).toBe(false);
  });
});

describe("a request", () => {
  it("is read back with its key, and not if it was changed", async () => {
    const { der } = await makeCertificateRequest({ commonName: "Café ☕", emailAddress: "wallet@example.com" });
    expect(await readCertificateRequest(toPem("CERTIFICATE REQUEST", der))).toMatchObject({ ok: true });
    expect(await readCertificateRequest(toPem("NEW CERTIFICATE REQUEST", der))).toMatchObject({ ok: true });
    const changed = der.slice();
    changed[40]! ^= 1;
    expect((await readCertificateRequest(toPem("CERTIFICATE REQUEST", changed))).ok).toBe(false);
    expect(await readCertificateRequest("")).toMatchObject({ ok: false, code: "not_a_certificate_request" });
  });
});

describe("the sandbox's authority", () => {
  it("issues with and without NFC, for as many days as it is asked", async () => {
    const { authority, leaf } = await generateSandboxKeys();
    const now = new Date("2026-05-01T12:00:00.500Z");
    const certificate = await issueAuthorityCertificate(authority, now);
    const issue = (members: object) => {
      const subject = { passTypeIdentifier: "pass.a", teamIdentifier: "T", ...members };
      return issuePassCertificate({ certificate, privateKey: authority.privateKey }, leaf.publicKey, subject, now);
    };
    expect(authorityKeyAlgorithm.namedCurve).toBe("P-256");
    expect(await factsOf(await issue({ nfc: false, days: 1 }))).toMatchObject({
      nfc: false,
      subject: { commonName: "Pass Type ID: pass.a" },
      notAfter: Date.parse("2026-05-02T12:00:00Z"),
    });
    expect(await factsOf(await issue({}))).toMatchObject({ nfc: true, notAfter: Date.parse("2036-05-01T11:00:00Z") });
  });
});

describe("PEM", () => {
  it("is read block by block, whatever stands between them and however lines end", () => {
    const text = `Bag Attributes\n\n${fileText("traditional.pem")}subject=x\n${fileText("pass.pem")}`;
    for (const one of [text, text.replaceAll("\n", "\r\n")]) {
      const blocks = readPemBlocks(one);
      expect(blocks.map(({ label }) => label)).toEqual(["RSA PRIVATE KEY", "CERTIFICATE"]);
      expect(blocks[0]!.headers).toMatchObject({ "Proc-Type": "4,ENCRYPTED" });
      expect(blocks[1]!.der).toEqual(fileBytes("pass.cer"));
    }
  });

  it("without its end, or with what is no base64, is none", () => {
    expect(readPemBlocks("-----BEGIN CERTIFICATE-----\nAAAA\n")).toEqual([]);
    expect(readPemBlocks("-----BEGIN A-----\n####\n-----END A-----")).toEqual([]);
    expect(readPemBlocks("-----BEGIN A-----\nAAAA\n-----END B-----")).toEqual([]);
    expect(readPemBlocks("-----BEGIN A-----".repeat(50_000))).toEqual([]);
  });
});
