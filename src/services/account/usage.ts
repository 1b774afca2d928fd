import { sql } from "drizzle-orm";
import type { BatchStatement } from "../../db/client";
import { usage } from "../../db/data-schema";
import type { TenantContext } from "../context";

type Counter = "templates" | "passesIssued" | "passesUpdated" | "passesVoided";

/** Adds to one of the tenant's counters, in the batch of the change that is counted. */
export function countUsage(ctx: TenantContext, counter: Counter, by: number): BatchStatement {
  const none = { templates: 0, passesIssued: 0, passesUpdated: 0, passesVoided: 0 };
  return ctx.data
    .insert(usage)
    .values({ tenantId: ctx.tenant.id, ...none, [counter]: by })
    .onConflictDoUpdate({ target: usage.tenantId, set: { [counter]: sql`${usage[counter]} + ${by}` } });
}
