import { sql } from "drizzle-orm";
import { isConstraintFailure, valueIf } from "../../db/client";
import { appleCertificateRequests } from "../../db/data-schema";
import { toBase64 } from "../../db/vault";
import { readCertificateFile, type FileContent } from "../../pkpass/certificate-file";
import type { TenantContext } from "../context";
import { acceptMaterial, readIdentity } from "./accept-material";
import { activateIdentity } from "./activate";
import { ownRequest, readCertificateRequest, requestCompleted } from "./certificate-requests";
import { readCertificateOf } from "./read-material";
import { viewCertificate, type CertificateView } from "./view";

interface CompletionInput {
  certificate: FileContent;
  issuerCertificate?: FileContent | undefined;
}

/**
 * Takes the certificate that Apple made for a request. Its key moves from the request to the identity, in one
 * batch. The same certificate again is answered as the first time; another one throws `certificate_request_completed`.
 */
export async function completeCertificateRequest(
  ctx: TenantContext,
  id: string,
  input: CompletionInput,
): Promise<CertificateView> {
  const request = await readCertificateRequest(ctx, id);
  if (request.privateKey === null) return answerAgain(ctx, request.passTypeIdentifier, input.certificate);
  const privateKey = await ctx.vault.open(request.privateKey);
  const read = await readCertificateOf(input.certificate, privateKey, input.issuerCertificate);
  const accepted = await acceptMaterial(ctx, read);
  const completed = ctx.data
    .update(appleCertificateRequests)
    .set({
      status: valueIf(sql`${appleCertificateRequests.status} = 'pending'`, "completed" as const),
      privateKey: null,
      passTypeIdentifier: accepted.passTypeIdentifier,
      completedAt: ctx.now,
    })
    .where(ownRequest(ctx, id));
  try {
    return await activateIdentity(ctx, accepted, request.privateKey, { statements: [completed], requestId: id });
  } catch (error) {
    if (!isConstraintFailure(error, "NOT NULL", "apple_certificate_requests.status")) throw error;
    const { passTypeIdentifier } = await readCertificateRequest(ctx, id);
    return answerAgain(ctx, passTypeIdentifier, input.certificate);
  }
}

async function answerAgain(
  ctx: TenantContext,
  passTypeIdentifier: string | null,
  file: FileContent,
): Promise<CertificateView> {
  const identity = await readIdentity(ctx, passTypeIdentifier ?? "");
  const read = await readCertificateFile(file);
  const same = read.ok && read.certificates.some(({ der }) => toBase64(der) === identity?.certificate);
  if (!identity || !same) throw requestCompleted();
  return viewCertificate(ctx, identity);
}
