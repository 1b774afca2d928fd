import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { GuessGuard } from "../../src/durable-objects/guess-guard";
import type { NonceLedger } from "../../src/durable-objects/nonce-ledger";
import type { RequestLog } from "../../src/durable-objects/request-log";
import type { TestTenant } from "./api";
import type { Google } from "./google";
import { ledgersOf } from "./idempotency";
import { base64, email, mark, text, type Traces } from "./planted";

const guesser = "planted network";
const plantedEntry = "aud_00000000000000000000planted";

/** Plants a marked value in each kind of place that is searched. */
export function placesOf(traces: Traces, google: Google, { id }: TestTenant) {
  const log = env.REQUEST_LOG.getByName(id) as DurableObjectStub<RequestLog>;
  const guard = env.GUESS_GUARD.getByName(guesser) as DurableObjectStub<GuessGuard>;
  const ledger = ledgersOf(id)[0]!;
  const nonces = env.NONCE_LEDGER.getByName(id) as DurableObjectStub<NonceLedger>;
  const audit = (db: D1Database) => () =>
    db
      .prepare("insert into audit_log values (?, ?, 1, 'admin', 'tenant.updated', 'tenant', ?1, null, 'req_1', ?3)")
      .bind(id, plantedEntry, JSON.stringify([{ pointer: "#/name", to: text("name") }]))
      .run();
  const plants: Record<string, () => unknown> = {
    lines: () => console.error({ msg: "fault", error: text("line").toUpperCase() }),
    problems: () => traces.problems.push(`{"detail":"${base64(text("problem"))}"}`),
    messages: () => google.messages.push({ tenantId: id, passId: text("pass"), requestId: "req_1" }),
    "control audit log": audit(env.CONTROL_DB),
    "data audit log": audit(env.DATA_DB),
    events: () => env.DATA_DB.prepare("update events set data = ? where tenant_id = ?").bind(email("event"), id).run(),
    "blocked networks": () => env.CONTROL_DB.prepare("insert into blocked_networks values (?, 1)").bind(mark).run(),
    "request log": async () => {
      const [logged] = (await log.list({ limit: 1, cursor: null, backwards: false, filter: {} }))!.requests;
      await log.append({ ...logged!, route: text("route") });
    },
    "rate limiter": () =>
      runInDurableObject(env.RATE_LIMITER.getByName(id), (_, { storage }) => {
        storage.sql.exec("insert into key_use values (?, 1, null)", text("key"));
      }),
    "nonce ledger": () => nonces.claim(text("nonce"), Date.now() + 1000),
    "idempotency ledger": () => ledger.begin({ keyHash: text("key"), fingerprint: "a" }),
    "guess guard": () =>
      guard.count(text("token"), { minuteMs: 60_000, refusedAfter: 1, blockedAt: 2, blockMs: 60_000 }),
  };
  /** Takes away what other tests would find. */
  const clear = async () => {
    await env.CONTROL_DB.prepare("delete from blocked_networks where network = ?").bind(mark).run();
    for (const db of [env.CONTROL_DB, env.DATA_DB])
      await db.prepare("delete from audit_log where id = ?").bind(plantedEntry).run();
    await runInDurableObject(guard, (_, { storage }) => storage.deleteAll());
  };
  return { plants, clear };
}
