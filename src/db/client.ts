import { drizzle, type DrizzleD1Database } from "drizzle-orm/d1";
import { sql, type SQL } from "drizzle-orm";

export type Database = DrizzleD1Database;
export type BatchStatement = Parameters<Database["batch"]>[0][number];

/** A handle on one database. Without `session` every query goes to the primary. */
export function openDatabase(binding: D1Database, session?: "first-unconstrained"): Database {
  // drizzle asks for a D1Database but uses only prepare() and batch(), which a session has as well.
  const handle = session ? (binding.withSession(session) as unknown as D1Database) : binding;
  return drizzle(handle, { casing: "snake_case" });
}

/**
 * The data database of a tenant. Today there is one; tenants can be spread over many by their code here,
 * without touching a verb.
 */
export function pickDataDatabase(bindings: { DATA_DB: D1Database }, _tenantCode: string): D1Database {
  return bindings.DATA_DB;
}

/** Every data database: what cron looks through. */
export function allDataDatabases(bindings: { DATA_DB: D1Database }): D1Database[] {
  return [bindings.DATA_DB];
}

/** Runs statements as one transaction, in order; answers what the last of them answers. */
export async function runBatch<T = unknown>(db: Database, statements: BatchStatement[]): Promise<T | undefined> {
  const [first, ...rest] = statements;
  if (!first) return undefined;
  const results: unknown[] = await db.batch([first, ...rest]);
  return results.at(-1) as T;
}

/**
 * `value` if `condition` holds, else NULL. Written to a NOT NULL column it makes the whole batch fail
 * when the condition no longer holds: the check and the write are one step, so no other request fits between.
 */
export function valueIf<T>(condition: SQL, value: T): SQL<T> {
  return sql<T>`iif(${condition}, ${value}, null)`;
}

/** Whether a batch failed because `valueIf` wrote NULL into `column` (`table.column`), or a unique index refused it. */
export function isConstraintFailure(error: unknown, kind: "NOT NULL" | "UNIQUE", column: string): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause.message.includes(`${kind} constraint failed`) && cause.message.includes(column)) return true;
  }
  return false;
}
