import { isUnsent } from "./errors";
import { leftMs, outOfTime, type Attempt, type Clock, type Failure } from "./exchange";
import type { GoogleAnswer } from "./types";

export interface Pace extends Clock {
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

interface Open<Call> {
  call: Call;
  index: number;
  /** Of the last time that it was sent. */
  failure: Failure | null;
}

/**
 * Sends calls together, then again those that failed and may be sent again: at most three times and before the
 * deadline, with exponential back-off and full jitter, and once more with another token if one was not taken. Answers
 * in the order of the calls.
 */
export async function inRounds<Call, Value>(
  calls: Call[],
  isIdempotent: (call: Call) => boolean,
  send: (calls: Call[], rejected: string | null) => Promise<Round<Value>>,
  pace: Pace,
): Promise<GoogleAnswer<Value>[]> {
  const answers: GoogleAnswer<Value>[] = [];
  const fail = ({ index }: Open<Call>, { error }: Failure) => {
    answers[index] = { ok: false, error };
  };
  let open = calls.map((call, index): Open<Call> => ({ call, index, failure: null }));
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
    const failed: Open<Call>[] = [];
    for (const [place, one] of open.entries()) {
      const attempt = sent.attempts[place]!;
      if (attempt.ok) {
        answers[one.index] = attempt;
        continue;
      }
      const failure = latest(one.failure, attempt);
      const isUntaken = attempt.error.status === 401 && renewable !== null;
      const delayMs = isUntaken ? 0 : delayOf(attempt, isIdempotent(one.call), tries, pace.random);
      if (isUntaken) rejected = renewable;
      if (delayMs === null) fail(one, failure);
      else {
        delaysMs.push(delayMs);
        failed.push({ ...one, failure });
      }
    }
    open = failed;
    const delayMs = Math.max(0, ...delaysMs);
    if (delayMs >= leftMs(pace)) for (const one of open.splice(0)) fail(one, latest(one.failure, outOfTime));
    else if (delayMs > 0) await pace.sleep(delayMs);
  }
  return answers;
}

/** What may have been done is not called unsent because it was not sent once more. */
const latest = (before: Failure | null, attempt: Failure): Failure =>
  before?.again === "if_idempotent" && isUnsent(attempt.error) ? before : attempt;

/** Null if the call is not to be sent again. */
function delayOf({ error, again }: Failure, isIdempotent: boolean, tries: number, random: () => number): number | null {
  if (tries >= triesMax || again === "never" || (again === "if_idempotent" && !isIdempotent)) return null;
  const jitterMs = random() * firstDelayMs * 2 ** (tries - 1);
  const seconds = error.retryAfterSeconds ?? 0;
  return seconds > retryAfterSecondsMax ? null : seconds * 1000 + jitterMs;
}
