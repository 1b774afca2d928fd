import { changePack } from "../../pkpass/archive";
import type { AppleIdentity } from "../../pkpass/project";
import { bundlePasses, bundlePassesMax, packagePass } from "../../pkpass/package";
import { asksHolder } from "../../pkpass/personalization";
import { projectPassJson } from "../../pkpass/project";
import { loadSigner } from "../apple/signer";
import type { BaseContext, TenantContext } from "../context";
import { ServiceError } from "../errors";
import { loadPack } from "../templates/packs";
import { loadOwnFiles } from "./own-files";
import { readPass, readPasses, resolveFile, type PassFile } from "./read";

/** What the pass is on Apple's side. Where nothing is configured yet, members are empty and nothing is signed. */
export function appleIdentityOf(
  ctx: Pick<TenantContext, "publicUrl" | "tenant">,
  { pass }: Pick<PassFile, "pass">,
): AppleIdentity {
  return {
    passTypeIdentifier: pass.passTypeIdentifier ?? "",
    teamIdentifier: pass.teamIdentifier ?? "",
    webServiceUrl: `${ctx.publicUrl}/apple/${ctx.tenant.code}`,
    authenticationToken: pass.authenticationToken,
  };
}

/** Whether there is a certificate under which Wallet takes the pass; under an expired one it does not. */
export const hasValidCertificate = (ctx: Pick<BaseContext, "now">, { identity }: PassFile): boolean =>
  identity !== null && identity.notAfter > ctx.now;

/** The signed `.pkpass` of a stored pass. Throws `apple_not_configured` and `nfc_certificate_required`. */
export async function packageFile(
  ctx: BaseContext & Pick<TenantContext, "tenant">,
  file: PassFile,
): Promise<Uint8Array> {
  if (!file.identity) {
    throw new ServiceError("apple_not_configured", "The account has no Apple certificate for this pass.");
  }
  if (!hasValidCertificate(ctx, file)) {
    const expired = new Date(file.identity.notAfter).toISOString();
    const detail = `The certificate of ${file.identity.passTypeIdentifier} expired at ${expired}; import its renewal.`;
    throw new ServiceError("apple_not_configured", detail);
  }
  const resolved = resolveFile(ctx, file);
  if (!file.identity.nfc && (resolved.nfc || asksHolder(resolved))) {
    const detail = `The pass has nfc or a personalization, and the certificate of ${file.identity.passTypeIdentifier} no NFC right.`;
    throw new ServiceError("nfc_certificate_required", detail);
  }
  const [pack, own, signer] = await Promise.all([
    loadPack(ctx, ctx.tenant.code, file.version.packHash),
    loadOwnFiles(ctx, file, resolved),
    loadSigner(ctx, file.identity),
  ]);
  const { output } = projectPassJson(resolved, appleIdentityOf(ctx, file));
  const whole = own ? changePack(pack, own.replaced, own.files) : pack;
  return packagePass(output, whole, signer, new Date(ctx.now));
}

export async function downloadPass(ctx: TenantContext, id: string): Promise<{ bytes: Uint8Array; file: PassFile }> {
  const file = await readPass(ctx, id);
  return { bytes: await packageFile(ctx, file), file };
}

/** Several passes in one file; any unknown id refuses all. */
export async function downloadPasses(ctx: TenantContext, ids: string[]): Promise<Uint8Array> {
  if (ids.length > bundlePassesMax) throw new RangeError(`a bundle holds at most ${bundlePassesMax} passes`);
  const files = await readPasses(ctx, ids);
  return bundlePasses(await Promise.all(files.map((file) => packageFile(ctx, file))));
}
