import { and, eq } from "drizzle-orm";
import { events, type EventRow } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { readPage, type Page, type PageRequest } from "../paging";

export function listEvents(ctx: TenantContext, page: PageRequest): Promise<Page<EventRow>> {
  return readPage(ctx.data, page, {
    table: events,
    where: eq(events.tenantId, ctx.tenant.id),
    order: [events.id],
    direction: "desc",
    cursor: (id) => and(eq(events.tenantId, ctx.tenant.id), eq(events.id, id))!,
  });
}

export type EventRecord = EventRow;
