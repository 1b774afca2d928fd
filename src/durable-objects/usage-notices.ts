/** Why the use of a key is unusual: from a network that it was never used from, or much more of it than before. */
export type UnusualUse = "new_address" | "many_requests";

export interface UsageNotice {
  /** Public part of the key's token. */
  keyId: string;
  /** Hours since the epoch: a key has one notice an hour at most. */
  hour: number;
  /** Epoch milliseconds. */
  at: number;
  reasons: UnusualUse[];
  address: string | null;
  /** Up to this moment. */
  requestsThisHour: number;
  /** Requests per hour of the seven days before, or since the first hour of a younger key. */
  hourlyMean: number;
}

/** Time enough for the Worker to write it down; then the next request takes it along. */
const leaseMs = 10_000;
/** Per answer. */
const handedOutMax = 10;

const nameOf = ({ keyId, hour }: Pick<UsageNotice, "keyId" | "hour">): string => `${keyId}/${hour}`;

/** Notices that wait to be written into the ledger of events. Each is handed out until it is acknowledged. */
export class UsageNotices {
  readonly #sql: SqlStorage;
  readonly #waiting = new Map<string, { notice: UsageNotice; leasedUntil: number }>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(
      "create table if not exists notices (key_id text, hour integer, notice text not null, acknowledged integer not null, primary key (key_id, hour)) without rowid",
    );
    const rows = sql.exec<{ notice: string }>("select notice from notices where acknowledged = 0").toArray();
    for (const row of rows) this.#wait(JSON.parse(row.notice) as UsageNotice);
  }

  has(keyId: string, hour: number): boolean {
    const rows = this.#sql.exec("select 1 from notices where key_id = ? and hour = ?", keyId, hour).toArray();
    return rows.length > 0;
  }

  add(notice: UsageNotice): void {
    const { keyId, hour } = notice;
    this.#sql.exec("insert into notices values (?, ?, ?, 0)", keyId, hour, JSON.stringify(notice));
    this.#wait(notice);
  }

  handOut(now: number): UsageNotice[] {
    if (this.#waiting.size === 0) return [];
    const free = [...this.#waiting.values()].filter(
      ({ leasedUntil }) => leasedUntil <= now || leasedUntil > now + leaseMs,
    );
    return free.slice(0, handedOutMax).map((entry) => {
      entry.leasedUntil = now + leaseMs;
      return entry.notice;
    });
  }

  acknowledge(notice: Pick<UsageNotice, "keyId" | "hour">): void {
    this.#waiting.delete(nameOf(notice));
    this.#sql.exec("update notices set acknowledged = 1 where key_id = ? and hour = ?", notice.keyId, notice.hour);
  }

  prune(beforeHour: number): void {
    this.#sql.exec("delete from notices where hour < ? and acknowledged = 1", beforeHour);
  }

  erase(): void {
    this.#waiting.clear();
    this.#sql.exec("delete from notices");
  }

  #wait(notice: UsageNotice): void {
    this.#waiting.set(nameOf(notice), { notice, leasedUntil: 0 });
  }
}
