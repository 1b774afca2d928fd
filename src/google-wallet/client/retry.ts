import type { Attempt, Failure } from "./exchange";
import type { GoogleAnswer, GoogleError } from "./types";

export interface Pace {
  sleep: (ms: number) => Promise<void>;
  /** From 0 to below 1, as `Math.random`. */
  random: () => number;
}

export interface Round<Value> {
  /** One per call, in their order. */
  attempts: Attempt<Value>[];
  /** With which they were sent; null if there was none. */
  token: string | null;
}

const triesMax = 3;
const firstDelayMs = 500;
/** Who is told to come back later than that is told so, and not kept waiting. */
const retryAfterSecondsMax = 5;

/**
 * Sends calls together, then again those that failed and may be sent again: at most three times, with exponential
 * back-off and full jitter, and once more with another token if one was not taken. Answers in the order of the calls.
 */
export async function inRounds<Call, Value>(
  calls: Call[],
  isIdempotent: (call: Call) => boolean,
  send: (calls: Call[], rejected: string | null) => Promise<Round<Value>>,
  { sleep, random }: Pace,
): Promise<GoogleAnswer<Value>[]> {
  const answers: GoogleAnswer<Value>[] = [];
  let open = calls.map((call, index) => ({ call, index }));
  let rejected: string | null = null;
  for (let round = 1; open.length > 0; round += 1) {
    const sent: Round<Value> = await send(
      open.map(({ call }) => call),
      rejected,
    );
    const renewable: string | null = rejected === null ? sent.token : null;
    // A round that only told that the token is of no use is no try.
    const tries = rejected === null ? round : round - 1;
    const delaysMs: number[] = [];
    const failed: typeof open = [];
    for (const [place, one] of open.entries()) {
      const attempt = sent.attempts[place]!;
      if (attempt.ok) {
        answers[one.index] = attempt;
        continue;
      }
      const isUntaken = attempt.error.status === 401 && renewable !== null;
      const delayMs = isUntaken ? 0 : delayOf(attempt, isIdempotent(one.call), tries, random);
      if (isUntaken) rejected = renewable;
      if (delayMs === null) answers[one.index] = { ok: false, error: finalError(attempt) };
      else {
        delaysMs.push(delayMs);
        failed.push(one);
      }
    }
    open = failed;
    const delayMs = Math.max(0, ...delaysMs);
    if (delayMs > 0) await sleep(delayMs);
  }
  return answers;
}

/** Null if the call is not to be sent again. */
function delayOf({ error, again }: Failure, isIdempotent: boolean, tries: number, random: () => number): number | null {
  if (tries >= triesMax || again === "never" || (again === "if_idempotent" && !isIdempotent)) return null;
  const jitterMs = random() * firstDelayMs * 2 ** (tries - 1);
  const seconds = error.retryAfterSeconds ?? 0;
  return seconds > retryAfterSecondsMax ? null : seconds * 1000 + jitterMs;
}

const finalError = ({ error, again }: Failure): GoogleError =>
  again !== "never" && (error.retryAfterSeconds ?? 0) > retryAfterSecondsMax ? { ...error, kind: "busy" } : error;
