import { DurableObject } from "cloudflare:workers";

/** One request to the API: what was asked of which route, and how it ended; never what was in it. */
export interface LoggedRequest {
  requestId: string;
  /** When it came, epoch milliseconds. */
  at: number;
  method: string;
  /** Template of the path. */
  route: string;
  status: number;
  durationMs: number;
  /** The key that made it. */
  keyId: string;
  /** Code of the problem that was answered. */
  errorCode: string | null;
  traceId: string;
  /** Answered as an earlier request under the same Idempotency-Key was. */
  replayed: boolean;
}

/** Only requests that fit all of them; times and statuses are included at both ends. */
export interface RequestFilter {
  statusMin?: number | undefined;
  statusMax?: number | undefined;
  method?: string | undefined;
  keyId?: string | undefined;
  errorCode?: string | undefined;
  route?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

export interface ListInput {
  limit: number;
  /** Id of the request that the page begins behind. */
  cursor: string | null;
  /** Towards newer requests. */
  backwards: boolean;
  filter: RequestFilter;
}

/** Newest first, whichever way was walked. Null if there is no request of the cursor's id. */
export type ListResult = { requests: LoggedRequest[]; hasMore: boolean } | null;

/** How many requests are kept. */
const size = 10_000;

type Row = {
  slot: number;
  seq: number;
  request_id: string;
  at: number;
  method: string;
  route: string;
  status: number;
  duration_ms: number;
  key_id: string;
  error_code: string | null;
  trace_id: string;
  replayed: number;
};

type Binding = string | number | null;

/**
 * One per tenant: its last requests in a ring, in the order in which they were answered. Request n stands in slot n modulo the
 * ring's size, so that each costs one row written and none deleted.
 */
export class RequestLog extends DurableObject {
  /** Number of the next request. */
  #next: number;

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env as never);
    this.ctx.storage.sql.exec(
      `create table if not exists requests (
        slot integer primary key, seq integer not null, request_id text not null, at integer not null, method text not null,
        route text not null, status integer not null, duration_ms integer not null, key_id text not null, error_code text,
        trace_id text not null, replayed integer not null
      )`,
    );
    this.#next = this.#findNext();
  }

  append(request: LoggedRequest): void {
    const { requestId, at, method, route, status, durationMs, keyId, errorCode, traceId, replayed } = request;
    this.ctx.storage.sql.exec(
      "insert or replace into requests values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      this.#next % size,
      this.#next,
      requestId,
      at,
      method,
      route,
      status,
      durationMs,
      keyId,
      errorCode,
      traceId,
      Number(replayed),
    );
    this.#next += 1;
  }

  list({ limit, cursor, backwards, filter }: ListInput): ListResult {
    const start = cursor === null ? null : this.#seqOf(cursor);
    if (cursor !== null && start === null) return null;
    const rows: Row[] = [];
    for (const row of this.#walk(start, backwards, filter)) {
      rows.push(row);
      if (rows.length > limit) break;
    }
    const requests = rows.slice(0, limit).map(toRequest);
    if (backwards) requests.reverse();
    return { requests, hasMore: rows.length > limit };
  }

  /** Forgets the tenant. */
  erase(): void {
    this.ctx.storage.sql.exec("delete from requests");
    this.#next = 0;
  }

  /** Slots hold ascending numbers up to the newest, then those of the round before: the newest is found by halving. */
  #findNext(): number {
    const first = this.#seqAt(0);
    if (first === undefined) return 0;
    let [newest, beyond] = [0, size];
    while (beyond - newest > 1) {
      const middle = Math.floor((newest + beyond) / 2);
      if (this.#seqAt(middle) === first + middle) newest = middle;
      else beyond = middle;
    }
    return first + newest + 1;
  }

  #seqAt(slot: number): number | undefined {
    return this.ctx.storage.sql.exec<{ seq: number }>("select seq from requests where slot = ?", slot).toArray()[0]
      ?.seq;
  }

  /** An index by id would cost each request more rows than a page costs now and then. */
  #seqOf(requestId: string): number | null {
    const { sql } = this.ctx.storage;
    return (
      sql.exec<{ seq: number }>("select seq from requests where request_id = ?", requestId).toArray()[0]?.seq ?? null
    );
  }

  /** The ring from the newest on, or from either side of `start`; reads no further than it is asked. */
  *#walk(start: number | null, backwards: boolean, filter: RequestFilter): Generator<Row> {
    const oldest = Math.max(0, this.#next - size);
    const [from, to] = backwards ? [(start ?? -1) + 1, this.#next - 1] : [oldest, (start ?? this.#next) - 1];
    if (from > to) return;
    const { clauses, bindings } = conditions(filter);
    // The numbers are in at most two stretches of slots, each in order.
    const split = to - (to % size);
    const stretches = [[Math.max(from, split), to] as const, ...(from < split ? [[from, split - 1] as const] : [])];
    for (const [low, high] of backwards ? stretches.toReversed() : stretches) {
      yield* this.ctx.storage.sql.exec<Row>(
        `select * from requests where slot between ? and ?${clauses} order by slot ${backwards ? "asc" : "desc"}`,
        low % size,
        high % size,
        ...bindings,
      );
    }
  }
}

const columns = {
  statusMin: "status >= ?",
  statusMax: "status <= ?",
  method: "method = ?",
  keyId: "key_id = ?",
  errorCode: "error_code = ?",
  route: "route = ?",
  from: "at >= ?",
  to: "at <= ?",
} satisfies Record<keyof RequestFilter, string>;

function conditions(filter: RequestFilter): { clauses: string; bindings: Binding[] } {
  const given = Object.entries(columns).flatMap(([name, clause]) => {
    const value = filter[name as keyof RequestFilter];
    return value === undefined ? [] : [{ clause, value }];
  });
  return { clauses: given.map(({ clause }) => ` and ${clause}`).join(""), bindings: given.map(({ value }) => value) };
}

const toRequest = (row: Row): LoggedRequest => ({
  requestId: row.request_id,
  at: row.at,
  method: row.method,
  route: row.route,
  status: row.status,
  durationMs: row.duration_ms,
  keyId: row.key_id,
  errorCode: row.error_code,
  traceId: row.trace_id,
  replayed: row.replayed === 1,
});
