import * as asn1js from "asn1js";
import { describe, expect, it } from "vitest";
import {
  generateSandboxKeys,
  issueAuthorityCertificate,
  issuePassCertificate,
} from "../../src/pkpass/sandbox-authority";

/** The names of a certificate, as they stand in it: issuer and subject are the 4th and 6th member (RFC 5280 §4.1). */
function namesOf(certificate: Uint8Array): { attributes: number; type: string }[][] {
  const { result } = asn1js.fromBER(certificate);
  const tbs = (result as asn1js.Sequence).valueBlock.value[0] as asn1js.Sequence;
  return [3, 5].map((index) =>
    (tbs.valueBlock.value[index] as asn1js.Sequence).valueBlock.value.map((set) => {
      const attributes = (set as asn1js.Set).valueBlock.value;
      const [type] = (attributes[0] as asn1js.Sequence).valueBlock.value;
      return { attributes: attributes.length, type: (type as asn1js.ObjectIdentifier).valueBlock.toString() };
    }),
  );
}

describe("the certificates of a sandbox", () => {
  it("R039 are named as Apple's are: a sequence of sets of one attribute each", async () => {
    const now = new Date("2026-05-01T12:00:00Z");
    const { authority, leaf } = await generateSandboxKeys();
    const certificate = await issueAuthorityCertificate(authority, now);
    const subject = { passTypeIdentifier: "pass.example", teamIdentifier: "TEAM123456" };
    const issued = await issuePassCertificate(
      { certificate, privateKey: authority.privateKey },
      leaf.publicKey,
      subject,
      now,
    );
    const [issuerOfLeaf, subjectOfLeaf] = namesOf(issued);
    for (const name of [...namesOf(certificate), issuerOfLeaf!, subjectOfLeaf!]) {
      expect(name.length).toBeGreaterThan(2);
      expect(name.every(({ attributes }) => attributes === 1)).toBe(true);
    }
    expect(issuerOfLeaf).toEqual(namesOf(certificate)[1]);
    expect(subjectOfLeaf![0]!.type).toContain("0.9.2342.19200300.100.1.1");
  });
});
