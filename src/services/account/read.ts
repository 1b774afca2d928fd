import { desc, eq } from "drizzle-orm";
import { events, type TemplateRow } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { listTemplates } from "../templates/list";

export interface Account {
  usage: { templates: number; passesIssued: number; passesUpdated: number; passesVoided: number };
  /** The newest templates, at most 100. */
  templates: TemplateRow[];
  hasMoreTemplates: boolean;
}

export async function readAccount(ctx: TenantContext): Promise<Account> {
  const [[latest], templates] = await Promise.all([
    ctx.data.select().from(events).where(eq(events.tenantId, ctx.tenant.id)).orderBy(desc(events.seq)).limit(1),
    listTemplates(ctx, { limit: 100 }),
  ]);
  return {
    usage: {
      templates: latest?.templates ?? 0,
      passesIssued: latest?.passesIssued ?? 0,
      passesUpdated: latest?.passesUpdated ?? 0,
      passesVoided: latest?.passesVoided ?? 0,
    },
    templates: templates.items,
    hasMoreTemplates: templates.hasMore,
  };
}
