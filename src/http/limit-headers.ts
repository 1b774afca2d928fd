import { createMiddleware } from "hono/factory";
import type { LimitState } from "../services/credentials/limit-state";
import type { AppEnv } from "./env";

export interface RequestLimits extends LimitState {
  /** Epoch milliseconds: when the limiter's answer came. */
  at: number;
}

type Window = LimitState["windows"][number];

/**
 * What an account may and what is left of it, as headers: the two structured lists (RFC 9651) of
 * draft-ietf-httpapi-ratelimit-headers-10, and for clients that know no lists the window that is nearest to its limit.
 */
export function limitHeaders({ windows, at }: RequestLimits, now: number): Record<string, string> {
  const nearest = nearestToLimit(windows);
  if (!nearest) return {};
  const secondsLeft = ({ resetMs }: Window) => Math.max(0, Math.ceil((at + resetMs - now) / 1000));
  return {
    "RateLimit-Policy": windows
      .map(({ name, quota, windowSeconds }) => `"${name}";q=${quota};w=${windowSeconds}`)
      .join(", "),
    RateLimit: windows.map((window) => `"${window.name}";r=${remaining(window)};t=${secondsLeft(window)}`).join(", "),
    "X-RateLimit-Limit": String(nearest.quota),
    "X-RateLimit-Used": String(nearest.used),
    "X-RateLimit-Remaining": String(remaining(nearest)),
    "X-RateLimit-Reset": String(Math.ceil((at + nearest.resetMs) / 1000)),
  };
}

/** A limit that was lowered in its window may be below what was used. */
const remaining = ({ quota, used }: Window): number => Math.max(0, quota - used);

/** The one that refuses first if requests go on; of those that refuse, the one that does so longest. */
function nearestToLimit(windows: Window[]): Window | undefined {
  return windows.toSorted((a, b) => remaining(a) - remaining(b) || b.resetMs - a.resetMs)[0];
}

/** Around `authenticated()`: every answer to a right key has them, whoever made it and whatever it is. */
export function withLimitHeaders() {
  return createMiddleware<AppEnv>(async function limitHeadersMiddleware(c, next) {
    await next();
    const limits = c.get("limits") as RequestLimits | null | undefined;
    if (!limits) return;
    for (const [name, value] of Object.entries(limitHeaders(limits, Date.now()))) c.header(name, value);
  });
}
