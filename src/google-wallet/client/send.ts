import { busy } from "./errors";
import { exchange, failure, type Attempt, type Failure, type Fetch, type Limits, type Reply } from "./exchange";
import type { Pace } from "./retry";
import { mintToken } from "./token";
import type { Gate, ServiceAccount } from "./types";

export interface SendOptions extends Pace {
  fetch: Fetch;
  /** Without a slash at its end, such as `https://walletobjects.googleapis.com`. */
  apiUrl: string;
  tokenUrl: string;
  /** By the name of a service account. */
  gate: (name: string) => Gate;
  /** Epoch milliseconds. */
  now: () => number;
}

interface SendInput {
  method: string;
  path: string;
  content: { type: string; text: string } | null;
  /** Requests that Google counts. */
  cost: number;
  limits: Limits;
}

export interface Sent {
  reply: Attempt<Reply>;
  /** With which it was sent; null if it was not. */
  token: string | null;
}

/** Sends once: with the account's token, when the account's gate lets it. Never throws. */
export async function send(
  account: ServiceAccount,
  options: SendOptions,
  input: SendInput,
  rejected: string | null,
): Promise<Sent> {
  const admission = await admit(account, options, { cost: input.cost, rejected });
  if (!admission.ok) return { reply: admission, token: null };
  const { token, waitMs } = admission.value;
  if (waitMs > 0) await options.sleep(waitMs);
  const headers: Record<string, string> = {
    authorization: `Bearer ${token}`,
    accept: "application/json, multipart/mixed",
    "user-agent": "WePass/2",
  };
  if (input.content) headers["content-type"] = input.content.type;
  const init = { method: input.method, headers, body: input.content?.text ?? null };
  return { reply: await exchange(options.fetch, `${options.apiUrl}${input.path}`, init, input.limits), token };
}

type Admitted = Attempt<{ token: string; waitMs: number }>;

async function admit(
  account: ServiceAccount,
  options: SendOptions,
  input: { cost: number; rejected: string | null },
): Promise<Admitted> {
  try {
    // Anybody can write an address into a file; only who has the key gets what is kept under this name.
    const gate = options.gate(`${account.clientEmail}/${account.keyFingerprint}`);
    const admission = await gate.admit(input, async () => (await mintToken(account, options)).answer);
    if (admission.ok) return { ok: true, value: { token: admission.token, waitMs: admission.waitMs } };
    return "error" in admission ? failure(admission.error, "never") : failure(overrun(admission.refusedForMs), "never");
  } catch {
    return unasked;
  }
}

const overrun = (forMs: number) => busy("more requests of this service account wait than Google takes in time", forMs);

/** A Durable Object that moves or restarts; nothing was sent. */
const unasked: Failure = failure(busy("the gate of this service account did not answer", null), "always");
