import { toBase64 } from "../../db/vault";
import { orMade } from "../audit/second-attempt";
import type { TenantContext } from "../context";
import { acceptMaterial } from "./accept-material";
import { activateIdentity } from "./activate";
import { readCertificateView } from "./certificates";
import { readImport, type ImportInput } from "./read-material";
import { viewCertificate, type CertificateView } from "./view";

/** Takes a certificate with its key into use. The same certificate again changes nothing. */
export const importCertificate = (ctx: TenantContext, input: ImportInput): Promise<CertificateView> =>
  orMade(
    ctx,
    ctx.data,
    () => take(ctx, input),
    (passTypeIdentifier) => readCertificateView(ctx, passTypeIdentifier),
  );

async function take(ctx: TenantContext, input: ImportInput): Promise<CertificateView> {
  const accepted = await acceptMaterial(ctx, await readImport(input));
  const { existing, certificate, warnings } = accepted;
  if (existing?.certificate === toBase64(certificate.der)) return viewCertificate(ctx, existing, warnings);
  return activateIdentity(ctx, accepted, await ctx.vault.seal(accepted.privateKey));
}
