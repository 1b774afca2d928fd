import { and, eq, ne, sql } from "drizzle-orm";
import { deployment, googleIssuers, tenants, type TenantRow } from "../../db/control-schema";
import { forTenant, type BaseContext } from "../context";
import { readAccountRow } from "../google/account";
import { madeUpIssuerId } from "../google/sandbox-account";
import { noteIssuer } from "./issuers";
import { keysRowName, parseStoredKeys, type StoredKeys } from "./root-keys";

/** Whom a callback is for, and what it takes to verify it. */
export interface Recipient {
  tenant: TenantRow;
  /** Whose callbacks the tenant hears, the present one first: what was saved under an earlier one can still be removed. */
  issuerIds: string[];
  keys: StoredKeys | null;
}

const issuersMax = 5;

/** One statement. Null if there is no such tenant. */
export async function findRecipient(ctx: BaseContext, tenantId: string): Promise<Recipient | null> {
  const newest = sql`select issuer_id from ${googleIssuers} where tenant_id = ${tenants.id} order by connected_at desc limit ${issuersMax}`;
  const [row] = await ctx.control
    .select({
      tenant: tenants,
      issuerIds: sql<string>`(select json_group_array(issuer_id) from (${newest}))`,
      keys: sql<string | null>`(select value from ${deployment} where name = ${keysRowName})`,
    })
    .from(tenants)
    .where(and(eq(tenants.id, tenantId), ne(tenants.status, "deleted")));
  if (!row) return null;
  const { tenant } = row;
  const connected = JSON.parse(row.issuerIds) as string[];
  const issuerIds =
    ctx.environment === "sandbox"
      ? [...connected, madeUpIssuerId(tenant.code)]
      : await orFromAccount(ctx, tenant, connected);
  return { tenant, issuerIds, keys: parseStoredKeys(row.keys) };
}

/** Of an account that was connected before issuers were noted. */
async function orFromAccount(ctx: BaseContext, tenant: TenantRow, connected: string[]): Promise<string[]> {
  if (connected.length > 0) return connected;
  const account = await readAccountRow(forTenant(ctx, tenant, { type: "system" }));
  if (!account) return [];
  await noteIssuer(ctx, tenant.id, account.issuerId);
  return [account.issuerId];
}
