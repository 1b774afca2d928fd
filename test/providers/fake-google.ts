import { env } from "cloudflare:workers";
import { afterEach, beforeEach, vi } from "vitest";
import type { GoogleGate } from "../../src/durable-objects/google-gate";
import { googleWallet, type GoogleWalletOptions } from "../../src/providers/google/driver";
import type { GoogleCall, Patience, ServiceAccount } from "../../src/providers/google/contract";
import { rsaPair } from "../google-wallet/keys";

export const start = Date.parse("2040-01-01T00:00:00Z");
export const tokenUrl = "https://oauth2.googleapis.com/token";
export const apiUrl = "https://walletobjects.googleapis.com";

/** Only the clock stands still; it moves when somebody sleeps. */
export function standStill(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: start });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

export const newAccount = (more: Partial<ServiceAccount> = {}): ServiceAccount => ({
  clientEmail: `wallet@${crypto.randomUUID()}.iam.gserviceaccount.com`,
  privateKeyId: "key-1",
  keyFingerprint: "f".repeat(64),
  signingKey: async () => (await rsaPair()).privateKey,
  ...more,
});

export type Answer = (request: Request, sent: Sent) => Response | Promise<Response>;

export interface Sent {
  method: string;
  url: string;
  headers: Headers;
  body: string;
  at: number;
}

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
export const minted = (token: string, headers = {}) =>
  json({ access_token: token, expires_in: 3599, token_type: "Bearer" }, 200, headers);
export const refused = (status: number, reason = "x", headers = {}) =>
  json(
    { error: { code: status, message: `${reason}.`, errors: [{ domain: "walletobjects", reason }] } },
    status,
    headers,
  );

/** Google as these answers, each given once and the last one for ever; a clock that moves only when somebody sleeps. */
export function newGoogle(answers: Answer[] = [], tokens: Answer[] = [], more: Partial<GoogleWalletOptions> = {}) {
  const calls: Sent[] = [];
  const mints: Sent[] = [];
  const slept: number[] = [];
  const options: GoogleWalletOptions = {
    apiUrl,
    tokenUrl,
    saveUrl: "https://pay.google.com/gp/v/save",
    callbackKeysUrl: "https://pay.google.com/gp/m/issuer/keys",
    fetch: async (request) => {
      const { method, url, headers } = request;
      const sent = { method, url, headers, body: await request.text(), at: Date.now() };
      const isMint = url === tokenUrl;
      const list = isMint ? mints : calls;
      const scripted = isMint ? (tokens.length > 0 ? tokens : [() => minted(`token-${mints.length}`)]) : answers;
      list.push(sent);
      return scripted[Math.min(list.length, scripted.length) - 1]!(request, sent);
    },
    gate: (name) => env.GOOGLE_GATE.getByName(name) as DurableObjectStub<GoogleGate>,
    now: () => Date.now(),
    sleep: async (ms) => {
      slept.push(ms);
      vi.setSystemTime(Date.now() + ms);
    },
    random: () => 0.5,
    ...more,
  };
  const as = (account = newAccount(), patience?: Patience) => googleWallet(options).as(account, patience);
  return { as, options, calls, mints, slept };
}

/** Lets others work until then. (`vi.waitFor` would move the clock.) */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve));
}

export const ok: Answer = () => json({ id: "1.a" });
export const get: GoogleCall = { method: "get", kind: "object", vertical: "loyalty", id: "1.a" };
export const insert: GoogleCall = {
  method: "insert",
  kind: "object",
  vertical: "loyalty",
  body: { id: "1.a", classId: "1.c" },
};
export const patch: GoogleCall = {
  method: "patch",
  kind: "object",
  vertical: "loyalty",
  id: "1.a",
  body: { state: "INACTIVE" },
};
export const addMessage: GoogleCall = {
  method: "addMessage",
  kind: "object",
  vertical: "loyalty",
  id: "1.a",
  message: { body: "Hi" },
};
