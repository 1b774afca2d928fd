import { env } from "cloudflare:workers";

/** What a request costs in D1: how often it asked, in how many batches it wrote, and how many rows. */
export interface Costs {
  /** Statements that read, each a trip of its own. */
  reads: number;
  writeBatches: number;
  rowsRead: number;
  rowsWritten: number;
}

/** An environment that counts, to be given to `call`. */
export function countingEnv(): { env: Cloudflare.Env; costs: Costs } {
  const costs: Costs = { reads: 0, writeBatches: 0, rowsRead: 0, rowsWritten: 0 };
  const counted = { ...env, CONTROL_DB: counting(env.CONTROL_DB, costs), DATA_DB: counting(env.DATA_DB, costs) };
  return { env: counted as Cloudflare.Env, costs };
}

const originals = new WeakMap<object, D1PreparedStatement>();

function counting(db: D1Database | D1DatabaseSession, costs: Costs): D1Database {
  const add = (meta: D1Meta) => {
    costs.rowsRead += meta.rows_read ?? 0;
    costs.rowsWritten += meta.rows_written ?? 0;
  };
  const wrap = (statement: D1PreparedStatement, sql: string): D1PreparedStatement => {
    const reading = /^\s*(select|with)\b/i.test(sql);
    const note = (meta: D1Meta) => {
      add(meta);
      if (reading) costs.reads += 1;
      else costs.writeBatches += 1;
    };
    const wrapped = {
      bind: (...values: unknown[]) => wrap(statement.bind(...values), sql),
      all: async () => {
        const result = await statement.all();
        note(result.meta);
        return result;
      },
      run: async () => {
        const result = await statement.run();
        note(result.meta);
        return result;
      },
      // Rows without names come without their cost, so a read is asked a second time for it.
      raw: async (options?: { columnNames?: false }) => {
        if (!reading) throw new Error("a write through raw() cannot be counted");
        note((await statement.all()).meta);
        return statement.raw(options);
      },
    };
    originals.set(wrapped, statement);
    return wrapped as unknown as D1PreparedStatement;
  };
  return {
    prepare: (sql: string) => wrap(db.prepare(sql), sql),
    batch: async (statements: D1PreparedStatement[]) => {
      const results = await db.batch(statements.map((statement) => originals.get(statement)!));
      for (const { meta } of results) add(meta);
      if (results.some(({ meta }) => meta.changed_db || (meta.rows_written ?? 0) > 0)) costs.writeBatches += 1;
      else costs.reads += 1;
      return results;
    },
    withSession: (constraint?: string) => counting((db as D1Database).withSession(constraint), costs),
  } as unknown as D1Database;
}
