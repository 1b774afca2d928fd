import { tenants, type TenantRow } from "../../db/control-schema";
import { newTenantCode } from "../../db/tokens";
import type { BaseContext } from "../context";
import { insertKey, prepareKey, type CreatedKey } from "../credentials/create";
import { allScopes } from "../scopes";

export interface TenantSettings {
  name: string;
  publicUri: string | null;
  locale: string;
  timeZone: string;
  plan: "standard" | "premium";
  /** How a sign-up page gets what a person let Google send. */
  signupPrefill: "query" | "token";
}

/** Makes a tenant and its first API key, which may do everything. */
export async function createTenant(
  ctx: BaseContext,
  settings: TenantSettings,
): Promise<{ tenant: TenantRow; key: CreatedKey }> {
  const tenant: TenantRow = {
    id: ctx.newId("tenant"),
    code: newTenantCode(),
    ...settings,
    status: "active",
    credentialEpoch: 1,
    createdAt: ctx.now,
    updatedAt: ctx.now,
    deletedAt: null,
    purgeLeasedUntil: null,
    purgedAt: null,
    requestsPerMinute: null,
    requestsPerDay: null,
  };
  const key = await prepareKey(ctx, tenant, { name: "First key", scopes: allScopes, expiresAt: null });
  await ctx.control.batch([ctx.control.insert(tenants).values(tenant), insertKey(ctx.control, key.row)]);
  return { tenant, key };
}
