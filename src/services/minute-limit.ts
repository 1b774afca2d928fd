import { IsolateCache } from "../db/isolate-cache";

/**
 * Tells for a key and the present time whether there were more than so many calls within the minute. Each isolate counts
 * its own: it tempers a flood and is no quota.
 */
export function minuteLimit(callsMax: number): (key: string, now: number) => boolean {
  const calls = new IsolateCache<{ minute: number; count: number }>(10_000);
  return function isExhausted(key, now) {
    const minute = Math.floor(now / 60_000);
    const known = calls.get(key);
    const count = known?.minute === minute ? known.count + 1 : 1;
    calls.set(key, { minute, count });
    return count > callsMax;
  };
}
