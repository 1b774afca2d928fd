import { desc, eq, getTableColumns, sql } from "drizzle-orm";
import { events, type EventRow, type TemplateRow } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { installedPasses } from "../events/record";
import { listTemplates } from "../templates/list";

export interface Account {
  usage: Pick<
    EventRow,
    "templates" | "passesIssued" | "passesUpdated" | "passesVoided" | "installsActive" | "installsTotal"
  > & { passesInstalled: number };
  /** The newest templates, at most 100. */
  templates: TemplateRow[];
  hasMoreTemplates: boolean;
}

export async function readAccount(ctx: TenantContext): Promise<Account> {
  const [[latest], templates] = await Promise.all([
    ctx.data
      .select({
        ...getTableColumns(events),
        passesInstalled: sql<number>`coalesce(${events.passesInstalled}, ${installedPasses(ctx.tenant.id)})`,
      })
      .from(events)
      .where(eq(events.tenantId, ctx.tenant.id))
      .orderBy(desc(events.seq))
      .limit(1),
    listTemplates(ctx, { limit: 100 }),
  ]);
  return {
    usage: {
      templates: latest?.templates ?? 0,
      passesIssued: latest?.passesIssued ?? 0,
      passesUpdated: latest?.passesUpdated ?? 0,
      passesVoided: latest?.passesVoided ?? 0,
      passesInstalled: latest?.passesInstalled ?? 0,
      installsActive: latest?.installsActive ?? 0,
      installsTotal: latest?.installsTotal ?? 0,
    },
    templates: templates.items,
    hasMoreTemplates: templates.hasMore,
  };
}
