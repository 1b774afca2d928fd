import { describe, expect, it } from "vitest";
import { issue, otherKeys, sandboxAuthority, wwdr } from "./certificates";
import { findingsOf } from "./passes";
import { right, under, signatureCases } from "./signature.cases";

describe("the signature and its certificate", () => {
  it.each(signatureCases)("R222 %s at %s: %s", async (code, path, _, spoiled) => {
    expect(await findingsOf(await spoiled)).toEqual([{ code, path }]);
  });

  it("R222 trusts an authority that it is given, and a sandbox that is given may live on this machine", async () => {
    const sandbox = await under({}, sandboxAuthority);
    const trusting = { authorities: [sandboxAuthority.certificate] };
    const json = (pass: Record<string, unknown>) => (pass.webServiceURL = "http://localhost:8787/apple/K7X2M9QA");
    expect(await findingsOf({ ...sandbox, options: trusting })).toEqual([]);
    expect(await findingsOf({ ...sandbox, options: trusting, json })).toEqual([]);
    // Elsewhere it is the authority that keeps the pass from opening, and nothing else.
    expect(await findingsOf({ ...sandbox, json })).toEqual([{ code: "issuer_sandbox", path: "signature" }]);
  });

  it("R222 does not take a certificate by its issuer's name alone", async () => {
    const forged = await issue({ ...wwdr, privateKey: otherKeys.privateKey });
    const spoiled = { material: { ...right, certificate: forged } };
    expect(await findingsOf(spoiled)).toEqual([{ code: "issuer_not_apple", path: "signature" }]);
  });
});
