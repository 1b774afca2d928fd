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

/** Shorter windows are kept in memory only: of them an eviction forgives one burst at most. */
const storedFromSeconds = 3600;

/** Fixed windows, each opened by the first request that is counted in it: no window ever has more than its quota. */
export class LimitWindows {
  readonly #sql: SqlStorage;
  readonly #open = new Map<string, Window>();
  readonly #unsaved = new Set<PolicyName>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(
      "create table if not exists windows (name text primary key, started_at integer not null, used integer not null) without rowid",
    );
    const rows = sql.exec<{ name: string; started_at: number; used: number }>("select * from windows").toArray();
    for (const { name, started_at, used } of rows) this.#open.set(name, { startedAt: started_at, used });
  }

  /** Counts in all windows or, if one has no room, in none. A cost of 0 asks how they stand. */
  take(policies: Policy[], cost: number, now: number): { violated: PolicyName[]; windows: WindowState[] } {
    const running = policies.map((policy) => ({ policy, window: this.#running(policy, now) }));
    const full = cost > 0 ? running.filter(({ policy, window }) => window.used + cost > policy.quota) : [];
    if (cost > 0 && full.length === 0) {
      for (const { policy, window } of running) {
        window.used += cost;
        this.#open.set(policy.name, window);
        if (policy.windowSeconds >= storedFromSeconds) this.#unsaved.add(policy.name);
      }
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
    for (const name of this.#unsaved) {
      const { startedAt, used } = this.#open.get(name)!;
      this.#sql.exec(
        "insert into windows values (?, ?, ?) on conflict (name) do update set started_at = excluded.started_at, used = excluded.used",
        name,
        startedAt,
        used,
      );
    }
    this.#unsaved.clear();
  }

  erase(): void {
    this.#open.clear();
    this.#unsaved.clear();
    this.#sql.exec("delete from windows");
  }
}
