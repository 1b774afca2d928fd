import type { AppleIdentityRow } from "../../db/data-schema";
import { IsolateCache } from "../../db/isolate-cache";
import { fromBase64 } from "../../db/vault";
import { createSigner, type Signer } from "../../pkpass/sign";
import type { BaseContext } from "../context";

/** By certificate: a renewed identity has another one, so a signer never outlives a rotation. */
const signers = new IsolateCache<Signer>(200);

/** Opens the private key of an identity and prepares its signature, once per isolate. */
export async function loadSigner(ctx: BaseContext, identity: AppleIdentityRow): Promise<Signer> {
  const cacheKey = `${identity.tenantId}/${identity.certificate}`;
  const cached = signers.get(cacheKey);
  if (cached) return cached;
  const pkcs8 = await ctx.vault.open(identity.privateKey);
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
  const signer = await createSigner({
    certificate: fromBase64(identity.certificate),
    issuerCertificate: fromBase64(identity.issuerCertificate),
    key,
  });
  signers.set(cacheKey, signer);
  return signer;
}
