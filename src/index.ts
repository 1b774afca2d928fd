import { createApp } from "./app";
import { buildContext } from "./context";
import { consumeMaintenance } from "./queues/maintenance";
import { runSchedule } from "./schedule";
import type { MaintenanceMessage } from "./services/context";

export { GoogleGate } from "./durable-objects/google-gate";
export { GoogleSimulator } from "./durable-objects/google-simulator";
export { RateLimiter } from "./durable-objects/rate-limiter";

const app = createApp();

export default {
  fetch: app.fetch,
  queue: (batch, env) => consumeMaintenance(batch, (requestId) => buildContext(env, requestId)),
  scheduled: (controller, env, { cache }) => runSchedule(env, controller.scheduledTime, cache),
} satisfies ExportedHandler<Env, MaintenanceMessage>;
