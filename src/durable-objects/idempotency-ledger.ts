import { DurableObject } from "cloudflare:workers";

interface LedgerEnv {
  FILES: R2Bucket;
}

/** What tells a request from every other one under the same key. */
export interface RequestMark {
  /** SHA-256 of the key, hex. */
  keyHash: string;
  /** SHA-256 of what was asked for, hex. */
  fingerprint: string;
}

/** One run of a request; all runs of it have the same beginning. */
export interface Attempt {
  keyHash: string;
  /** When the first one began, epoch milliseconds. */
  startedAt: number;
  /** From 1. */
  number: number;
}

/** What a request was answered. */
export interface KeptAnswer {
  status: number;
  /** By name in lowercase. */
  headers: Record<string, string>;
  /** Code of the problem, if it is one. */
  errorCode: string | null;
  /** Sealed; null if there is none, or it is in a file. */
  body: string | null;
  /** Name in R2 of a sealed body that is too large for a row. */
  file: string | null;
}

export type Begun =
  | { kind: "new"; attempt: Attempt }
  | { kind: "replay"; answer: KeptAnswer }
  | { kind: "inProgress"; retryAfterSeconds: number }
  | { kind: "mismatch" };

interface Row extends Record<string, SqlStorageValue> {
  fingerprint: string;
  started_at: number;
  expires_at: number;
  attempt: number;
  leased_until: number;
  status: number | null;
  headers: string | null;
  error_code: string | null;
  body: string | null;
  file: string | null;
}

/** Longer than nearly every request takes: who crashed holds the key no longer than this. */
const leaseMs = 30_000;
/** From when the latest attempt began. */
const keptMs = 24 * 3_600_000;

/** Sweeps of what expires about the same time are one. */
const sweepEveryMs = 10 * 60_000;
/** A row may have a megabyte. */
const sweptPerAlarm = 200;

/**
 * One shard of the Idempotency-Keys of a tenant. A key belongs to the first request that came under it until 24 hours after the latest
 * attempt at it began. One that failed may have been done all the same, so its repeat is a further attempt at it, with the same
 * beginning and so the same ids; or a corrected request takes the key over.
 */
export class IdempotencyLedger extends DurableObject<LedgerEnv> {
  #alarmAt: number | null = null;

  constructor(state: DurableObjectState, env: LedgerEnv) {
    super(state, env);
    const { sql } = this.ctx.storage;
    // Nobody runs the request once `leased_until` is past; `status` is null until an answer is kept.
    sql.exec(
      `create table if not exists requests (
        key_hash text primary key, fingerprint text not null, started_at integer not null, expires_at integer not null,
        attempt integer not null, leased_until integer not null,
        status integer, headers text, error_code text, body text, file text
      ) without rowid`,
    );
    sql.exec("create index if not exists requests_by_expiry on requests (expires_at)");
    // Everything in R2 that a row names, or was to name.
    sql.exec("create table if not exists files (name text primary key, expires_at integer not null) without rowid");
    sql.exec("create index if not exists files_by_expiry on files (expires_at)");
    void state.blockConcurrencyWhile(async () => {
      this.#alarmAt = await this.ctx.storage.getAlarm();
    });
  }

  /** Leases the key to one attempt, durably, unless another one has it or an answer is there. */
  async begin({ keyHash, fingerprint }: RequestMark): Promise<Begun> {
    const now = Date.now();
    const { sql } = this.ctx.storage;
    const [known] = sql
      .exec<Row>("select * from requests where key_hash = ? and expires_at > ?", keyHash, now)
      .toArray();
    const isSame = known?.fingerprint === fingerprint;
    if (known && !isSame && !isReleased(known)) return { kind: "mismatch" };
    if (known && known.status !== null) return { kind: "replay", answer: answerOf(known) };
    if (known && isLeased(known, now)) return { kind: "inProgress", retryAfterSeconds: retryAfter(known, now) };
    const attempt = { keyHash, startedAt: beginningOf(known, isSame, now), number: (known?.attempt ?? 0) + 1 };
    const expiresAt = now + keptMs;
    sql.exec(
      `insert or replace into requests (key_hash, fingerprint, started_at, expires_at, attempt, leased_until)
       values (?, ?, ?, ?, ?, ?)`,
      keyHash,
      fingerprint,
      attempt.startedAt,
      expiresAt,
      attempt.number,
      now + leaseMs,
    );
    await this.#wakeBy(expiresAt);
    return { kind: "new", attempt };
  }

  /** Comes before the file is written, so that none outlives its request. */
  async announceFile({ keyHash, startedAt }: Attempt, name: string): Promise<void> {
    const { sql } = this.ctx.storage;
    const [request] = sql
      .exec<Pick<Row, "expires_at">>(
        "select expires_at from requests where key_hash = ? and started_at = ?",
        keyHash,
        startedAt,
      )
      .toArray();
    const expiresAt = request?.expires_at ?? Date.now() + keptMs;
    sql.exec("insert or ignore into files values (?, ?)", name, expiresAt);
    await this.#wakeBy(expiresAt);
  }

  /**
   * Keeps the answer of an attempt. Where two ran, since the lease of the first one ended, a success is what was done and is never
   * replaced; a refusal counts only of the latest attempt, for after an earlier one the other may have gone on.
   */
  complete({ keyHash, startedAt, number }: Attempt, answer: KeptAnswer): void {
    const { status, headers, errorCode, body, file } = answer;
    const { sql } = this.ctx.storage;
    sql.exec(
      `update requests set status = ?, headers = ?, error_code = ?, body = ?, file = ?
       where key_hash = ? and started_at = ? and (status is null or status >= 400) and (attempt = ? or ? < 400)`,
      status,
      JSON.stringify(headers),
      errorCode,
      body,
      file,
      keyHash,
      startedAt,
      number,
      status,
    );
    // A later attempt may have begun since the file was announced.
    if (file !== null) {
      sql.exec(
        `update files set expires_at = requests.expires_at from requests
         where files.name = ? and requests.file = files.name and requests.key_hash = ?`,
        file,
        keyHash,
      );
    }
  }

  /** Lets the next attempt in at once: what this one was answered is not kept. */
  release({ keyHash, startedAt, number }: Attempt): void {
    this.ctx.storage.sql.exec(
      "update requests set leased_until = 0 where key_hash = ? and started_at = ? and attempt = ?",
      keyHash,
      startedAt,
      number,
    );
  }

  /** Forgets the tenant. Its files go with all others of the tenant. */
  async erase(): Promise<void> {
    this.#alarmAt = null;
    await this.ctx.storage.deleteAlarm();
    this.ctx.storage.sql.exec("delete from requests");
    this.ctx.storage.sql.exec("delete from files");
  }

  override async alarm(): Promise<void> {
    this.#alarmAt = null;
    const now = Date.now();
    const { sql } = this.ctx.storage;
    const erased = await this.#eraseFiles(now);
    const { rowsWritten } = sql.exec(
      "delete from requests where key_hash in (select key_hash from requests where expires_at <= ? order by expires_at limit ?)",
      now,
      sweptPerAlarm,
    );
    const [next] = sql
      .exec<{ at: number | null }>(
        `select min(at) as at from
         (select min(expires_at) as at from requests union all select min(expires_at) from files)`,
      )
      .toArray();
    if (next?.at == null) return;
    // What is left of this slice is swept at once; files that R2 did not take away, with the next sweep.
    if (next.at <= now && (rowsWritten > 0 || erased > 0)) await this.#wakeAt(now);
    else await this.#wakeBy(Math.max(next.at, now + 1));
  }

  /** Answers how many. */
  async #eraseFiles(now: number): Promise<number> {
    const { sql } = this.ctx.storage;
    const names = sql
      .exec<{ name: string }>(
        "select name from files where expires_at <= ? order by expires_at limit ?",
        now,
        sweptPerAlarm,
      )
      .toArray()
      .map(({ name }) => name);
    if (names.length === 0) return 0;
    try {
      await this.env.FILES.delete(names);
    } catch (error) {
      console.error({ msg: "expired answers not erased", error: String(error) });
      return 0;
    }
    sql.exec("delete from files where name in (select value from json_each(?))", JSON.stringify(names));
    return names.length;
  }

  /** In the sweep after this time. */
  #wakeBy(time: number): Promise<void> {
    return this.#wakeAt(Math.ceil(time / sweepEveryMs) * sweepEveryMs);
  }

  async #wakeAt(time: number): Promise<void> {
    if (this.#alarmAt !== null && this.#alarmAt <= time) return;
    this.#alarmAt = time;
    await this.ctx.storage.setAlarm(time);
  }
}

/** An answer came, which is not kept. */
const isReleased = ({ status, leased_until }: Row): boolean => status === null && leased_until === 0;

/** One that ends much later than any lease lasts was given before the clock was set back; clocks of two machines differ by less. */
const isLeased = ({ leased_until }: Row, now: number): boolean =>
  leased_until > now && leased_until <= now + 2 * leaseMs;

/** What failed may have been done, so a repeat goes on with it; a corrected request is another one, with ids of its own. */
function beginningOf(known: Row | undefined, isSame: boolean, now: number): number {
  if (!known) return now;
  return isSame ? known.started_at : Math.max(now, known.started_at + 1);
}

const answerOf = ({ status, headers, error_code, body, file }: Row): KeptAnswer => ({
  status: status!,
  headers: JSON.parse(headers!) as KeptAnswer["headers"],
  errorCode: error_code,
  body,
  file,
});

/** As long again as it has run, so that a short one is heard of soon and a long one not asked for often; never beyond its lease. */
function retryAfter({ leased_until }: Row, now: number): number {
  const ran = now - (leased_until - leaseMs);
  return Math.max(1, Math.ceil(Math.min(ran, leased_until - now) / 1000));
}
