import { sql, type SQL } from "drizzle-orm";
import type { BatchStatement } from "../../db/client";
import { events, passes } from "../../db/data-schema";
import { idTime } from "../../db/ids";
import { actorName, type TenantContext } from "../context";

/** A number, or what it is at this place of the batch. */
type Count = number | SQL;

/** What one event of a type adds to the tenant's totals. */
interface Counts {
  templates?: Count;
  passesIssued?: Count;
  passesUpdated?: Count;
  passesVoided?: Count;
  passesInstalled?: Count;
  installsActive?: Count;
  installsTotal?: Count;
}

const countsByType = {
  "template.created": { templates: 1 },
  "template.updated": {},
  "template.deleted": { templates: -1 },
  "pass.created": { passesIssued: 1 },
  "pass.updated": { passesUpdated: 1 },
  "pass.voided": { passesVoided: 1 },
  "pass.installed": { installsActive: 1, installsTotal: 1 },
  "pass.uninstalled": { installsActive: -1 },
  "pass.personalized": {},
  "certificate.activated": {},
  "certificate.expiring": {},
  "certificate.removed": {},
  "google_account.connected": {},
  "google_account.disconnected": {},
  "google_callback.unmatched": {},
  "key.unusual_usage": {},
  "link.guessing": {},
} satisfies Record<string, Counts>;

export type EventType = keyof typeof countsByType;
export const eventTypes = Object.keys(countsByType) as [EventType, ...EventType[]];

export interface NewEvent {
  type: EventType;
  /** Epoch milliseconds; now, unless the change has a time of its own. */
  at?: number;
  passId?: string;
  templateId?: string | SQL;
  data?: Record<string, unknown>;
  /** Without it the event is always written; with it, only if it holds at this place of the batch. */
  onlyIf?: SQL;
  /** What it adds to the totals where that depends; the rest is as its type says. */
  counts?: Counts;
  /** What it is made of, where that can come twice: no two events of a tenant have the same. */
  source?: string;
}

/** What the rows of a ledger need to know of their request. */
export type EventContext = Pick<TenantContext, "data" | "actor" | "requestId" | "now"> & { tenant: { id: string } };

/** The total of `passes_installed` where no event tells it: counted. */
export const installedPasses = (tenantId: string): SQL<number> =>
  sql<number>`(select count(first_installed_at) from ${passes} where tenant_id = ${tenantId})`;

/** The number that the next event of the tenant will have; in a batch, that of the event which the batch writes next. */
export function nextEventSeq(tenantId: string): SQL<number> {
  return sql<number>`(coalesce((select seq from ${events} where tenant_id = ${tenantId} order by seq desc limit 1), 0) + 1)`;
}

/**
 * The event row of a change, to be written in the same batch as the change (an outbox): a change without
 * its event, or an event without its change, cannot exist. Its number and totals are the previous row's and
 * one more, read in the transaction that writes it, so they are exact and in the order of commits.
 */
export function eventRow(ctx: EventContext, event: NewEvent): BatchStatement {
  const { type, at = ctx.now, passId = null, templateId = null, data = {}, source = null, onlyIf = sql`true` } = event;
  const counts: Counts = { ...countsByType[type], ...event.counts };
  const last = sql`select * from ${events} where tenant_id = ${ctx.tenant.id} order by seq desc limit 1`;
  // In the order of the table's columns.
  return ctx.data.insert(events).select(sql`
    select
      ${ctx.tenant.id}, coalesce(last.seq, 0) + 1, ${`evt_${idTime(at)}`} || printf('%016d', coalesce(last.seq, 0) + 1),
      ${type}, ${passId}, ${templateId}, ${JSON.stringify(data)}, ${actorName(ctx.actor)}, ${ctx.requestId}, ${at},
      coalesce(last.templates, 0) + ${counts.templates ?? 0}, coalesce(last.passes_issued, 0) + ${counts.passesIssued ?? 0},
      coalesce(last.passes_updated, 0) + ${counts.passesUpdated ?? 0}, coalesce(last.passes_voided, 0) + ${counts.passesVoided ?? 0},
      coalesce(last.installs_active, 0) + ${counts.installsActive ?? 0}, coalesce(last.installs_total, 0) + ${counts.installsTotal ?? 0},
      ${source}, coalesce(last.passes_installed, ${installedPasses(ctx.tenant.id)}) + ${counts.passesInstalled ?? 0}
    from (select 1) left join (${last}) as last where ${onlyIf}
  `);
}
