import type { AppleIdentityRow } from "../../db/data-schema";
import { IsolateCache } from "../../db/isolate-cache";
import { fromBase64 } from "../../db/vault";
import { createSigner, type Signer } from "../../pkpass/sign";
import { importSigningKey } from "../../pkpass/signing-key";
import type { BaseContext } from "../context";

/** By certificate: a renewed identity has another one, so a signer never outlives a rotation. */
const signers = new IsolateCache<Signer>(200);

/** Opens the private key of an identity and prepares its signature, once per isolate. */
export async function loadSigner(ctx: BaseContext, identity: AppleIdentityRow): Promise<Signer> {
  const cacheKey = `${identity.tenantId}/${identity.certificate}`;
  const cached = signers.get(cacheKey);
  if (cached) return cached;
  const signer = await createSigner({
    certificate: fromBase64(identity.certificate),
    issuerCertificate: fromBase64(identity.issuerCertificate),
    key: await importSigningKey(await ctx.vault.open(identity.privateKey)),
  });
  signers.set(cacheKey, signer);
  return signer;
}
