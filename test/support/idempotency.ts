import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createVault } from "../../src/db/vault";
import type { IdempotencyLedger, RequestMark } from "../../src/durable-objects/idempotency-ledger";
import { allShards, identify, shardOf } from "../../src/services/idempotency/identify";

/** The ledgers of a tenant, and requests under keys as they are in them. */

type Ledger = DurableObjectStub<IdempotencyLedger>;

export const ledgerNamed = (name: string): Ledger => env.IDEMPOTENCY_LEDGER.getByName(name) as Ledger;

export const ledgerOf = (tenantId: string, mark: Pick<RequestMark, "keyHash">): Ledger =>
  ledgerNamed(`${tenantId}/${shardOf(mark)}`);

export const ledgersOf = (tenantId: string): Ledger[] => allShards.map((shard) => ledgerNamed(`${tenantId}/${shard}`));

interface SentRequest {
  tenantId: string;
  key: string;
  method: string;
  path: string;
  body?: unknown;
  /** Of an operation that answers a secret. */
  caller?: string | null;
}

/** How a request that `call()` sends is told from others. */
export function markOf({ tenantId, key, method, path, body, caller = null }: SentRequest): Promise<RequestMark> {
  const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
  return identify({
    tenantId,
    key,
    method,
    target: path,
    precondition: null,
    body: new TextEncoder().encode(text),
    caller,
  });
}

export const underOtherMasterKey = createVault("ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=");

/** An environment whose ledgers cannot be reached, or fail at some of what they are asked. */
export function withLedger(failing: Partial<Record<"begin" | "complete" | "release", () => unknown>>): Cloudflare.Env {
  const IDEMPOTENCY_LEDGER = {
    getByName: (name: string) =>
      new Proxy(ledgerNamed(name), {
        get(stub, member) {
          const replaced = failing[member as keyof typeof failing];
          return replaced ?? ((...args: unknown[]) => (stub as any)[member](...args));
        },
      }),
  };
  return { ...env, IDEMPOTENCY_LEDGER } as unknown as Cloudflare.Env;
}

export const unreachable = async (): Promise<never> => {
  throw new Error("Network connection lost.");
};

/** An environment in which the first batch to either database is done, and its answer lost. */
export function losingAnswer(): { bindings: Cloudflare.Env; losses: () => number } {
  let losses = 0;
  const losing = (database: D1Database) =>
    new Proxy(database, {
      get(db, member) {
        const value: unknown = Reflect.get(db, member);
        if (member !== "batch") return typeof value === "function" ? value.bind(db) : value;
        return async (statements: D1PreparedStatement[]) => {
          const results = await db.batch(statements);
          if (losses > 0) return results;
          losses += 1;
          throw new Error("D1_ERROR: Network connection lost.");
        };
      },
    });
  const bindings = { ...env, DATA_DB: losing(env.DATA_DB), CONTROL_DB: losing(env.CONTROL_DB) };
  return { bindings: bindings as unknown as Cloudflare.Env, losses: () => losses };
}

/** Everything that a ledger has written, as text. */
export const contentOf = (ledger: Ledger): Promise<string> =>
  runInDurableObject(ledger, (_, { storage }) =>
    JSON.stringify([
      storage.sql.exec("select * from requests").toArray(),
      storage.sql.exec("select * from files").toArray(),
    ]),
  );
