import { and, eq, ne, sql } from "drizzle-orm";
import { deployment, googleIssuers, tenants } from "../../db/control-schema";
import { forTenant, type BaseContext, type TenantContext } from "../context";
import { notFound } from "../errors";
import { readAccountRow } from "../google/account";
import { madeUpIssuerId } from "../google/sandbox-account";
import { orComeAgain } from "./come-again";
import { noteIssuer } from "./issuers";
import { keysRowName, parseStoredKeys, type StoredKeys } from "./root-keys";

/** Whom a callback is for, and what it takes to verify it. */
export interface Recipient {
  ctx: TenantContext;
  /** Whose callbacks the tenant hears, the present one first: what was saved under an earlier one can still be removed. */
  issuerIds: string[];
  keys: StoredKeys | null;
}

const issuersMax = 5;

/** One statement. Throws `not_found`, and `temporarily_unavailable` if that cannot be told at the moment. */
export function findRecipient(base: BaseContext, tenantId: string): Promise<Recipient> {
  return orComeAgain(async () => {
    const recipient = await readRecipient(base, tenantId);
    if (!recipient) throw notFound("tenant");
    return recipient;
  });
}

async function readRecipient(base: BaseContext, tenantId: string): Promise<Recipient | null> {
  const newest = sql`select issuer_id from ${googleIssuers} where tenant_id = ${tenants.id} order by connected_at desc limit ${issuersMax}`;
  const [row] = await base.control
    .select({
      tenant: tenants,
      issuerIds: sql<string>`(select json_group_array(issuer_id) from (${newest}))`,
      keys: sql<string | null>`(select value from ${deployment} where name = ${keysRowName})`,
    })
    .from(tenants)
    .where(and(eq(tenants.id, tenantId), ne(tenants.status, "deleted")));
  if (!row) return null;
  const ctx = forTenant(base, row.tenant, { type: "holder" });
  const connected = JSON.parse(row.issuerIds) as string[];
  const issuerIds =
    ctx.environment === "sandbox"
      ? [...connected, madeUpIssuerId(ctx.tenant.code)]
      : await orFromAccount(ctx, connected);
  return { ctx, issuerIds, keys: parseStoredKeys(row.keys) };
}

/** Of an account that was connected before issuers were noted. */
async function orFromAccount(ctx: TenantContext, connected: string[]): Promise<string[]> {
  if (connected.length > 0) return connected;
  const account = await readAccountRow(ctx);
  if (!account) return [];
  await noteIssuer(ctx, ctx.tenant.id, account.issuerId);
  return [account.issuerId];
}
