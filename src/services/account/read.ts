import { eq } from "drizzle-orm";
import { usage, type TemplateRow } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { listTemplates } from "../templates/list";

export interface Account {
  usage: { templates: number; passesIssued: number; passesUpdated: number; passesVoided: number };
  /** The newest templates, at most 100. */
  templates: TemplateRow[];
  hasMoreTemplates: boolean;
}

export async function readAccount(ctx: TenantContext): Promise<Account> {
  const [[counters], templates] = await Promise.all([
    ctx.data.select().from(usage).where(eq(usage.tenantId, ctx.tenant.id)),
    listTemplates(ctx, { limit: 100 }),
  ]);
  return {
    usage: {
      templates: counters?.templates ?? 0,
      passesIssued: counters?.passesIssued ?? 0,
      passesUpdated: counters?.passesUpdated ?? 0,
      passesVoided: counters?.passesVoided ?? 0,
    },
    templates: templates.items,
    hasMoreTemplates: templates.hasMore,
  };
}
