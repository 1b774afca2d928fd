import { runBatch } from "../../db/client";
import { readCertificateRequest } from "../../pkpass/certificate-request";
import { issuePassCertificate } from "../../pkpass/sandbox-authority";
import { diffOf } from "../audit/diff";
import { auditRow } from "../audit/record";
import { orDone } from "../audit/second-attempt";
import type { TenantContext } from "../context";
import { notFound, refuseIssues } from "../errors";
import { readSandboxAuthority, sandboxTeam } from "./sandbox-identity";

interface SandboxCertificateInput {
  /** PEM. */
  csr: string;
  passTypeIdentifier: string;
  nfc: boolean;
  days: number;
}

/** What Apple's portal does, in a sandbox: answers the DER of a pass type certificate for the key of a request. */
export async function issueSandboxCertificate(ctx: TenantContext, input: SandboxCertificateInput): Promise<Uint8Array> {
  if (ctx.environment !== "sandbox") throw notFound("sandbox");
  const { csr, ...subject } = input;
  const request = await readCertificateRequest(csr);
  if (!request.ok) refuseIssues([{ pointer: "#/csr", code: request.code, detail: request.detail }], "request");
  const { publicKey } = request as { publicKey: CryptoKey };
  const authority = await readSandboxAuthority(ctx);
  const { passTypeIdentifier, nfc, days } = input;
  const changes = diffOf({}, { nfc, days }, ["nfc", "days"]);
  const entry = auditRow(ctx, ctx.data, {
    action: "sandbox_certificate.issued",
    objectId: passTypeIdentifier,
    changes,
  });
  // Nothing is stored of it: a second attempt makes another one in its place.
  await orDone(
    ctx,
    ctx.data,
    () => runBatch(ctx.data, [entry]),
    async () => undefined,
  );
  return issuePassCertificate(
    authority,
    publicKey,
    { ...subject, teamIdentifier: sandboxTeam(ctx) },
    new Date(ctx.now),
  );
}
