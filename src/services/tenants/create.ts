import { tenants, type TenantRow } from "../../db/control-schema";
import { runBatch } from "../../db/client";
import { newTenantCode } from "../../db/tokens";
import { auditTenant } from "../audit/record";
import type { BaseContext } from "../context";
import { insertKey, keyMade, prepareKey, type CreatedKey } from "../credentials/create";
import { allScopes } from "../scopes";
import { tenantDiff } from "./diff";

export interface TenantSettings {
  name: string;
  publicUri: string | null;
  locale: string;
  timeZone: string;
  plan: "standard" | "premium";
  /** How a sign-up page gets what a person let Google send. */
  signupPrefill: "query" | "token";
  /** Limits of its own; null: those of its plan. */
  requestsPerMinute: number | null;
  requestsPerDay: number | null;
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
  };
  const key = await prepareKey(ctx, tenant, { name: "First key", scopes: allScopes, expiresAt: null });
  const given = Object.entries(settings).filter(([, value]) => value !== null);
  const changes = tenantDiff({}, Object.fromEntries(given));
  await runBatch(ctx.control, [
    auditTenant(ctx, tenant.id, { action: "tenant.created", objectId: tenant.id, changes }),
    auditTenant(ctx, tenant.id, keyMade(key.row)),
    ctx.control.insert(tenants).values(tenant),
    insertKey(ctx.control, key.row),
  ]);
  return { tenant, key };
}
