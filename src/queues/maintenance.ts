import type { BaseContext, MaintenanceMessage } from "../services/context";
import { describeFault } from "../services/describe-fault";
import { purgeTenantSlice } from "../services/tenants/purge";

/** The queue of the platform's own chores. Messages carry ids; each chore may run twice. */
export async function sendMaintenance(
  env: Pick<Env, "MAINTENANCE_QUEUE">,
  message: MaintenanceMessage,
  traceparent: string,
): Promise<void> {
  await env.MAINTENANCE_QUEUE.send({ ...message, traceparent });
}

const slicesPerMessage = 25;

/** Settles each message by itself: done, or again with growing delay. What a retry never finishes, cron enqueues anew. */
export async function consumeMaintenance(
  batch: MessageBatch<MaintenanceMessage>,
  contextOf: (requestId: string, traceparent?: string) => BaseContext,
): Promise<void> {
  for (const message of batch.messages) {
    const { type, tenantId, requestId, traceparent } = message.body;
    const ctx = contextOf(requestId, traceparent);
    try {
      const done = await purge(ctx, tenantId);
      if (!done) await ctx.enqueueMaintenance(message.body);
      ctx.log({ msg: "queue message", queue: batch.queue, type, tenantId, outcome: done ? "done" : "continued" });
      message.ack();
    } catch (error) {
      const described = describeFault(error);
      ctx.log({ msg: "queue message", queue: batch.queue, type, tenantId, outcome: "retry", error: described });
      message.retry({ delaySeconds: Math.min(3600, 10 * 2 ** (message.attempts - 1)) });
    }
  }
}

async function purge(ctx: BaseContext, tenantId: string): Promise<boolean> {
  for (let slice = 0; slice < slicesPerMessage; slice += 1) {
    if ((await purgeTenantSlice(ctx, tenantId)).done) return true;
  }
  return false;
}
