import { and, eq, ne } from "drizzle-orm";
import { tenants, type TenantRow } from "../../db/control-schema";
import type { BaseContext } from "../context";
import { announceEpoch, bumpEpoch, publishEpoch } from "../credentials/epoch";
import { insertKey, prepareKey, type CreatedKey } from "../credentials/create";
import { allScopes } from "../scopes";
import type { TenantSettings } from "./create";
import { readTenant } from "./read";

type Changeable = TenantSettings & { status: "active" | "suspended" };
export type TenantChanges = { [Member in keyof Changeable]?: Changeable[Member] | undefined };

/** Changes settings or suspends; every isolate sees it with its next request. */
export async function updateTenant(ctx: BaseContext, id: string, changes: TenantChanges): Promise<TenantRow> {
  const set = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  await announceEpoch(ctx, id);
  await ctx.control.batch([
    ctx.control
      .update(tenants)
      .set({ ...set, updatedAt: ctx.now })
      .where(and(eq(tenants.id, id), ne(tenants.status, "deleted"))),
    bumpEpoch(ctx, id),
  ]);
  await publishEpoch(ctx, id);
  return readTenant(ctx, id);
}

/** A new key with every scope, for an operator whose tenant lost all of its own. */
export async function mintTenantKey(ctx: BaseContext, id: string, name: string): Promise<CreatedKey> {
  const tenant = await readTenant(ctx, id);
  const key = await prepareKey(ctx, tenant, { name, scopes: allScopes, expiresAt: null });
  await insertKey(ctx.control, key.row);
  return key;
}
