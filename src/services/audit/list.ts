import { and, asc, desc, eq, gt, gte, lt, sql, type SQL } from "drizzle-orm";
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
 * The audit log of a tenant, newest first, out of both databases. Ids are read first, as far as the page may reach into
 * each, and then the rows of those that are on it: so no row is read for nothing, whichever database they stand in.
 */
export async function listAuditEntries(
  ctx: BaseContext,
  tenant: Pick<TenantRow, "id" | "code">,
  filter: AuditFilter,
  page: PageRequest,
): Promise<Page<AuditRow>> {
  if (filter.actor !== undefined && filter.objectId !== undefined) throw unsupportedCombination();
  const { cursor, name, backwards } = cursorOf(page);
  const databases = [ctx.control, ctx.dataOf(tenant.code)];
  const within = and(matching(tenant, filter), beyond(cursor, backwards))!;
  const order = backwards ? asc(auditLog.id) : desc(auditLog.id);
  const found = await Promise.all(
    databases.map((db) =>
      db.batch([
        db
          .select({ id: auditLog.id })
          .from(auditLog)
          .where(cursor === null ? sql`1 = 0` : ownEntry(tenant, cursor)),
        db
          .select({ id: auditLog.id })
          .from(auditLog)
          .where(within)
          .orderBy(order)
          .limit(page.limit + 1),
      ]),
    ),
  );
  if (cursor !== null && found.every(([anchor]) => anchor.length === 0)) throw badCursor(name);
  const ids = found.flatMap(([, rows]) => rows.map(({ id }) => id)).toSorted();
  if (!backwards) ids.reverse();
  const shown = ids.slice(0, page.limit);
  const rows = await Promise.all(databases.map((db, at) => readRows(db, tenant, ownIds(shown, found[at]![1]))));
  const items = rows.flat().toSorted((a, b) => (a.id < b.id ? 1 : -1));
  return { items, hasMore: ids.length > page.limit };
}

const ownEntry = ({ id }: Pick<TenantRow, "id">, entryId: string) =>
  and(eq(auditLog.tenantId, id), eq(auditLog.id, entryId))!;

function matching({ id }: Pick<TenantRow, "id">, { actor, objectId, from, to }: AuditFilter): SQL {
  return and(
    eq(auditLog.tenantId, id),
    actor === undefined ? undefined : eq(auditLog.actor, actor),
    objectId === undefined ? undefined : eq(auditLog.objectId, objectId),
    from === undefined ? undefined : gte(auditLog.id, firstIdAt(from)),
    to === undefined ? undefined : lt(auditLog.id, firstIdAt(to + 1)),
  )!;
}

function beyond(cursor: string | null, backwards: boolean): SQL | undefined {
  if (cursor === null) return undefined;
  return backwards ? gt(auditLog.id, cursor) : lt(auditLog.id, cursor);
}

/** What no id of an earlier time comes behind. */
const firstIdAt = (milliseconds: number): string => `aud_${idTime(Math.max(0, milliseconds))}`;

const ownIds = (shown: string[], found: { id: string }[]): string[] => {
  const here = new Set(found.map(({ id }) => id));
  return shown.filter((id) => here.has(id));
};

async function readRows(db: Database, { id }: Pick<TenantRow, "id">, ids: string[]): Promise<AuditRow[]> {
  if (ids.length === 0) return [];
  return db
    .select()
    .from(auditLog)
    .where(
      and(eq(auditLog.tenantId, id), sql`${auditLog.id} in (select value from json_each(${JSON.stringify(ids)}))`),
    );
}

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
