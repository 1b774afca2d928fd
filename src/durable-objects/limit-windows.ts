export type PolicyName = "burst" | "daily";

export interface Policy {
  name: PolicyName;
  /** Requests per window. */
  quota: number;
  windowSeconds: number;
}

export interface WindowState extends Policy {
  used: number;
  /** Milliseconds until the window ends. */
  resetMs: number;
}

interface Window {
  /** Epoch milliseconds. */
  startedAt: number;
  used: number;
}

/**
 * Fixed windows, each opened by the first request that is counted in it: no window ever has more than its quota. They are counted in
 * memory and saved together, as one row: also the minute's, for an object is evicted when it has been idle for some seconds, as it
 * is while its only client waits.
 */
export class LimitWindows {
  readonly #sql: SqlStorage;
  readonly #open: Map<string, Window>;
  #isSaved = true;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec("create table if not exists limit_windows (id integer primary key check (id = 1), state text not null)");
    const [saved] = sql.exec<{ state: string }>("select state from limit_windows").toArray();
    this.#open = new Map(Object.entries(JSON.parse(saved?.state ?? "{}") as Record<string, Window>));
  }

  /** Counts in all windows or, if one has no room, in none. A cost of 0 asks how they stand. */
  take(policies: Policy[], cost: number, now: number): { violated: PolicyName[]; windows: WindowState[] } {
    const running = policies.map((policy) => ({ policy, window: this.#running(policy, now) }));
    const full = cost > 0 ? running.filter(({ policy, window }) => window.used + cost > policy.quota) : [];
    if (cost > 0 && full.length === 0) {
      for (const { policy, window } of running) {
        window.used += cost;
        this.#open.set(policy.name, window);
      }
      this.#isSaved = false;
    }
    return {
      violated: full.map(({ policy }) => policy.name),
      windows: running.map(({ policy, window }) => ({
        ...policy,
        used: window.used,
        resetMs: window.startedAt + policy.windowSeconds * 1000 - now,
      })),
    };
  }

  /** One that begins in the future was opened by a clock ahead of this one; it would last too long. */
  #running({ name, windowSeconds }: Policy, now: number): Window {
    const window = this.#open.get(name);
    const isRunning = window && window.startedAt <= now && now < window.startedAt + windowSeconds * 1000;
    return isRunning ? window : { startedAt: now, used: 0 };
  }

  save(): void {
    if (this.#isSaved) return;
    this.#sql.exec(
      "insert into limit_windows values (1, ?) on conflict (id) do update set state = excluded.state",
      JSON.stringify(Object.fromEntries(this.#open)),
    );
    this.#isSaved = true;
  }

  erase(): void {
    this.#open.clear();
    this.#isSaved = true;
    this.#sql.exec("delete from limit_windows");
  }
}
