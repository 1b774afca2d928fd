import { and, eq, sql } from "drizzle-orm";
import { runBatch } from "../../db/client";
import { appleCertificateRequests, type AppleCertificateRequestRow } from "../../db/data-schema";
import { makeCertificateRequest } from "../../pkpass/certificate-request";
import { toPem } from "../../pkpass/pem";
import { auditRow } from "../audit/record";
import { orMade } from "../audit/second-attempt";
import type { TenantContext } from "../context";
import { ServiceError, notFound } from "../errors";
import { readPage, type Page, type PageRequest } from "../paging";

/** RFC 5280, appendix A.1: ub-common-name. */
const commonNameMax = 64;

interface RequestSubject {
  commonName?: string | undefined;
  emailAddress?: string | undefined;
}

/** Makes a key pair, which never leaves, and the request that Apple's portal takes. */
export const createCertificateRequest = (
  ctx: TenantContext,
  subject: RequestSubject,
): Promise<AppleCertificateRequestRow> =>
  orMade(
    ctx,
    ctx.data,
    () => create(ctx, subject),
    (id) => readCertificateRequest(ctx, id),
  );

async function create(ctx: TenantContext, input: RequestSubject): Promise<AppleCertificateRequestRow> {
  const commonName = input.commonName ?? Array.from(ctx.tenant.name).slice(0, commonNameMax).join("");
  const { der, privateKey } = await makeCertificateRequest({ commonName, emailAddress: input.emailAddress });
  const row: AppleCertificateRequestRow = {
    tenantId: ctx.tenant.id,
    id: ctx.newId("csr"),
    csr: toPem("CERTIFICATE REQUEST", der),
    privateKey: await ctx.vault.seal(privateKey),
    status: "pending",
    passTypeIdentifier: null,
    createdAt: ctx.now,
    completedAt: null,
  };
  await runBatch(ctx.data, [
    auditRow(ctx, ctx.data, { action: "certificate_request.created", objectId: row.id }),
    ctx.data.insert(appleCertificateRequests).values(row),
  ]);
  return row;
}

export function listCertificateRequests(
  ctx: TenantContext,
  page: PageRequest,
): Promise<Page<AppleCertificateRequestRow>> {
  return readPage(ctx.data, page, {
    table: appleCertificateRequests,
    where: eq(appleCertificateRequests.tenantId, ctx.tenant.id),
    order: [appleCertificateRequests.id],
    direction: "desc",
    cursor: (id) => ownRequest(ctx, id),
  });
}

export async function readCertificateRequest(ctx: TenantContext, id: string): Promise<AppleCertificateRequestRow> {
  const [row] = await ctx.data.select().from(appleCertificateRequests).where(ownRequest(ctx, id));
  if (!row) throw notFound("certificate request");
  return row;
}

/** Erases a request and its key, as long as no certificate was made for it. */
export async function deleteCertificateRequest(ctx: TenantContext, id: string): Promise<void> {
  const pending = and(ownRequest(ctx, id), eq(appleCertificateRequests.status, "pending"))!;
  const onlyIf = sql`exists (select 1 from ${appleCertificateRequests} where ${pending})`;
  const deleted = await runBatch<unknown[]>(ctx.data, [
    auditRow(ctx, ctx.data, { action: "certificate_request.deleted", objectId: id, onlyIf }),
    ctx.data.delete(appleCertificateRequests).where(pending).returning({ id: appleCertificateRequests.id }),
  ]);
  if (deleted && deleted.length > 0) return;
  await readCertificateRequest(ctx, id);
  throw requestCompleted();
}

export const ownRequest = (ctx: TenantContext, id: string) =>
  and(eq(appleCertificateRequests.tenantId, ctx.tenant.id), eq(appleCertificateRequests.id, id))!;

export const requestCompleted = (): ServiceError =>
  new ServiceError("certificate_request_completed", "This request has its certificate, and its key is in use with it.");
