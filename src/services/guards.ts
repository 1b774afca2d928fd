import { IsolateCache } from "../db/isolate-cache";
import type { BaseContext } from "./context";
import { ServiceError } from "./errors";
import { networkOf } from "./network";
import type { PublicGuard } from "./public-limits";

/** By guard; what is counted, or null for what has none. */
export type GuardKeys = Partial<Record<PublicGuard, string | null>>;

/** The network that asks, after what is counted with it; null where nobody knows it: then nothing is counted. */
export function networkKey({ address }: BaseContext, ...parts: string[]): string | null {
  return address === null ? null : [...parts, networkOf(address)].join(" ");
}

/** Counts the request under each key. Throws `rate_limited` if it is beyond one of the guards. */
export async function refuseBeyond(ctx: BaseContext, keys: GuardKeys): Promise<void> {
  const within = await Promise.all(
    Object.entries(keys).map(([guard, key]) => isWithin(ctx, guard as PublicGuard, key)),
  );
  if (within.every(Boolean)) return;
  throw tooMany(retrySeconds);
}

/** Counts the request under one key; whether it is within what the guard takes. */
export async function isWithin(ctx: BaseContext, guard: PublicGuard, key: string | null): Promise<boolean> {
  if (key === null || (await ctx.isWithin(guard, key))) return true;
  logOnce(ctx, guard, key);
  return false;
}

/** The binding does not tell when its minute ends. After a whole one nothing counts any more that has been counted. */
const retrySeconds = 60;

export const tooMany = (retryAfterSeconds: number): ServiceError =>
  new ServiceError("rate_limited", "There were too many requests like this one.", { retryAfterSeconds });

/** The minute in which somebody was last told to be beyond a guard. */
const told = new IsolateCache<number>(10_000);

/** A flood is one line a minute. Who it was stays out of it. */
function logOnce(ctx: BaseContext, guard: PublicGuard, key: string): void {
  const minute = Math.floor(ctx.now / 60_000);
  const name = `${guard} ${key}`;
  if (told.get(name) === minute) return;
  told.set(name, minute);
  ctx.log({ level: "warn", msg: "guard tripped", guard });
}
