import { busy, isUnsent } from "./errors";
import {
  exchange,
  failure,
  leftMs,
  outOfTime,
  within,
  type Attempt,
  type Failure,
  type Limits,
  type Reply,
} from "./exchange";
import { mintToken, type TokenOptions } from "./token";
import type { Admission, Gate, ServiceAccount } from "./types";

export interface SendOptions extends TokenOptions {
  /** Without a slash at its end, such as `https://walletobjects.googleapis.com`. */
  apiUrl: string;
  /** By the name of a service account. */
  gate: (name: string) => Gate;
  /** The longest wait for a place in the account's rate. */
  waitMsMax: number;
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
  /** To send it with; null if there was none. */
  token: string | null;
}

/** Sends once: with the account's token, when the account's gate lets it. Never throws. */
export async function send(
  account: ServiceAccount,
  options: SendOptions,
  input: SendInput,
  rejected: string | null,
): Promise<Sent> {
  const admission = await admit(account, options, input.cost, rejected);
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
  return { reply: await exchange(options, `${options.apiUrl}${input.path}`, init, input.limits), token };
}

type Admitted = Attempt<{ token: string; waitMs: number }>;

async function admit(
  account: ServiceAccount,
  options: SendOptions,
  cost: number,
  rejected: string | null,
): Promise<Admitted> {
  const left = leftMs(options);
  if (left <= 0) return outOfTime;
  const waitMsMax = Math.min(options.waitMsMax, left);
  // Anybody can write an address into a file; only who has the key gets what is kept under this name.
  const asked = async () =>
    options
      .gate(`${account.clientEmail}/${account.keyFingerprint}`)
      .admit({ cost, rejected, waitMsMax }, () => mint(account, options));
  const admission = await within(
    left,
    asked().catch(() => "unasked" as const),
  );
  if (admission === "unasked") return unasked;
  // Somebody else's mint can take longer than this caller has.
  return admission === null ? outOfTime : admittedOf(admission, options);
}

function admittedOf(admission: Admission, options: SendOptions): Admitted {
  const left = leftMs(options);
  if (left <= 0) return outOfTime;
  if (admission.ok) {
    const { token, waitMs } = admission;
    return waitMs < left ? { ok: true, value: { token, waitMs } } : outOfTime;
  }
  if ("error" in admission) return failure(admission.error, "never");
  return admission.refusedForMs > options.waitMsMax ? failure(overrun(admission.refusedForMs), "never") : outOfTime;
}

async function mint(account: ServiceAccount, options: SendOptions): ReturnType<Parameters<Gate["admit"]>[1]> {
  const { answer } = await mintToken(account, options);
  if (answer.ok) return answer;
  // That this caller's time is over says nothing to others who wait for the token: they mint by themselves.
  return leftMs(options) <= 0 || isUnsent(answer.error) ? null : answer;
}

const overrun = (forMs: number) => busy("more requests of this service account wait than Google takes in time", forMs);

/** A Durable Object that moves or restarts; nothing was sent. */
const unasked: Failure = failure(busy("the gate of this service account did not answer", null), "always");
