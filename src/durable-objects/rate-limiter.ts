import { DurableObject } from "cloudflare:workers";
import { KeyUsageLedger, type KeyUsage, type KeyUse } from "./key-usage";
import { LimitWindows, type Policy, type PolicyName, type WindowState } from "./limit-windows";
import type { UsageNotice } from "./usage-notices";

export type { KeyUsage, KeyUse, NetworkUse } from "./key-usage";
export type { Policy, PolicyName, WindowState } from "./limit-windows";
export type { UsageNotice } from "./usage-notices";

export interface TakeInput {
  /** 0 asks how the windows stand. */
  cost: number;
  policies: Policy[];
  /** Public part of the key's token. */
  keyId: string;
  /** IP address of the caller, for the key's last use. */
  address: string | null;
  /** The caller's IPv4 address, or the /64 of its IPv6 one. */
  network: string | null;
  /** The credential epoch that the caller knows from the control database. */
  epoch: number;
  /** Whether the caller has read it just now. */
  isFresh: boolean;
}

export interface Taken {
  stale: false;
  allowed: boolean;
  windows: WindowState[];
  /** Windows that have no room. */
  violated: PolicyName[];
  /** The newest epoch anybody has told. */
  epoch: number;
  /** To be written down by the caller, and then to be acknowledged. */
  notices: UsageNotice[];
}

/** `stale`: there are newer credentials than the caller's. Nothing was counted; it reads them again and asks again. */
export type TakeResult = { stale: true; epoch: number } | Taken;

const saveEveryMs = 1000;
/** Longer than a change takes to be made once it was announced. */
const announcedForMs = 5 * 60_000;

/**
 * One per tenant. Counts its requests under each of its limits, holds the credential epoch by which a revocation reaches every isolate at
 * once, and keeps how its keys are used. Counts are written at most once a second: what an eviction or a crash loses is what was
 * counted since, and the caller's gain.
 */
export class RateLimiter extends DurableObject {
  readonly #windows: LimitWindows;
  readonly #usage: KeyUsageLedger;
  #epoch: number;
  /** When `#epoch` was announced, if nobody has told since that the change was made. */
  #announcedAt: number | null;
  #savedAt = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env as never);
    const { sql } = this.ctx.storage;
    sql.exec("create table if not exists epoch (id integer primary key check (id = 1), value integer not null)");
    sql.exec("create table if not exists announcement (id integer primary key check (id = 1), at integer not null)");
    this.#epoch = sql.exec<{ value: number }>("select value from epoch").toArray()[0]?.value ?? 0;
    this.#announcedAt = sql.exec<{ at: number }>("select at from announcement").toArray()[0]?.at ?? null;
    this.#windows = new LimitWindows(sql);
    this.#usage = new KeyUsageLedger(sql);
  }

  take({ cost, policies, keyId, address, network, epoch, isFresh }: TakeInput): TakeResult {
    const now = Date.now();
    this.raiseEpoch(epoch);
    if (epoch < this.#epoch && !isFresh) return { stale: true, epoch: this.#epoch };
    // It never came about. Else credentials would be read with each request, until the next change.
    if (epoch < this.#epoch && this.#announcedAt !== null && now > this.#announcedAt + announcedForMs) {
      this.#setEpoch(epoch, null);
    }
    const { windows, violated } = this.#windows.take(policies, cost, now);
    const allowed = violated.length === 0;
    const requests = allowed && cost > 0 ? 1 : 0;
    const isUnusual = this.#usage.note({ keyId, address, network, requests }, now);
    if (isUnusual) this.#save(now);
    else this.#saveSoon(now);
    return { stale: false, allowed, windows, violated, epoch: this.#epoch, notices: this.#usage.notices.handOut(now) };
  }

  /** Never lowers it, so late and repeated calls do no harm. `isAnnounced`: the change is still to be made. */
  raiseEpoch(epoch: number, { isAnnounced = false }: { isAnnounced?: boolean } = {}): void {
    if (epoch < this.#epoch) return;
    if (isAnnounced) this.#setEpoch(epoch, Date.now());
    else if (epoch > this.#epoch || this.#announcedAt !== null) this.#setEpoch(epoch, null);
  }

  #setEpoch(epoch: number, announcedAt: number | null): void {
    const { sql } = this.ctx.storage;
    this.#epoch = epoch;
    this.#announcedAt = announcedAt;
    sql.exec("insert into epoch values (1, ?) on conflict (id) do update set value = excluded.value", epoch);
    if (announcedAt === null) sql.exec("delete from announcement");
    else
      sql.exec("insert into announcement values (1, ?) on conflict (id) do update set at = excluded.at", announcedAt);
  }

  lastUses(): KeyUse[] {
    this.#save(Date.now());
    return this.#usage.lastUses();
  }

  usage(keyId: string): KeyUsage {
    const now = Date.now();
    this.#save(now);
    return this.#usage.usage(keyId, now);
  }

  /** They stand in the ledger of events. */
  acknowledge(notices: Pick<UsageNotice, "keyId" | "hour">[]): void {
    for (const notice of notices) this.#usage.notices.acknowledge(notice);
  }

  /** Forgets the tenant; the epoch stays, for isolates may still know its keys. */
  async erase(): Promise<void> {
    this.#clearTimer();
    this.#windows.erase();
    this.#usage.erase();
    await this.ctx.storage.deleteAlarm();
  }

  /** Of the version before, which wrote by alarms. */
  override alarm(): void {}

  #saveSoon(now: number): void {
    const waitMs = this.#savedAt + saveEveryMs - now;
    // A clock that was set back must not put it off.
    if (waitMs <= 0 || waitMs > saveEveryMs) this.#save(now);
    else this.#timer ??= setTimeout(() => this.#save(Date.now()), waitMs);
  }

  #save(now: number): void {
    this.#clearTimer();
    this.#savedAt = now;
    this.#windows.save();
    this.#usage.save(now);
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
