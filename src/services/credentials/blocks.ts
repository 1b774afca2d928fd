import { IsolateCache } from "../../db/isolate-cache";
import { refusedForMs, type LimitState } from "./limit-state";

interface Block {
  /** Epoch milliseconds. */
  from: number;
  until: number;
  state: LimitState;
}

/** A raised limit holds everywhere as soon as this. */
const blockMsMax = 1000;

/** Tenants that were over their limit a moment ago: the limiter need not be asked again. */
const blocks = new IsolateCache<Block>(1000);

/** `now`: when the limiter answered. */
export function block(tenantId: string, state: LimitState, now: number): void {
  blocks.set(tenantId, { from: now, until: now + Math.min(blockMsMax, refusedForMs(state)), state });
}

/** How the windows of a blocked tenant stand now; null if it is not blocked. */
export function blockedState(tenantId: string, now: number): LimitState | null {
  const found = blocks.get(tenantId);
  if (!found || now < found.from || now >= found.until) return null;
  const elapsedMs = now - found.from;
  const windows = found.state.windows.map((window) => ({
    ...window,
    resetMs: Math.max(0, window.resetMs - elapsedMs),
  }));
  return { ...found.state, windows };
}

export const unblock = (tenantId: string): void => blocks.delete(tenantId);
