import { UsageNotices, type UnusualUse, type UsageNotice } from "./usage-notices";

export interface KeyUse {
  /** Public part of the key's token. */
  keyId: string;
  /** Epoch milliseconds. */
  lastUsedAt: number;
  lastUsedAddress: string | null;
}

export interface NetworkUse {
  /** An IPv4 address, or the /64 of an IPv6 one. */
  network: string;
  /** Epoch milliseconds. */
  firstSeenAt: number;
  lastSeenAt: number;
}

export interface KeyUsage {
  /** Days since the epoch (UTC) on which it was used, the last 30, newest first. */
  days: { day: number; requests: number }[];
  /** Latest use first, at most 100. */
  networks: NetworkUse[];
}

interface Use {
  keyId: string;
  address: string | null;
  network: string | null;
  requests: number;
}

interface KeyRecord extends KeyUse {
  /** Hours since the epoch. */
  hour: number;
  requests: number;
  hourlyMean: number;
  isNoticed: boolean;
  /** Address from which it was used for the first time in an hour whose notice was made before: told in the next. */
  untold: string | null;
  networks: Map<string, NetworkUse>;
  /** Of `networks`, and those that left them. */
  unsaved: Set<string>;
}

const hourMs = 3_600_000;
const daysKept = 30;
const networksKept = 100;
const hoursOfMean = 7 * 24;
/** Whoever makes fewer requests an hour never makes unusually many. */
const manyRequestsMin = 100;
const manyTimesMean = 10;
/** Of more keys, those whose last use is longest ago are read again when they come again. */
const recordsMax = 500;

/** The first hour of the oldest day that is kept whole. */
const firstHourKept = (now: number): number => (Math.floor(now / hourMs / 24) - daysKept + 1) * 24;

/**
 * How much each key of a tenant is used, when and from where, in memory until `save`; and what of it is unusual. The first network of a key is
 * its baseline. Notices are written at once.
 */
export class KeyUsageLedger {
  readonly #sql: SqlStorage;
  /** Latest use last. */
  readonly #records = new Map<string, KeyRecord>();
  readonly #unsaved = new Set<KeyRecord>();
  readonly notices: UsageNotices;
  #prunedBefore = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.notices = new UsageNotices(sql);
    sql.exec(
      "create table if not exists key_use (key_id text primary key, last_used_at integer not null, address text) without rowid",
    );
    sql.exec(
      "create table if not exists key_hours (key_id text, hour integer, requests integer not null, primary key (key_id, hour)) without rowid",
    );
    sql.exec("create index if not exists key_hours_by_hour on key_hours (hour)");
    sql.exec("create table if not exists key_untold (key_id text primary key, address text not null) without rowid");
    sql.exec(
      "create table if not exists key_networks (key_id text, network text, first_seen_at integer not null, last_seen_at integer not null, primary key (key_id, network)) without rowid",
    );
  }

  /** Answers whether this use makes a notice. */
  note({ keyId, address, network, requests }: Use, now: number): boolean {
    const record = this.#recordOf(keyId, Math.floor(now / hourMs));
    this.#unsaved.add(record);
    record.lastUsedAt = now;
    record.lastUsedAddress = address;
    record.requests += requests;
    if (network !== null && see(record, network, now)) record.untold ??= address;
    const { hour, hourlyMean, untold } = record;
    const isMany = record.requests >= manyRequestsMin && record.requests > manyTimesMean * hourlyMean;
    if (record.isNoticed || !(untold !== null || isMany)) return false;
    record.isNoticed = true;
    record.untold = null;
    const reasons: UnusualUse[] = [
      ...(untold !== null ? ["new_address" as const] : []),
      ...(isMany ? ["many_requests" as const] : []),
    ];
    const notice: UsageNotice = {
      keyId,
      hour,
      at: now,
      reasons,
      address: untold ?? address,
      requestsThisHour: record.requests,
      hourlyMean,
    };
    this.notices.add(notice);
    return true;
  }

  save(now: number): void {
    for (const record of this.#unsaved) this.#saveRecord(record);
    this.#unsaved.clear();
    for (const [keyId] of this.#records) {
      if (this.#records.size <= recordsMax) break;
      this.#records.delete(keyId);
    }
    const before = firstHourKept(now);
    if (before === this.#prunedBefore) return;
    this.#prunedBefore = before;
    this.#sql.exec("delete from key_hours where hour < ?", before);
    this.notices.prune(before);
  }

  /** As it was saved. */
  lastUses(): KeyUse[] {
    return this.#sql
      .exec<{ key_id: string; last_used_at: number; address: string | null }>("select * from key_use")
      .toArray()
      .map((row) => ({ keyId: row.key_id, lastUsedAt: row.last_used_at, lastUsedAddress: row.address }));
  }

  /** As it was saved. */
  usage(keyId: string, now: number): KeyUsage {
    const days = this.#sql
      .exec<{ day: number; requests: number }>(
        "select hour / 24 as day, sum(requests) as requests from key_hours where key_id = ? and hour >= ? group by day order by day desc",
        keyId,
        firstHourKept(now),
      )
      .toArray();
    const networks = [...this.#networksOf(keyId).values()].sort((a, b) => b.lastSeenAt - a.lastSeenAt);
    return { days, networks };
  }

  erase(): void {
    this.#records.clear();
    this.#unsaved.clear();
    this.notices.erase();
    for (const table of ["key_use", "key_hours", "key_networks", "key_untold"]) this.#sql.exec(`delete from ${table}`);
  }

  #recordOf(keyId: string, hour: number): KeyRecord {
    const known = this.#records.get(keyId);
    // The hour before ends with what it counted.
    if (known && known.hour !== hour && this.#unsaved.delete(known)) this.#saveRecord(known);
    const record = known?.hour === hour ? known : this.#read(keyId, hour);
    this.#records.delete(keyId);
    this.#records.set(keyId, record);
    return record;
  }

  #read(keyId: string, hour: number): KeyRecord {
    return {
      keyId,
      lastUsedAt: 0,
      lastUsedAddress: null,
      hour,
      requests: this.#requestsOf(keyId, hour, hour + 1),
      hourlyMean: this.#hourlyMean(keyId, hour),
      isNoticed: this.notices.has(keyId, hour),
      untold: this.#untoldOf(keyId),
      networks: this.#networksOf(keyId),
      unsaved: new Set(),
    };
  }

  #untoldOf(keyId: string): string | null {
    const [row] = this.#sql
      .exec<{ address: string }>("select address from key_untold where key_id = ?", keyId)
      .toArray();
    return row?.address ?? null;
  }

  /** Of the seven days before this hour, or since the first hour of a younger key. */
  #hourlyMean(keyId: string, hour: number): number {
    const { first } = this.#sql
      .exec<{ first: number | null }>(
        "select min(hour) as first from key_hours where key_id = ? and hour < ? and requests > 0",
        keyId,
        hour,
      )
      .one();
    if (first === null) return 0;
    const hours = Math.min(hour - first, hoursOfMean);
    return this.#requestsOf(keyId, hour - hours, hour) / hours;
  }

  #requestsOf(keyId: string, fromHour: number, beforeHour: number): number {
    return this.#sql
      .exec<{ requests: number }>(
        "select coalesce(sum(requests), 0) as requests from key_hours where key_id = ? and hour >= ? and hour < ?",
        keyId,
        fromHour,
        beforeHour,
      )
      .one().requests;
  }

  #networksOf(keyId: string): Map<string, NetworkUse> {
    const rows = this.#sql.exec<{ network: string; first_seen_at: number; last_seen_at: number }>(
      "select network, first_seen_at, last_seen_at from key_networks where key_id = ?",
      keyId,
    );
    return new Map(
      rows
        .toArray()
        .map(({ network, first_seen_at, last_seen_at }) => [
          network,
          { network, firstSeenAt: first_seen_at, lastSeenAt: last_seen_at },
        ]),
    );
  }

  #saveRecord(record: KeyRecord): void {
    const { keyId, lastUsedAt, lastUsedAddress, hour, requests, untold, networks, unsaved } = record;
    if (untold !== this.#untoldOf(keyId)) {
      this.#sql.exec("delete from key_untold where key_id = ?", keyId);
      if (untold !== null) this.#sql.exec("insert into key_untold values (?, ?)", keyId, untold);
    }
    this.#sql.exec(
      "insert into key_use values (?, ?, ?) on conflict (key_id) do update set last_used_at = excluded.last_used_at, address = excluded.address",
      keyId,
      lastUsedAt,
      lastUsedAddress,
    );
    this.#sql.exec(
      "insert into key_hours values (?, ?, ?) on conflict (key_id, hour) do update set requests = excluded.requests",
      keyId,
      hour,
      requests,
    );
    for (const network of unsaved) {
      const use = networks.get(network);
      if (!use) this.#sql.exec("delete from key_networks where key_id = ? and network = ?", keyId, network);
      else
        this.#sql.exec(
          "insert into key_networks values (?, ?, ?, ?) on conflict (key_id, network) do update set last_seen_at = excluded.last_seen_at",
          keyId,
          network,
          use.firstSeenAt,
          use.lastSeenAt,
        );
    }
    unsaved.clear();
  }
}

/** Answers whether a key that was used before is used from here for the first time. */
function see({ networks, unsaved }: KeyRecord, network: string, now: number): boolean {
  unsaved.add(network);
  const known = networks.get(network);
  if (known) {
    known.lastSeenAt = now;
    return false;
  }
  networks.set(network, { network, firstSeenAt: now, lastSeenAt: now });
  if (networks.size > networksKept) {
    const oldest = [...networks.values()].reduce((a, b) => (b.lastSeenAt < a.lastSeenAt ? b : a));
    networks.delete(oldest.network);
    unsaved.add(oldest.network);
  }
  return networks.size > 1;
}
