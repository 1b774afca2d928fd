import { and, eq, ne, sql } from "drizzle-orm";
import { runBatch, type BatchStatement } from "../../db/client";
import { tenants, type TenantRow } from "../../db/control-schema";
import { diffOf } from "../audit/diff";
import { auditTenant } from "../audit/record";
import type { BaseContext } from "../context";
import { announceEpoch, bumpEpoch, publishEpoch } from "../credentials/epoch";
import { insertKey, keyMade, prepareKey, type CreatedKey } from "../credentials/create";
import { allScopes } from "../scopes";
import type { TenantSettings } from "./create";
import { readTenant } from "./read";

type Changeable = TenantSettings & { status: "active" | "suspended" };
export type TenantChanges = { [Member in keyof Changeable]?: Changeable[Member] | undefined };

/** Changes settings or suspends; every isolate sees it with its next request. */
export async function updateTenant(ctx: BaseContext, id: string, changes: TenantChanges): Promise<TenantRow> {
  const set = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const before = await readTenant(ctx, id);
  await announceEpoch(ctx, id);
  await runBatch(ctx.control, [
    ...auditChanges(ctx, before, set),
    ctx.control
      .update(tenants)
      .set({ ...set, updatedAt: ctx.now })
      .where(notDeleted(id)),
    bumpEpoch(ctx, id),
  ]);
  await publishEpoch(ctx, id);
  return readTenant(ctx, id);
}

const notDeleted = (id: string) => and(eq(tenants.id, id), ne(tenants.status, "deleted"))!;

/** All but what people write. */
const plainSettings = [
  "locale",
  "timeZone",
  "plan",
  "signupPrefill",
  "status",
  "requestsPerMinute",
  "requestsPerDay",
] as const;

/** None, if everything is as it was. */
function auditChanges(ctx: BaseContext, before: TenantRow, set: Partial<TenantRow>): BatchStatement[] {
  const changes = diffOf(before, { ...before, ...set }, plainSettings);
  if (changes.length === 0) return [];
  const turned = changes.find(({ pointer }) => pointer === "#/status")?.to;
  const action =
    turned === "suspended" ? "tenant.suspended" : turned === "active" ? "tenant.resumed" : "tenant.updated";
  const onlyIf = sql`exists (select 1 from ${tenants} where ${notDeleted(before.id)})`;
  return [auditTenant(ctx, before.id, { action, objectId: before.id, changes, onlyIf })];
}

/** A new key with every scope, for an operator whose tenant lost all of its own. */
export async function mintTenantKey(ctx: BaseContext, id: string, name: string): Promise<CreatedKey> {
  const tenant = await readTenant(ctx, id);
  const key = await prepareKey(ctx, tenant, { name, scopes: allScopes, expiresAt: null });
  await runBatch(ctx.control, [auditTenant(ctx, id, keyMade(key.row)), insertKey(ctx.control, key.row)]);
  return key;
}
