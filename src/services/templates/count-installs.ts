import { and, eq, sql, type SQL } from "drizzle-orm";
import type { BatchStatement } from "../../db/client";
import { templates } from "../../db/data-schema";
import type { EventContext } from "../events/record";

type Counted = "passesInstalled" | "installsActive" | "installsTotal";

/** Adds to the totals of a template, as the event that stands before it in the batch does to the tenant's. */
export function countInstalls(
  ctx: EventContext,
  templateId: string | SQL,
  added: Partial<Record<Counted, SQL>>,
  onlyIf: SQL,
): BatchStatement {
  const counts = Object.entries(added) as [Counted, SQL][];
  return ctx.data
    .update(templates)
    .set(Object.fromEntries(counts.map(([name, count]) => [name, sql`${templates[name]} + ${count}`])))
    .where(and(eq(templates.tenantId, ctx.tenant.id), eq(templates.id, sql`${templateId}`), onlyIf));
}
