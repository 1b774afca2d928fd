import type { Database } from "../db/client";
import type { TenantRow } from "../db/control-schema";
import type { IdPrefix, RandomBytes } from "../db/ids";
import type { KeyMode } from "../db/tokens";
import type { Vault } from "../db/vault";
import type { GoogleSimulator } from "../durable-objects/google-simulator";
import type { GuessGuard } from "../durable-objects/guess-guard";
import type { IdempotencyLedger } from "../durable-objects/idempotency-ledger";
import type { NonceLedger } from "../durable-objects/nonce-ledger";
import type { RateLimiter } from "../durable-objects/rate-limiter";
import type { RequestLog } from "../durable-objects/request-log";
import type { GoogleWallet } from "../providers/google/contract";
import type { ImageConverter } from "../providers/images/contract";
import type { FetchPublic } from "../providers/outbound/contract";
import type { PublicGuard } from "./public-limits";

/** What every verb gets. It knows no request and no binding names; `src/context.ts` builds it. */
export interface BaseContext {
  environment: "sandbox" | "production";
  /** Origin under which the deployment is reached, without a trailing slash. */
  publicUrl: string;
  /** Epoch milliseconds: the one instant of this request or message. */
  now: number;
  /** Epoch milliseconds at this moment, for what takes or lasts some time within a request; everything else goes by `now`. */
  clock: () => number;
  requestId: string;
  /** IP address that the request came from; null where nobody asked: of queues and cron. */
  address: string | null;
  /**
   * The id of what this request makes, one for each prefix, and chance for its tokens. Under an Idempotency-Key both derive from the
   * key: a second attempt at the same request makes the same.
   */
  newId: (prefix: IdPrefix) => string;
  random: (purpose: string) => RandomBytes;
  /** Whether this request came under an Idempotency-Key. */
  isKeyed: boolean;
  control: Database;
  /** R2. */
  files: R2Bucket;
  vault: Vault;
  limiter: (tenantId: string) => DurableObjectStub<RateLimiter>;
  /** One of the shards of a tenant's Idempotency-Keys. */
  idempotency: (tenantId: string, shard: number) => DurableObjectStub<IdempotencyLedger>;
  /** The last requests of a tenant. */
  requestLog: (tenantId: string) => DurableObjectStub<RequestLog>;
  /** Counts link tokens that one network tried and that do not exist. */
  guesses: (network: string) => DurableObjectStub<GuessGuard>;
  /** Counts one more under this key; whether it is within what the guard takes. A guard that does not answer lets everything in. */
  isWithin: (guard: PublicGuard, key: string) => Promise<boolean>;
  /** Of Google's callbacks to a tenant. */
  nonces: (tenantId: string) => DurableObjectStub<NonceLedger>;
  dataOf: (tenantCode: string) => Database;
  /** As `dataOf`, from a replica near the reader, which may be a moment behind. */
  replicaOf: (tenantCode: string) => Database;
  /** Every data database, for what cron does across tenants. */
  dataDatabases: () => Database[];
  /** Null where the deployment has no Images binding. */
  images: ImageConverter | null;
  /** Takes what carries one of these tags out of the cache in front of the Worker. Never throws. */
  purgeCached: (tags: string[]) => Promise<void>;
  /** The one way to a URL that a user gave. */
  fetchPublic: FetchPublic;
  /** Where Apple's intermediate certificate is, and the SHA-256 fingerprints (lowercase hex) by which one is accepted. */
  wwdr: { url: string; fingerprints: string[] };
  /** Google's API; in a sandbox the simulator's. */
  google: GoogleWallet;
  /** Where a sandbox has Google; null in production. */
  googleSimulator: DurableObjectStub<GoogleSimulator> | null;
  enqueueGoogleSync: (messages: GoogleSyncMessage[]) => Promise<void>;
  enqueueMaintenance: (message: MaintenanceMessage) => Promise<void>;
  sleep: (milliseconds: number) => Promise<void>;
  log: (entry: Record<string, unknown>) => void;
}

/** Messages carry ids, never payloads: those of the request that sent them, too, and its trace, which the queue adds. */
interface Traced {
  requestId: string;
  /** W3C Trace Context. */
  traceparent?: string | undefined;
}

export type MaintenanceMessage = Traced & { type: "purge_tenant"; tenantId: string };

/** A pass of which Google may not have the present state. */
export type GoogleSyncMessage = Traced & { tenantId: string; passId: string };

export type Actor = { type: "key"; id: string } | { type: "admin" } | { type: "system" } | { type: "holder" };

/** What verbs on a tenant's own data get. */
export interface TenantContext extends BaseContext {
  tenant: TenantRow;
  actor: Actor;
  data: Database;
}

export const actorName = (actor: Actor): string => (actor.type === "key" ? actor.id : actor.type);

export const keyModes: Record<BaseContext["environment"], KeyMode> = { sandbox: "test", production: "live" };

export function forTenant(base: BaseContext, tenant: TenantRow, actor: Actor): TenantContext {
  return { ...base, tenant, actor, data: base.dataOf(tenant.code) };
}
