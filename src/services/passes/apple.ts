import { changePack } from "../../pkpass/archive";
import type { AppleIdentity } from "../../pkpass/project";
import { bundlePasses, bundlePassesMax, packagePass } from "../../pkpass/package";
import { projectPassJson } from "../../pkpass/project";
import { loadSigner } from "../apple/signer";
import type { BaseContext, TenantContext } from "../context";
import { loadPack } from "../templates/packs";
import { loadOwnFiles } from "./own-files";
import { readPass, readPasses, resolveFile, type PassFile } from "./read";
import { assertSignable } from "./signable";

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

/** The signed `.pkpass` of a stored pass. Throws `apple_not_configured` and `nfc_certificate_required`. */
export async function packageFile(
  ctx: BaseContext & Pick<TenantContext, "tenant">,
  file: Pick<PassFile, "pass" | "version" | "identity">,
  resolved = resolveFile(ctx, file),
): Promise<Uint8Array> {
  const { identity } = file;
  assertSignable(ctx, identity, resolved);
  const [pack, own, signer] = await Promise.all([
    loadPack(ctx, ctx.tenant.code, file.version.packHash),
    loadOwnFiles(ctx, file, resolved),
    loadSigner(ctx, identity),
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
