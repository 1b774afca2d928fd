import { DurableObject } from "cloudflare:workers";

export interface TakeInput {
  cost: number;
  /** Requests per window. */
  limit: number;
  windowSeconds: number;
  keyId: string;
  /** Address of the caller, for the key's last use. */
  address: string | null;
  /** The credential epoch that the caller knows from the control database. */
  epoch: number;
}

export interface TakeResult {
  allowed: boolean;
  limit: number;
  remaining: number;
  resetMs: number;
  /** The newest epoch anybody has told; a caller that knows an older one reads its credentials again. */
  epoch: number;
}

export interface KeyUse {
  keyId: string;
  /** Epoch milliseconds. */
  lastUsedAt: number;
  lastUsedAddress: string | null;
}

const flushMs = 60_000;

/**
 * One per tenant. Counts requests in fixed windows (in memory: an eviction forgives at most one burst),
 * holds the credential epoch by which a revocation reaches every isolate at once, and remembers when each
 * key was last used, written at most once a minute.
 */
export class RateLimiter extends DurableObject {
  #window: { startedAt: number; used: number } | null = null;
  #uses = new Map<string, KeyUse>();
  #epoch: number;

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env as never);
    const { sql } = this.ctx.storage;
    sql.exec("create table if not exists epoch (id integer primary key check (id = 1), value integer not null)");
    sql.exec(
      "create table if not exists key_use (key_id text primary key, last_used_at integer not null, address text) without rowid",
    );
    const row = sql.exec<{ value: number }>("select value from epoch").toArray()[0];
    this.#epoch = row?.value ?? 0;
  }

  take(input: TakeInput): TakeResult {
    const now = Date.now();
    this.raiseEpoch(input.epoch);
    this.#noteUse({ keyId: input.keyId, lastUsedAt: now, lastUsedAddress: input.address });
    const windowMs = input.windowSeconds * 1000;
    if (!this.#window || now >= this.#window.startedAt + windowMs) this.#window = { startedAt: now, used: 0 };
    const allowed = this.#window.used + input.cost <= input.limit;
    if (allowed) this.#window.used += input.cost;
    return {
      allowed,
      limit: input.limit,
      remaining: Math.max(0, input.limit - this.#window.used),
      resetMs: this.#window.startedAt + windowMs - now,
      epoch: this.#epoch,
    };
  }

  /** Never lowers it, so late and repeated calls do no harm. */
  raiseEpoch(epoch: number): void {
    if (epoch <= this.#epoch) return;
    this.#epoch = epoch;
    this.ctx.storage.sql.exec(
      "insert into epoch (id, value) values (1, ?) on conflict (id) do update set value = excluded.value",
      epoch,
    );
  }

  lastUses(): KeyUse[] {
    const stored = this.ctx.storage.sql
      .exec<{ key_id: string; last_used_at: number; address: string | null }>("select * from key_use")
      .toArray()
      .map((row): [string, KeyUse] => [
        row.key_id,
        { keyId: row.key_id, lastUsedAt: row.last_used_at, lastUsedAddress: row.address },
      ]);
    return [...new Map([...stored, ...this.#uses]).values()];
  }

  /** Forgets the tenant. */
  async erase(): Promise<void> {
    this.#uses.clear();
    await this.ctx.storage.deleteAlarm();
    this.ctx.storage.sql.exec("delete from key_use");
  }

  override async alarm(): Promise<void> {
    for (const use of this.#uses.values()) {
      this.ctx.storage.sql.exec(
        "insert into key_use values (?, ?, ?) on conflict (key_id) do update set last_used_at = excluded.last_used_at, address = excluded.address",
        use.keyId,
        use.lastUsedAt,
        use.lastUsedAddress,
      );
    }
    this.#uses.clear();
  }

  #noteUse(use: KeyUse): void {
    if (this.#uses.size === 0) void this.ctx.storage.setAlarm(use.lastUsedAt + flushMs);
    this.#uses.set(use.keyId, use);
  }
}
