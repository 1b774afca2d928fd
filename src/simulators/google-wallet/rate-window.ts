import type { Account } from "./store";

/** Google's limit of the Wallet API, held here per service account. */
const requestsPerSecond = 20;

/** Counts by the second of the clock, in memory: who begins anew forgives at most one second. */
export function rateWindow(): (account: Account, now: number) => boolean {
  let second = 0;
  let used = new Map<string, number>();
  return ({ email, fingerprint }, now) => {
    const current = Math.floor(now / 1000);
    if (current !== second) used = new Map();
    second = current;
    const key = `${email} ${fingerprint}`;
    const count = (used.get(key) ?? 0) + 1;
    used.set(key, count);
    return count <= requestsPerSecond;
  };
}
