import { createApp } from "./app";
import { buildContext } from "./context";
import { continueTrace } from "./http/trace";
import { consumeGoogleSync } from "./queues/google-sync";
import { consumeMaintenance } from "./queues/maintenance";
import { runSchedule } from "./schedule";
import type { GoogleSyncMessage, MaintenanceMessage } from "./services/context";

export { GoogleGate } from "./durable-objects/google-gate";
export { GoogleSimulator } from "./durable-objects/google-simulator";
export { GuessGuard } from "./durable-objects/guess-guard";
export { IdempotencyLedger } from "./durable-objects/idempotency-ledger";
export { NonceLedger } from "./durable-objects/nonce-ledger";
export { RateLimiter } from "./durable-objects/rate-limiter";
export { RequestLog } from "./durable-objects/request-log";

const app = createApp();

export default {
  fetch: app.fetch,
  queue: (batch, env) => {
    const contextOf = (requestId: string, traceparent?: string) =>
      buildContext(env, requestId, Date.now(), { trace: continueTrace(traceparent) });
    return batch.queue.endsWith("-google-sync")
      ? consumeGoogleSync(batch as MessageBatch<GoogleSyncMessage>, contextOf)
      : consumeMaintenance(batch as MessageBatch<MaintenanceMessage>, contextOf);
  },
  scheduled: (controller, env, { cache }) => runSchedule(env, controller.scheduledTime, cache),
} satisfies ExportedHandler<Env, MaintenanceMessage | GoogleSyncMessage>;
