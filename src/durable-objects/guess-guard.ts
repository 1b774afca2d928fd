import { DurableObject } from "cloudflare:workers";

/** Times in milliseconds. */
export interface GuessLimits {
  minuteMs: number;
  /** Attempts in a minute after which the next are refused until it ends. */
  refusedAfter: number;
  /** Attempts in a minute at which everything is refused for `blockMs`. */
  blockedAt: number;
  blockMs: number;
}

export interface Guesses {
  /** In this minute, the one that was just counted among them. */
  attempts: number;
  /** Epoch milliseconds; null while nothing is refused. */
  blockedUntil: number | null;
  /** What the attempt was about at which the block began. */
  about: string | null;
  /** Whether the block was noted where every isolate sees it. */
  isNoted: boolean;
}

/** In epoch milliseconds. */
interface State {
  openedAt: number;
  attempts: number;
  blockedUntil: number | null;
  about: string | null;
  notedUntil: number;
}

const stateKey = "guesses";

/** What is as old as this is of no use any more. */
const keptMs = 3_600_000;

/**
 * One per network that tried a link token which does not exist: counts in fixed minutes that the first attempt opens. Each count
 * is written before it is answered, so an eviction forgives nothing. An hour after the last minute everything is forgotten.
 */
export class GuessGuard extends DurableObject {
  /** Counts an attempt; while a long block lasts, none. */
  async count(about: string | null, limits: GuessLimits): Promise<Guesses> {
    const now = Date.now();
    const known = this.ctx.storage.kv.get<State>(stateKey);
    const underWay = known && isUnderWay(known, now, limits) ? known : null;
    const before = underWay ?? newMinute(now);
    const isBlocked = before.attempts >= limits.blockedAt;
    const state = isBlocked ? before : { ...before, attempts: before.attempts + 1 };
    if (!isBlocked && state.attempts === limits.refusedAfter) {
      Object.assign(state, { blockedUntil: state.openedAt + limits.minuteMs, about });
    }
    if (!isBlocked && state.attempts === limits.blockedAt) {
      Object.assign(state, { blockedUntil: now + limits.blockMs, about });
    }
    // Before anything is waited for: others may come in meanwhile.
    this.ctx.storage.kv.put(stateKey, state);
    if (!underWay) await this.ctx.storage.setAlarm(now + keptMs);
    const { attempts, blockedUntil, notedUntil } = state;
    return { attempts, blockedUntil, about: state.about, isNoted: blockedUntil !== null && notedUntil >= blockedUntil };
  }

  /** The block until then stands where every isolate sees it. */
  noted(blockedUntil: number): void {
    const state = this.ctx.storage.kv.get<State>(stateKey);
    if (state?.blockedUntil === blockedUntil) {
      this.ctx.storage.kv.put(stateKey, { ...state, notedUntil: blockedUntil });
    }
  }

  override async alarm(): Promise<void> {
    const state = this.ctx.storage.kv.get<State>(stateKey);
    const until = (state?.openedAt ?? 0) + keptMs;
    if (until > Date.now()) await this.ctx.storage.setAlarm(until);
    else await this.ctx.storage.deleteAll();
  }
}

const newMinute = (now: number): State => ({
  openedAt: now,
  attempts: 0,
  blockedUntil: null,
  about: null,
  notedUntil: 0,
});

/** Whether the minute is, or its block. What began much later than now, or ends much later than any block lasts, is of before the clock was set back; clocks of two machines differ by less. */
function isUnderWay({ openedAt, blockedUntil }: State, now: number, { minuteMs, blockMs }: GuessLimits): boolean {
  const latest = now + minuteMs;
  if (openedAt > latest || (blockedUntil ?? 0) > latest + Math.max(minuteMs, blockMs)) return false;
  return now < Math.max(openedAt + minuteMs, blockedUntil ?? 0);
}
