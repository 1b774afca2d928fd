import { and, eq, sql } from "drizzle-orm";
import { runBatch } from "../../db/client";
import { appleIdentities, registrations, type AppleIdentityRow } from "../../db/data-schema";
import { auditRow } from "../audit/record";
import { orDone } from "../audit/second-attempt";
import type { TenantContext } from "../context";
import { ServiceError, notFound } from "../errors";
import { eventRow } from "../events/record";
import { readPage, type Page, type PageRequest } from "../paging";
import { ownIdentity, readIdentity } from "./accept-material";
import { viewCertificate, type CertificateView } from "./view";

export async function listCertificates(ctx: TenantContext, page: PageRequest): Promise<Page<CertificateView>> {
  const found = await readPage(ctx.data, page, {
    table: appleIdentities,
    where: eq(appleIdentities.tenantId, ctx.tenant.id),
    order: [appleIdentities.passTypeIdentifier],
    direction: "asc",
    cursor: (passTypeIdentifier) => ownIdentity(ctx, passTypeIdentifier),
  });
  return { ...found, items: await Promise.all(found.items.map((identity) => viewCertificate(ctx, identity))) };
}

export async function readCertificateView(ctx: TenantContext, passTypeIdentifier: string): Promise<CertificateView> {
  const identity = await readIdentity(ctx, passTypeIdentifier);
  if (!identity) throw unknownCertificate();
  return viewCertificate(ctx, identity);
}

/** Makes a certificate the one that new passes are issued under. One statement moves the mark. */
export const makeDefault = (ctx: TenantContext, passTypeIdentifier: string): Promise<CertificateView> =>
  orDone(
    ctx,
    ctx.data,
    () => moveMark(ctx, passTypeIdentifier),
    () => readCertificateView(ctx, passTypeIdentifier),
  );

async function moveMark(ctx: TenantContext, passTypeIdentifier: string): Promise<CertificateView> {
  const own = ownIdentity(ctx, passTypeIdentifier);
  const rows = await runBatch<AppleIdentityRow[]>(ctx.data, [
    auditRow(ctx, ctx.data, {
      action: "certificate.made_default",
      objectId: passTypeIdentifier,
      changes: [{ pointer: "#/default", from: false, to: true }],
      onlyIf: sql`exists (select 1 from ${appleIdentities} where ${own} and ${appleIdentities.isDefault} = 0)`,
    }),
    ctx.data
      .update(appleIdentities)
      .set({ isDefault: sql`${appleIdentities.passTypeIdentifier} = ${passTypeIdentifier}` })
      .where(
        and(
          eq(appleIdentities.tenantId, ctx.tenant.id),
          sql`exists (
            select 1 from ${appleIdentities} as chosen
            where chosen.tenant_id = ${ctx.tenant.id} and chosen.pass_type_identifier = ${passTypeIdentifier}
          )`,
        ),
      ),
    ctx.data.select().from(appleIdentities).where(own),
  ]);
  const identity = rows?.[0];
  if (!identity) throw unknownCertificate();
  return viewCertificate(ctx, identity);
}

/**
 * Erases certificate and key. Throws `certificate_in_use` while devices have passes of the type, and
 * `certificate_is_default` if it is the default and there are others: that one goes last.
 */
export async function removeCertificate(ctx: TenantContext, passTypeIdentifier: string): Promise<void> {
  const { identity, fingerprint } = await readCertificateView(ctx, passTypeIdentifier);
  const removable = and(
    ownIdentity(ctx, passTypeIdentifier),
    sql`not ${isInstalled(ctx, passTypeIdentifier)}`,
    sql`(${appleIdentities.isDefault} = 0 or not exists (
      select 1 from ${appleIdentities} as others
      where others.tenant_id = ${ctx.tenant.id} and others.pass_type_identifier <> ${passTypeIdentifier}
    ))`,
  )!;
  const { teamIdentifier } = identity;
  const onlyIf = sql`exists (select 1 from ${appleIdentities} where ${removable})`;
  const removed = await runBatch<{ passTypeIdentifier: string }[]>(ctx.data, [
    auditRow(ctx, ctx.data, { action: "certificate.removed", objectId: passTypeIdentifier, onlyIf }),
    eventRow(ctx, {
      type: "certificate.removed",
      data: { passTypeIdentifier, teamIdentifier, fingerprint },
      onlyIf,
    }),
    ctx.data
      .delete(appleIdentities)
      .where(removable)
      .returning({ passTypeIdentifier: appleIdentities.passTypeIdentifier }),
  ]);
  if (removed && removed.length > 0) return;
  const kept = await readIdentity(ctx, passTypeIdentifier);
  if (!kept) throw unknownCertificate();
  const [installed] = await ctx.data
    .select({ is: sql<number>`${isInstalled(ctx, passTypeIdentifier)}` })
    .from(appleIdentities)
    .where(ownIdentity(ctx, passTypeIdentifier));
  if (installed?.is) {
    throw new ServiceError("certificate_in_use", "Devices have passes of this type. Import a renewal in its place.");
  }
  const detail = "New passes are issued under this certificate. Make another one the default first.";
  throw new ServiceError("certificate_is_default", detail);
}

const isInstalled = (ctx: TenantContext, passTypeIdentifier: string) => sql`exists (
  select 1 from ${registrations}
  where ${registrations.tenantId} = ${ctx.tenant.id} and ${registrations.passTypeIdentifier} = ${passTypeIdentifier}
)`;

const unknownCertificate = () => notFound("certificate");
