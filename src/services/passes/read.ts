import { and, eq, sql, type SQL } from "drizzle-orm";
import type { Database } from "../../db/client";
import {
  appleIdentities,
  customers,
  links,
  passes,
  templateVersions,
  type AppleIdentityRow,
  type CustomerRow,
  type PassRow,
} from "../../db/data-schema";
import type { PassOverrides } from "../../pass-model/overrides";
import { resolvePass, type PassRecord } from "../../pass-model/resolve";
import type { ResolvedImages, ResolvedPass } from "../../pass-model/resolved-pass";
import type { TenantContext } from "../context";
import { notFound } from "../errors";
import { loadVersion, type LoadedVersion } from "../templates/load";

/** A pass with all that it takes to answer, resolve or package it: one statement. */
export interface PassFile {
  pass: PassRow;
  version: LoadedVersion;
  customer: CustomerRow | null;
  /** Null while the tenant has no Apple certificate of the pass's type. */
  identity: AppleIdentityRow | null;
}

export const ownPass = (ctx: TenantContext, id: string) => and(eq(passes.tenantId, ctx.tenant.id), eq(passes.id, id))!;

export async function readPass(ctx: TenantContext, id: string): Promise<PassFile> {
  const file = await findPass(ctx.data, ownPass(ctx, id));
  if (!file) throw notFound("pass");
  return file;
}

/** Several passes in the order of `ids`, by one statement; any unknown id refuses all. */
export async function readPasses(ctx: TenantContext, ids: string[]): Promise<PassFile[]> {
  const wanted = sql`${passes.id} in (select value from json_each(${JSON.stringify(ids)}))`;
  const rows = await select(ctx.data).where(and(eq(passes.tenantId, ctx.tenant.id), wanted));
  const byId = new Map(rows.map((row) => [row.passes.id, row]));
  return ids.map((id) => {
    const row = byId.get(id);
    if (!row) throw notFound("pass");
    return fileOf(row);
  });
}

/** The pass that a link opens, with the link; looked for by the link's key. */
export async function findLinkedPass(
  db: Database,
  tenantId: string,
  token: string,
): Promise<{ file: PassFile; revokedAt: number | null } | null> {
  const row = await select(db)
    .innerJoin(links, and(eq(links.tenantId, passes.tenantId), eq(links.passId, passes.id)))
    .where(and(eq(links.tenantId, tenantId), eq(links.token, token)))
    .get();
  return row ? { file: fileOf(row), revokedAt: row.links.revokedAt } : null;
}

async function findPass(db: Database, where: SQL): Promise<PassFile | null> {
  const row = await select(db).where(where).get();
  return row ? fileOf(row) : null;
}

function select(db: Database) {
  return db
    .select()
    .from(passes)
    .innerJoin(
      templateVersions,
      and(
        eq(templateVersions.tenantId, passes.tenantId),
        eq(templateVersions.templateId, passes.templateId),
        eq(templateVersions.version, passes.templateVersion),
      ),
    )
    .leftJoin(customers, and(eq(customers.tenantId, passes.tenantId), eq(customers.id, passes.customerId)))
    .leftJoin(
      appleIdentities,
      and(
        eq(appleIdentities.tenantId, passes.tenantId),
        eq(appleIdentities.passTypeIdentifier, passes.passTypeIdentifier),
      ),
    )
    .$dynamic();
}

interface JoinedRow {
  passes: PassRow;
  template_versions: typeof templateVersions.$inferSelect;
  customers: CustomerRow | null;
  apple_identities: AppleIdentityRow | null;
}

function fileOf(row: JoinedRow): PassFile {
  return {
    pass: row.passes,
    version: loadVersion(row.template_versions),
    customer: row.customers,
    identity: row.apple_identities,
  };
}

export function recordOf(pass: PassRow): PassRecord {
  return {
    id: pass.id,
    serialNumber: pass.id,
    externalId: pass.externalId,
    customerId: pass.customerId,
    templateId: pass.templateId,
    templateVersion: pass.templateVersion,
    version: pass.version,
    values: pass.fieldValues,
    overrides: pass.overrides as PassOverrides,
    images: (pass.images ?? {}) as ResolvedImages,
    announcement: pass.announcement,
    issuedAt: pass.createdAt,
    voided: pass.voidedAt !== null,
    personalized: pass.personalizedAt !== null,
  };
}

/**
 * The resolved pass of a stored one. Its expiry is the one that was worked out when its content was stored:
 * a change of the tenant's time zone moves no pass.
 */
export function resolveFile(
  ctx: Pick<TenantContext, "tenant">,
  { pass, version }: Pick<PassFile, "pass" | "version">,
): ResolvedPass {
  const result = resolvePass(version.compiled, recordOf(pass), ctx.tenant, version.images);
  if (!result.ok) throw new Error(`pass ${pass.id} no longer resolves`, { cause: result.issues });
  return withStoredExpiry(result.pass, pass);
}

export function withStoredExpiry(resolved: ResolvedPass, { expiresAt }: Pick<PassRow, "expiresAt">): ResolvedPass {
  const same = resolved.expiresAt === null ? expiresAt === null : Date.parse(resolved.expiresAt) === expiresAt;
  return same ? resolved : { ...resolved, expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString() };
}
