import type { JsonObject } from "../../pass-model/resolved-pass";
import { busy, googleError, parseObject, unreachable } from "./errors";
import type { GoogleError } from "./types";

/** One request and its whole answer. */

export type Fetch = (request: Request) => Promise<Response>;

export interface Clock {
  /** Epoch milliseconds. */
  now: () => number;
  /** Nothing is sent after it, and no answer awaited. Epoch milliseconds; Infinity if there is none. */
  deadline: number;
}

export interface Line extends Clock {
  fetch: Fetch;
}

export interface Reply {
  status: number;
  header: (name: string) => string | null;
  text: string;
}

export interface Failure {
  ok: false;
  error: GoogleError;
  /** Whether the same request may be sent again: always, for it was surely not processed; or only if a second time does no harm. */
  again: "always" | "if_idempotent" | "never";
}

export type Attempt<T> = { ok: true; value: T } | Failure;

export interface Limits {
  timeoutMs: number;
  /** Of the answer's body. */
  bytesMax: number;
}

export const limitsOfOne: Limits = { timeoutMs: 10_000, bytesMax: 1024 * 1024 };

export const failure = (error: GoogleError, again: Failure["again"]): Failure => ({ ok: false, error, again });

export const leftMs = ({ now, deadline }: Clock): number => deadline - now();

/** The deadline is past, or would be: nothing was sent. */
export const outOfTime: Failure = failure(busy("the time in which this could be sent is over", 5000), "never");

/** A reply of any status; a failure if there is none within the time. Never throws. */
export async function exchange(
  { fetch, ...clock }: Line,
  url: string,
  init: { method: string; headers: Record<string, string>; body: string | null },
  { timeoutMs, bytesMax }: Limits,
): Promise<Attempt<Reply>> {
  const allowedMs = Math.min(timeoutMs, leftMs(clock));
  if (allowedMs <= 0) return outOfTime;
  const abort = new AbortController();
  const replied = async (): Promise<Attempt<Reply>> => {
    // No redirect is followed: the token would go along.
    const request = new Request(url, { ...init, redirect: "manual", signal: abort.signal });
    const response = await fetch(request);
    const text = await readText(response, bytesMax);
    if (text === null) return failure(unreachable("Google's answer is too large", response.status), "never");
    return { ok: true, value: { status: response.status, header: (name) => response.headers.get(name), text } };
  };
  const attempt = await within(allowedMs, replied().catch(brokenOff));
  if (attempt) return attempt;
  abort.abort();
  const message = `Google did not answer whole within ${allowedMs / 1000} seconds`;
  return failure(unreachable(message), "if_idempotent");
}

/** Null if it takes longer. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  if (ms === Infinity) return promise;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expiry = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([promise, expiry]);
  } finally {
    clearTimeout(timer);
  }
}

/** workerd tells a refused connection, which nothing can have reached, not from one that was lost. */
const brokenOff = (): Failure => failure(unreachable("Google could not be reached, or broke off"), "if_idempotent");

/** Null if it is too long. */
async function readText({ body, headers }: Response, bytesMax: number): Promise<string | null> {
  if (!body) return "";
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  // The announced length spares the transfer, and may be a lie.
  let length = Number(headers.get("content-length") ?? 0);
  if (length <= bytesMax) length = 0;
  while (length <= bytesMax) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.length;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return null;
}

/** What a reply means. `now` is epoch milliseconds, for a `Retry-After` that names a date. */
export function attemptOf({ status, header, text }: Reply, now: number): Attempt<JsonObject> {
  if (status >= 200 && status < 300) {
    const value = parseObject(text);
    return value
      ? { ok: true, value }
      : failure(unreachable(`Google answered ${status} and nothing that can be read`, status), "if_idempotent");
  }
  const error = googleError(status, text, retryAfterSeconds(header("retry-after"), now));
  return failure(error, againOf(error));
}

/** 429 and 503 are answered instead of processing a request; after other 5xx nobody knows. */
function againOf({ status, kind }: GoogleError): Failure["again"] {
  // Such as the quota of notifications, whatever its status is.
  if (kind !== "busy" && kind !== "unreachable") return "never";
  if (status === 429 || status === 503) return "always";
  return status !== null && status >= 500 ? "if_idempotent" : "never";
}

const retryAfterSecondsMax = 86_400;

/** Seconds or an HTTP date. RFC 9110, section 10.2.3. */
export function retryAfterSeconds(header: string | null, now: number): number | null {
  if (header === null) return null;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : Math.ceil((Date.parse(header) - now) / 1000);
  return Number.isNaN(seconds) ? null : Math.min(Math.max(0, seconds), retryAfterSecondsMax);
}
