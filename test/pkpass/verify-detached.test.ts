import { beforeAll, describe, expect, it } from "vitest";
import {
  generateSandboxKeys,
  issueAuthorityCertificate,
  issuePassCertificate,
} from "../../src/pkpass/sandbox-authority";
import { createSigner, type Signer } from "../../src/pkpass/sign";
import { verifyDetached } from "../../src/pkpass/verify-detached";

const at = new Date("2026-05-01T18:30:15.000Z");
const content = new TextEncoder().encode("the token");

let certificate: Uint8Array;
let signer: Signer;
let signature: Uint8Array;

beforeAll(async () => {
  const { authority, leaf } = await generateSandboxKeys();
  const issuerCertificate = await issueAuthorityCertificate(authority, at);
  const subject = { passTypeIdentifier: "pass.com.example.fern", teamIdentifier: "A1B2C3D4E5" };
  const issuer = { certificate: issuerCertificate, privateKey: authority.privateKey };
  certificate = await issuePassCertificate(issuer, leaf.publicKey, subject, at);
  signer = await createSigner({ certificate, issuerCertificate, key: leaf.privateKey });
  signature = await signer.sign(content, at);
});

describe("verifying a detached signature", () => {
  it("answers the certificate of the signer, also for a view into a larger buffer", async () => {
    expect(await verifyDetached(signature, content)).toEqual({ ok: true, certificate });
    const padded = new Uint8Array([0, 0, ...content, 0]).subarray(2, 2 + content.length);
    expect(await verifyDetached(signature, padded)).toEqual({ ok: true, certificate });
  });

  it("refuses another content and an empty one", async () => {
    for (const other of ["the Token", "the token ", ""]) {
      const verified = await verifyDetached(signature, new TextEncoder().encode(other));
      expect(verified, other).toMatchObject({ ok: false, code: "signature_invalid" });
    }
  });

  it("refuses each changed byte of the digest, the time and the signature, and a signature that is cut", async () => {
    for (const fromEnd of [1, 128, 256, 300, 320]) {
      const changed = signature.slice();
      changed[changed.length - fromEnd]! ^= 1;
      expect((await verifyDetached(changed, content)).ok, `${fromEnd} bytes before the end`).toBe(false);
    }
    for (const length of [0, 1, 100, signature.length - 1]) {
      expect((await verifyDetached(signature.subarray(0, length), content)).ok, `${length} bytes`).toBe(false);
    }
  });

  it("tells what is no CMS at all", async () => {
    expect(await verifyDetached(content, content)).toMatchObject({ ok: false, code: "not_cms" });
    expect(await verifyDetached(new Uint8Array(), content)).toMatchObject({ ok: false, code: "not_cms" });
  });
});
