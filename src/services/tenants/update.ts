import { eq, sql } from "drizzle-orm";
import { isConstraintFailure, runBatch, valueIf, type BatchStatement } from "../../db/client";
import { tenants, type TenantRow } from "../../db/control-schema";
import { auditTenant } from "../audit/record";
import type { BaseContext } from "../context";
import { announceEpoch, bumpEpoch, publishEpoch } from "../credentials/epoch";
import { insertKey, keyMade, prepareKey, type CreatedKey } from "../credentials/create";
import { ServiceError } from "../errors";
import { allScopes } from "../scopes";
import type { TenantSettings } from "./create";
import { tenantDiff } from "./diff";
import { readTenant } from "./read";

type Changeable = TenantSettings & { status: "active" | "suspended" };
export type TenantChanges = { [Member in keyof Changeable]?: Changeable[Member] | undefined };

/** Changes settings or suspends; every isolate sees it with its next request. */
export async function updateTenant(ctx: BaseContext, id: string, changes: TenantChanges): Promise<TenantRow> {
  const set = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  for (let attempt = 1; ; attempt += 1) {
    const before = await readTenant(ctx, id);
    await announceEpoch(ctx, id);
    try {
      await store(ctx, before, set);
      break;
    } catch (error) {
      if (!isConstraintFailure(error, "NOT NULL", "tenants.updated_at")) throw error;
      if (attempt === attemptsMax) {
        throw new ServiceError("temporarily_unavailable", "Others are changing this tenant at the same time.", {
          retryAfterSeconds: 1,
        });
      }
    }
  }
  await publishEpoch(ctx, id);
  return readTenant(ctx, id);
}

const attemptsMax = 20;

/** Fails as a whole unless the tenant is as it was read: each change of it, its deletion too, raises the epoch. */
const store = (ctx: BaseContext, before: TenantRow, set: Partial<TenantRow>) =>
  runBatch(ctx.control, [
    ...auditChanges(ctx, before, set),
    ctx.control
      .update(tenants)
      .set({ ...set, updatedAt: valueIf(sql`${tenants.credentialEpoch} = ${before.credentialEpoch}`, ctx.now) })
      .where(eq(tenants.id, before.id)),
    bumpEpoch(ctx, before.id),
  ]);

/** None, if everything is as it was. */
function auditChanges(ctx: BaseContext, before: TenantRow, set: Partial<TenantRow>): BatchStatement[] {
  const changes = tenantDiff(before, { ...before, ...set });
  if (changes.length === 0) return [];
  const turned = changes.find(({ pointer }) => pointer === "#/status")?.to;
  const action =
    turned === "suspended" ? "tenant.suspended" : turned === "active" ? "tenant.resumed" : "tenant.updated";
  return [auditTenant(ctx, before.id, { action, objectId: before.id, changes })];
}

/** A new key with every scope, for an operator whose tenant lost all of its own. */
export async function mintTenantKey(ctx: BaseContext, id: string, name: string): Promise<CreatedKey> {
  const tenant = await readTenant(ctx, id);
  const key = await prepareKey(ctx, tenant, { name, scopes: allScopes, expiresAt: null });
  await runBatch(ctx.control, [auditTenant(ctx, id, keyMade(key.row)), insertKey(ctx.control, key.row)]);
  return key;
}
