import type { BaseContext, GoogleSyncMessage } from "../services/context";
import { forTenant } from "../services/context";
import { describeFault } from "../services/describe-fault";
import { syncPasses } from "../services/google/sync";
import { findTenant } from "../services/tenants/read";

const messagesPerCall = 100;

/** A tenant takes some ten requests of its own, and an invocation may make 50 on the free plan. */
const tenantsMax = 4;

export async function sendGoogleSync(
  env: Pick<Env, "GOOGLE_SYNC_QUEUE">,
  messages: GoogleSyncMessage[],
  traceparent: string,
): Promise<void> {
  for (let at = 0; at < messages.length; at += messagesPerCall) {
    const bodies = messages.slice(at, at + messagesPerCall).map((message) => ({ ...message, traceparent }));
    await env.GOOGLE_SYNC_QUEUE.sendBatch(bodies.map((body) => ({ body })));
  }
}

/** Tenant by tenant, for each has its own account at Google; what fails is tried again by itself. */
export async function consumeGoogleSync(
  batch: MessageBatch<GoogleSyncMessage>,
  contextOf: (requestId: string, traceparent?: string) => BaseContext,
): Promise<void> {
  const groups = byTenant(batch.messages);
  for (const message of groups.slice(tenantsMax).flat()) message.retry({ delaySeconds: 1 });
  for (const messages of groups.slice(0, tenantsMax)) {
    const { tenantId, requestId, traceparent } = messages[0]!.body;
    const base = contextOf(requestId, traceparent);
    const entry = { msg: "queue message", queue: batch.queue, tenantId, messages: messages.length };
    try {
      const tenant = await findTenant(base, tenantId);
      const passIds = [...new Set(messages.map(({ body }) => body.passId))];
      const outcome = tenant && (await syncPasses(forTenant(base, tenant, { type: "system" }), passIds));
      for (const message of messages) {
        const delaySeconds = outcome?.get(message.body.passId) ?? null;
        if (delaySeconds === null) message.ack();
        else message.retry({ delaySeconds });
      }
      base.log({ ...entry, outcome: "done" });
    } catch (error) {
      for (const message of messages) message.retry({ delaySeconds: backOffSeconds(message.attempts) });
      base.log({ ...entry, outcome: "retry", error: describeFault(error) });
    }
  }
}

const backOffSeconds = (attempts: number): number => Math.min(3600, 5 * 2 ** (attempts - 1));

function byTenant(messages: readonly Message<GoogleSyncMessage>[]): Message<GoogleSyncMessage>[][] {
  const groups = new Map<string, Message<GoogleSyncMessage>[]>();
  for (const message of messages) {
    const { tenantId } = message.body;
    groups.set(tenantId, [...(groups.get(tenantId) ?? []), message]);
  }
  return [...groups.values()];
}
