import { and, asc, desc, getTableColumns, gte, lte, sql, type SQL } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Database } from "../db/client";
import { ServiceError } from "./errors";

export interface PageRequest {
  /** 1 to 100. */
  limit: number;
  startingAfter?: string | undefined;
  endingBefore?: string | undefined;
}

export interface Page<T> {
  items: T[];
  hasMore: boolean;
  /** Cursors of the first and the last item, where an id alone would not say where the page ends. */
  cursors?: { first: string; last: string } | undefined;
}

interface ListPlan<T extends SQLiteTable> {
  table: T;
  where: SQL | undefined;
  /** The last columns of the index that serves `where`; together unique within it. */
  order: SQLiteColumn[];
  direction: "asc" | "desc";
  /** Finds the row that a cursor names. */
  cursor: (id: string) => SQL;
  /** Bounds of the first column of `order`; they stand here and not in `where`, so that a cursor can tighten them. */
  range?: Range | undefined;
}

/** Both ends are included. The columns after the one that is bounded must be ids. */
export interface Range {
  from?: number | undefined;
  to?: number | undefined;
}

/**
 * One page of a list, by keyset on the columns of an index: reads no row that is not answered, however the
 * data is skewed. A cursor is the id of the last (or first) object of the page before. Where the list is not in
 * the order of ids, it may also be a position, `id@key`: that stays where it was when the object moves on.
 */
export async function readPage<T extends SQLiteTable>(
  db: Database,
  page: PageRequest,
  plan: ListPlan<T>,
): Promise<Page<T["$inferSelect"]>> {
  const { cursor, name, backwards } = cursorOf(page);
  const ascending = (plan.direction === "asc") !== backwards;
  const order = plan.order.map((column) => (ascending ? asc(column) : desc(column)));
  const position = cursor === null ? null : parsePosition(plan, cursor);
  const at = cursor === null || position ? undefined : plan.cursor(cursor);
  const rows = db
    .select()
    .from(plan.table as SQLiteTable)
    .where(
      and(
        plan.where,
        ...bounds(plan, ascending, at ? anchored(plan, ascending, at) : position && placed(plan, ascending, position)),
      ),
    )
    .orderBy(...order)
    .limit(page.limit + 1);
  const anchor = db
    .select({ found: sql<number>`1` })
    .from(plan.table as SQLiteTable)
    .where(at ?? sql`1 = 0`)
    .limit(1);
  const [anchors, found] = at ? await db.batch([anchor, rows]) : [[{ found: 1 }], await rows];
  if (anchors.length === 0) throw badCursor(name);
  const items = found.slice(0, page.limit) as T["$inferSelect"][];
  if (backwards) items.reverse();
  return { items, hasMore: found.length > page.limit, cursors: cursorsOf(plan, items) };
}

interface Position {
  id: string;
  key: number;
}

/** A list whose first column of order is a number has positions; the others have ids only. */
const hasPositions = ({ order }: { order: SQLiteColumn[] }) => order.length === 2 && order[0]!.dataType === "number";

function parsePosition(plan: { order: SQLiteColumn[] }, cursor: string): Position | null {
  const match = hasPositions(plan) ? /^([^@]+)@(-?\d{1,16})$/.exec(cursor) : null;
  return match && { id: match[1]!, key: Number(match[2]) };
}

function cursorsOf<T extends SQLiteTable>(plan: ListPlan<T>, items: T["$inferSelect"][]): Page<unknown>["cursors"] {
  if (!hasPositions(plan) || items.length === 0) return undefined;
  const columns = Object.entries(getTableColumns(plan.table));
  const nameOf = (column: SQLiteColumn) => columns.find(([, candidate]) => candidate === column)![0];
  const [key, id] = plan.order.map(nameOf) as [string, string];
  const cursorOf = (row: Record<string, unknown>) => `${String(row[id])}@${String(row[key])}`;
  return { first: cursorOf(items[0]!), last: cursorOf(items.at(-1)!) };
}

/**
 * At most one lower and one upper bound: of two on one side SQLite walks the index by one and filters by the
 * other. So the bound on the cursor's side goes into the cursor, by what is further on of the two.
 */
function bounds<T extends SQLiteTable>({ order, range = {} }: ListPlan<T>, ascending: boolean, start: SQL | null) {
  const from = range.from === undefined ? undefined : gte(order[0]!, range.from);
  const to = range.to === undefined ? undefined : lte(order[0]!, range.to);
  if (!start) return [from, to];
  const columns = sql.join(
    order.map((column) => sql`${column}`),
    sql`, `,
  );
  return [sql`(${columns}) ${sql.raw(ascending ? ">" : "<")} (${start})`, ascending ? to : from];
}

/** Where the row of a cursor stands now. "" stands before every id and "~" after. */
function anchored<T extends SQLiteTable>({ table, order, range = {} }: ListPlan<T>, ascending: boolean, at: SQL): SQL {
  const first = order[0]!;
  const limit = ascending ? range.from : range.to;
  // A + takes a column's affinity away, without which SQLite would walk the index by the first column alone.
  const start = order.map((column, index) => {
    if (limit === undefined) return sql`+${column}`;
    if (index === 0) return ascending ? sql`max(+${column}, ${limit})` : sql`min(+${column}, ${limit})`;
    return ascending ? sql`iif(${first} >= ${limit}, +${column}, '')` : sql`iif(${first} <= ${limit}, +${column}, '~')`;
  });
  return sql`select ${sql.join(start, sql`, `)} from ${table} where ${at}`;
}

function placed<T extends SQLiteTable>({ range = {} }: ListPlan<T>, ascending: boolean, { id, key }: Position): SQL {
  const limit = ascending ? range.from : range.to;
  const beyond = limit !== undefined && (ascending ? key < limit : key > limit);
  return beyond ? sql`${limit}, ${ascending ? "" : "~"}` : sql`${key}, ${id}`;
}

/** The id that the page begins behind, by whichever parameter; null for the first page. */
export function cursorOf({ startingAfter, endingBefore }: PageRequest) {
  if (startingAfter !== undefined && endingBefore !== undefined) {
    throw badCursor("endingBefore", "startingAfter and endingBefore cannot be used together");
  }
  const backwards = endingBefore !== undefined;
  return {
    cursor: startingAfter ?? endingBefore ?? null,
    name: backwards ? "endingBefore" : "startingAfter",
    backwards,
  };
}

export function badCursor(name: string, detail = "no object of this list has this id"): ServiceError {
  const errors = [{ pointer: `#/${name}`, code: "invalid_cursor", detail }];
  return new ServiceError("validation_error", "The page cannot be found.", { errors });
}
