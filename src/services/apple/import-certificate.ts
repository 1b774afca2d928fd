import { toBase64 } from "../../db/vault";
import type { TenantContext } from "../context";
import { acceptMaterial } from "./accept-material";
import { activateIdentity } from "./activate";
import { readImport, type ImportInput } from "./read-material";
import { viewCertificate, type CertificateView } from "./view";

/** Takes a certificate with its key into use. The same certificate again changes nothing. */
export async function importCertificate(ctx: TenantContext, input: ImportInput): Promise<CertificateView> {
  const accepted = await acceptMaterial(ctx, await readImport(input));
  const { existing, certificate, warnings } = accepted;
  if (existing?.certificate === toBase64(certificate.der)) return viewCertificate(ctx, existing, warnings);
  return activateIdentity(ctx, accepted, await ctx.vault.seal(accepted.privateKey));
}
