import { DurableObject } from "cloudflare:workers";

/** `inFlight`: another has claimed it and may still complete it. */
export type Claim = "new" | "duplicate" | "inFlight";

export interface Refusals {
  reason: string;
  count: number;
  /** Epoch milliseconds. */
  lastAt: number;
}

/** Longer than a claim takes to be completed, and no longer than a sender waits before it tries again. */
const leaseMs = 15_000;

/** Sweeps of nonces that expire about the same time are one. */
const sweepEveryMs = 10 * 60_000;
const sweptPerAlarm = 1000;
/** Alarms lie no further ahead than this, whatever expires when. */
const alarmMaxMs = 24 * 3_600_000;

/**
 * One per tenant: which nonces were used, so that a message counts once, and what was refused and why. It is the front
 * filter: a claim is durable before it is answered, and one that nobody completes is free again after its lease.
 */
export class NonceLedger extends DurableObject {
  #alarmAt: number | null = null;

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env as never);
    const { sql } = this.ctx.storage;
    // `leased_until` is null once the nonce is used.
    sql.exec(
      "create table if not exists nonces (nonce text primary key, expires_at integer not null, leased_until integer) without rowid",
    );
    sql.exec("create index if not exists nonces_by_expiry on nonces (expires_at)");
    sql.exec(
      "create table if not exists refusals (reason text primary key, count integer not null, last_at integer not null) without rowid",
    );
    void state.blockConcurrencyWhile(async () => {
      this.#alarmAt = await this.ctx.storage.getAlarm();
    });
  }

  /** `expiresAt`: epoch milliseconds until which the nonce is remembered. */
  async claim(nonce: string, expiresAt: number): Promise<Claim> {
    const now = Date.now();
    const { sql } = this.ctx.storage;
    const [known] = sql
      .exec<{ leased_until: number | null }>("select leased_until from nonces where nonce = ?", nonce)
      .toArray();
    if (known && known.leased_until === null) return "duplicate";
    if (known && known.leased_until! > now) return "inFlight";
    sql.exec(
      "insert into nonces values (?, ?, ?) on conflict (nonce) do update set leased_until = excluded.leased_until",
      nonce,
      expiresAt,
      now + leaseMs,
    );
    await this.#wakeBy(Math.max(expiresAt, now + leaseMs));
    return "new";
  }

  complete(nonce: string): void {
    this.ctx.storage.sql.exec("update nonces set leased_until = null where nonce = ?", nonce);
  }

  /** Counts a message that was not taken. Written at once: an idle object is evicted within seconds. */
  refuse(reason: string): void {
    this.ctx.storage.sql.exec(
      "insert into refusals values (?, 1, ?) on conflict (reason) do update set count = refusals.count + 1, last_at = excluded.last_at",
      reason,
      Date.now(),
    );
  }

  /** By reason, in its alphabetical order. */
  refusals(): Refusals[] {
    return this.ctx.storage.sql
      .exec<{ reason: string; count: number; last_at: number }>("select * from refusals order by reason")
      .toArray()
      .map(({ reason, count, last_at }) => ({ reason, count, lastAt: last_at }));
  }

  /** Forgets the tenant. */
  async erase(): Promise<void> {
    this.#alarmAt = null;
    await this.ctx.storage.deleteAlarm();
    this.ctx.storage.sql.exec("delete from nonces");
    this.ctx.storage.sql.exec("delete from refusals");
  }

  override async alarm(): Promise<void> {
    this.#alarmAt = null;
    const now = Date.now();
    const { sql } = this.ctx.storage;
    const { rowsWritten } = sql.exec(
      "delete from nonces where nonce in (select nonce from nonces where expires_at <= ? order by expires_at limit ?)",
      now,
      sweptPerAlarm,
    );
    const [next] = sql.exec<{ at: number | null }>("select min(expires_at) as at from nonces").toArray();
    if (next?.at == null) return;
    // What is left of this slice is swept at once.
    if (rowsWritten > 0 && next.at <= now) await this.#wakeAt(now);
    else await this.#wakeBy(next.at);
  }

  /** In the sweep after this time. */
  #wakeBy(time: number): Promise<void> {
    return this.#wakeAt(Math.min(Math.ceil(time / sweepEveryMs) * sweepEveryMs, Date.now() + alarmMaxMs));
  }

  async #wakeAt(time: number): Promise<void> {
    if (this.#alarmAt !== null && this.#alarmAt <= time) return;
    this.#alarmAt = time;
    await this.ctx.storage.setAlarm(time);
  }
}
