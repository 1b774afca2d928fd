import { and, eq, sql, type SQL } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Database } from "../../db/client";
import {
  appleIdentities,
  customers,
  googleAccounts,
  googleObjects,
  links,
  passes,
  templateVersions,
  type AppleIdentityRow,
  type CustomerRow,
  type GoogleObjectRow,
  type PassRow,
  type TemplateVersionRow,
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
  /** As Google has it; null until its holder first asked for it there. */
  googleObject: GoogleObjectRow | null;
  /** The issuer at Google that the tenant connected; null if none, and in a sandbox the made-up one counts. */
  googleIssuerId: string | null;
}

export const ownPass = (ctx: TenantContext, id: string) => and(eq(passes.tenantId, ctx.tenant.id), eq(passes.id, id))!;

export async function readPass(ctx: TenantContext, id: string): Promise<PassFile> {
  const file = await findPass(ctx.data, ownPass(ctx, id));
  if (!file) throw notFound("pass");
  return file;
}

/** Several passes in the order of `ids`; any unknown id refuses all. */
export async function readPasses(ctx: TenantContext, ids: string[]): Promise<PassFile[]> {
  const byId = new Map((await findPasses(ctx, ids)).map((file) => [file.pass.id, file]));
  return ids.map((id) => {
    const file = byId.get(id);
    if (!file) throw notFound("pass");
    return file;
  });
}

/** Those of the passes that there are, by one statement, in any order. */
export async function findPasses(ctx: TenantContext, ids: string[]): Promise<PassFile[]> {
  const wanted = sql`${passes.id} in (select value from json_each(${JSON.stringify(ids)}))`;
  const rows = await select(ctx.data, {}).where(and(eq(passes.tenantId, ctx.tenant.id), wanted));
  return rows.map(fileOf);
}

/** The pass that a link opens, with the link; looked for by the link's key. */
export async function findLinkedPass(
  db: Database,
  tenantId: string,
  token: string,
): Promise<{ file: PassFile; revokedAt: number | null } | null> {
  const row = await select(db, { revokedAt: links.revokedAt })
    .innerJoin(links, and(eq(links.tenantId, passes.tenantId), eq(links.passId, passes.id)))
    .where(and(eq(links.tenantId, tenantId), eq(links.token, token)))
    .get();
  return row ? { file: fileOf(row), revokedAt: row.revokedAt } : null;
}

async function findPass(db: Database, where: SQL): Promise<PassFile | null> {
  const row = await select(db, {}).where(where).get();
  return row ? fileOf(row) : null;
}

function select<More extends Record<string, SQLiteColumn>>(db: Database, more: More) {
  return db
    .select({
      pass: passes,
      version: templateVersions,
      customer: customers,
      identity: appleIdentities,
      googleObject: googleObjects,
      googleIssuerId: googleAccounts.issuerId,
      ...more,
    })
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
    .leftJoin(googleAccounts, eq(googleAccounts.tenantId, passes.tenantId))
    .leftJoin(googleObjects, and(eq(googleObjects.tenantId, passes.tenantId), eq(googleObjects.passId, passes.id)))
    .$dynamic();
}

type JoinedRow = Omit<PassFile, "version"> & { version: TemplateVersionRow };

const fileOf = ({ pass, version, customer, identity, googleObject, googleIssuerId }: JoinedRow): PassFile => {
  return { pass, version: loadVersion(version), customer, identity, googleObject, googleIssuerId };
};

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
