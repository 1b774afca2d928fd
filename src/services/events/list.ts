import { and, eq } from "drizzle-orm";
import { events, type EventRow } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { readPage, type Page, type PageRequest } from "../paging";

/** Newest first, in the order of commits: whoever follows the list misses none. */
export function listEvents(ctx: TenantContext, page: PageRequest): Promise<Page<EventRow>> {
  return readPage(ctx.data, page, {
    table: events,
    where: eq(events.tenantId, ctx.tenant.id),
    order: [events.seq],
    direction: "desc",
    cursor: (id) => and(eq(events.tenantId, ctx.tenant.id), eq(events.seq, seqOf(id)), eq(events.id, id))!,
  });
}

/** An event's id ends in its number. */
function seqOf(id: string): number {
  return /^evt_.{10}\d{16}$/.test(id) ? Number(id.slice(-16)) : 0;
}

export type EventRecord = EventRow;
