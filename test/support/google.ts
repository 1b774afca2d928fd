import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env as realEnv } from "cloudflare:workers";
import { expect } from "vitest";
import worker from "../../src/index";
import type { GoogleSyncMessage } from "../../src/services/context";
import { baseUrl, call, type TestTenant } from "./api";

/** Google as the tests see it: the simulator, with the queue to it in the test's own hand. */
export interface Google {
  /** For requests whose messages the test delivers itself. */
  env: Cloudflare.Env;
  /** Enqueued and not delivered. */
  messages: GoogleSyncMessage[];
  /** Delivers what is enqueued, and what that enqueues, until nothing is left; answers how often a message was put back. */
  drain: () => Promise<number>;
}

export function newGoogle(bindings: Cloudflare.Env = realEnv): Google {
  const messages: GoogleSyncMessage[] = [];
  const queue = {
    send: async (body: GoogleSyncMessage) => void messages.push(body),
    sendBatch: async (batch: Iterable<{ body: GoogleSyncMessage }>) => {
      for (const { body } of batch) messages.push(body);
    },
  };
  const env = { ...bindings, GOOGLE_SYNC_QUEUE: queue } as unknown as Cloudflare.Env;
  return {
    env,
    messages,
    async drain() {
      let retries = 0;
      for (let round = 0; messages.length > 0 && round < 10; round += 1) {
        retries += (await deliver(env, messages.splice(0))).retryMessages.length;
      }
      return retries;
    },
  };
}

/** Gives messages to the Worker as its queue does. */
export async function deliver(env: Cloudflare.Env, messages: GoogleSyncMessage[], attempts = 1) {
  const batch = createMessageBatch<GoogleSyncMessage>(
    "wepass-sandbox-google-sync",
    messages.map((body, index) => ({ id: `message-${index}`, timestamp: new Date(0), attempts, body })),
  );
  const ctx = createExecutionContext();
  await worker.queue(batch as never, env);
  return getQueueResult(batch, ctx);
}

/** Opens the pass's Google link; answers the path of its save page. */
export async function saveLink(pass: { links: { google: string } }, env?: Cloudflare.Env): Promise<string> {
  const answer = await call("GET", new URL(pass.links.google).pathname, env ? { env } : {});
  expect(answer.status, answer.text).toBe(302);
  const location = answer.headers.get("location")!;
  expect(location).toMatch(new RegExp(`^${baseUrl}/simulator/google/gp/v/save/[\\w-]+\\.[\\w-]+\\.[\\w-]+$`));
  return new URL(location).pathname;
}

/** What the simulated phone shows behind a save link. */
export async function cardOf(path: string): Promise<any> {
  const answer = await simulator("GET", path, { accept: "application/json" });
  expect(answer.status).toBe(200);
  return answer.json();
}

export async function save(path: string): Promise<void> {
  expect((await simulator("POST", `${path}/save`)).status).toBe(303);
}

/** Answers of Google are its own, and stand in no document of ours. */
export async function simulator(method: string, path: string, headers: Record<string, string> = {}): Promise<Response> {
  return worker.fetch!(
    new Request(`${baseUrl}${path}`, { method, headers, redirect: "manual" }) as never,
    realEnv,
    createExecutionContext(),
  );
}

export const readPass = async (tenant: TestTenant, id: string): Promise<any> =>
  (await tenant.get(`/v2/passes/${id}`)).body;
