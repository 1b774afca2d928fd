import * as pkijs from "pkijs";
import { attempt } from "./attempt";

export type DetachedSignature =
  /** `certificate` is the signer's, DER. Nothing is said of who issued it. */
  { ok: true; certificate: Uint8Array } | { ok: false; code: "not_cms" | "signature_invalid"; detail: string };

/** Whether a detached CMS SignedData (RFC 5652, DER) is over this content. Never throws. */
export async function verifyDetached(signature: Uint8Array, content: Uint8Array): Promise<DetachedSignature> {
  const signedData = attempt(() => {
    const { content: schema } = pkijs.ContentInfo.fromBER(signature);
    return new pkijs.SignedData({ schema });
  });
  if (!signedData) return { ok: false, code: "not_cms", detail: "expected a CMS SignedData" };
  try {
    const { signatureVerified, signerCertificate } = await signedData.verify({
      signer: 0,
      data: content.slice().buffer,
      extendedMode: true,
    });
    if (signatureVerified === true && signerCertificate) {
      return { ok: true, certificate: new Uint8Array(signerCertificate.toSchema().toBER(false)) };
    }
  } catch {
    // pkijs throws where a signature does not fit its content.
  }
  return {
    ok: false,
    code: "signature_invalid",
    detail: "the signature is not over this content, or not by its signer",
  };
}
