import { and, asc, desc, eq, gt, lt, sql, type SQL } from "drizzle-orm";
import { auditLog, type AuditRow } from "../../db/audit-schema";
import type { TenantRow } from "../../db/control-schema";
import type { Database } from "../../db/client";
import { idTime } from "../../db/ids";
import type { BaseContext } from "../context";
import { ServiceError } from "../errors";
import { badCursor, cursorOf, type Page, type PageRequest } from "../paging";

export interface AuditFilter {
  /** Id of a key, or `admin` or `system`. */
  actor?: string | undefined;
  objectId?: string | undefined;
  /** Epoch milliseconds, both included; of the time that an entry's id begins with. */
  from?: number | undefined;
  to?: number | undefined;
}

/**
 * The audit log of a tenant, newest first: a page by keyset out of each database, merged by their ids. What is done to one
 * kind of object stands in one of them, so of an object's entries no row is read in vain.
 */
export async function listAuditEntries(
  ctx: BaseContext,
  tenant: Pick<TenantRow, "id" | "code">,
  filter: AuditFilter,
  page: PageRequest,
): Promise<Page<AuditRow>> {
  if (filter.actor !== undefined && filter.objectId !== undefined) throw unsupportedCombination();
  const { cursor, name, backwards } = cursorOf(page);
  const within = between(tenant.id, filter, boundsOf(filter, cursor, backwards));
  const direction = backwards ? asc : desc;
  const filtered = filteredBy(filter);
  const order = [...(filtered ? [filtered.column] : []), auditLog.id].map((column) => direction(column));
  const read = (db: Database) => {
    const anchor = db
      .select({ id: auditLog.id })
      .from(auditLog)
      .where(cursor === null ? sql`1 = 0` : ownEntry(tenant, cursor));
    const entries = db
      .select()
      .from(auditLog)
      .where(within)
      .orderBy(...order)
      .limit(page.limit + 1);
    return db.batch([anchor, entries]);
  };
  const found = await Promise.all([ctx.control, ctx.dataOf(tenant.code)].map(read));
  if (cursor !== null && found.every(([anchors]) => anchors.length === 0)) throw badCursor(name);
  const merged = found.flatMap(([, entries]) => entries).toSorted((a, b) => (a.id < b.id === backwards ? -1 : 1));
  const items = merged.slice(0, page.limit);
  if (backwards) items.reverse();
  return { items, hasMore: merged.length > page.limit };
}

const ownEntry = ({ id }: Pick<TenantRow, "id">, entryId: string) =>
  and(eq(auditLog.tenantId, id), eq(auditLog.id, entryId))!;

/** The column of the index that serves the filter; null if the primary key does. */
function filteredBy({ actor, objectId }: AuditFilter) {
  if (actor !== undefined) return { column: auditLog.actor, value: actor };
  return objectId === undefined ? null : { column: auditLog.objectId, value: objectId };
}

/**
 * The entries between two places in an index. Of an actor or object they are bounded by both columns at once, and not by
 * equality: with an equality SQLite would rather walk the primary key, which has the same order, and pass all others by.
 */
function between(tenantId: string, filter: AuditFilter, { after, before }: Bounds): SQL {
  const own = eq(auditLog.tenantId, tenantId);
  const filtered = filteredBy(filter);
  if (!filtered) return and(own, gt(auditLog.id, after), lt(auditLog.id, before))!;
  const { column, value } = filtered;
  const place = sql`(${column}, ${auditLog.id})`;
  return sql`${own} and ${place} > (${value}, ${after}) and ${place} < (${value}, ${before})`;
}

/** Ids, neither of them included. */
interface Bounds {
  after: string;
  before: string;
}

/** "" stands before every id and "~" after. Times alone stand before every id of theirs. */
function boundsOf({ from, to }: AuditFilter, cursor: string | null, backwards: boolean): Bounds {
  const [first, last] = [from === undefined ? "" : idsAt(from), to === undefined ? "~" : idsAt(to + 1)];
  if (cursor === null) return { after: first, before: last };
  return backwards
    ? { after: cursor > first ? cursor : first, before: last }
    : { after: first, before: cursor < last ? cursor : last };
}

const idsAt = (milliseconds: number): string => `aud_${idTime(Math.max(0, milliseconds))}`;

/** Each has an index, in the order of ids; together they have none. */
function unsupportedCombination(): ServiceError {
  const detail = "these filters cannot be combined; each works alone, and with from and to";
  const errors = ["actor", "objectId"].map((name) => ({
    pointer: `#/${name}`,
    code: "unsupported_combination",
    detail,
  }));
  return new ServiceError("validation_error", "No index serves this combination of filters.", { errors });
}

export type AuditRecord = AuditRow;
