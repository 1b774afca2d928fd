import { and, eq, sql } from "drizzle-orm";
import { deployment } from "../../db/control-schema";
import type { RootKeys } from "../../google-wallet/callback";
import type { BaseContext } from "../context";

/** The row that all isolates share, and that comes with the tenant: keys cost no read of their own. */
export const keysRowName = "google_callback_keys";

/** Google's keys as they were last fetched. Times are epoch milliseconds. */
export interface StoredKeys {
  /** Whose they are: a deployment that is pointed elsewhere does not use them. */
  url: string;
  document: RootKeys | null;
  fetchedAt: number;
  freshUntil: number;
  /** When the latest attempt to fetch them began; later than `fetchedAt` while it runs, and if it failed. */
  triedAt: number;
}

const minuteMs = 60_000;
/** Without a fetch in between, however short the keys say that they live: bad messages must not make us ask Google. */
const keptMsMin = minuteMs;
const keptMsMax = 24 * 60 * minuteMs;
/** After a failed attempt, and while one runs. */
const pauseMs = 10_000;

export function parseStoredKeys(value: string | null): StoredKeys | null {
  return value === null ? null : (JSON.parse(value) as StoredKeys);
}

/** The keys to verify with now; null if there are none to be had. */
export async function currentKeys(ctx: BaseContext, stored: StoredKeys | null): Promise<StoredKeys | null> {
  const known = stored?.url === ctx.google.callbackKeysUrl ? stored : null;
  if (known?.document && ctx.now < known.freshUntil) return known;
  if (known && isUncertain(ctx, known)) return null;
  return fetchKeys(ctx, known);
}

/** Whether an attempt to fetch newer ones runs, or has just failed. */
const isUncertain = ({ now }: BaseContext, { triedAt, fetchedAt }: StoredKeys): boolean =>
  triedAt > fetchedAt && now < triedAt + pauseMs;

/**
 * Newer keys than those by which a signature was found to be bad; the same if they are new enough. Of all who ask within
 * a minute one fetches. Null to the others while that one is at it, and if it fails.
 */
export async function renewedKeys(ctx: BaseContext, keys: StoredKeys): Promise<StoredKeys | null> {
  if (isUncertain(ctx, keys)) return null;
  if (ctx.now < keys.triedAt + minuteMs) return keys;
  const triedAt = sql`${deployment.value} ->> '$.triedAt'`;
  const [begun] = await ctx.control
    .update(deployment)
    .set({ value: sql`json_set(${deployment.value}, '$.triedAt', ${ctx.now})` })
    .where(and(eq(deployment.name, keysRowName), sql`${triedAt} = ${keys.triedAt}`))
    .returning({ name: deployment.name });
  return begun ? fetchKeys(ctx, keys) : null;
}

async function fetchKeys(ctx: BaseContext, known: StoredKeys | null): Promise<StoredKeys | null> {
  const { callbackKeysUrl: url } = ctx.google;
  const fetched = await ctx.google.fetchCallbackKeys();
  if (!fetched) {
    ctx.log({ level: "error", msg: "google callback keys not fetched", url });
    await store(ctx, { url, document: null, fetchedAt: 0, freshUntil: 0, ...known, triedAt: ctx.now });
    return null;
  }
  const keptMs = Math.min(keptMsMax, Math.max(keptMsMin, fetched.freshForMs));
  const keys = {
    url,
    document: fetched.document as unknown as RootKeys,
    fetchedAt: ctx.now,
    freshUntil: ctx.now + keptMs,
    triedAt: ctx.now,
  };
  await store(ctx, keys);
  return keys;
}

async function store(ctx: BaseContext, keys: StoredKeys): Promise<void> {
  const value = JSON.stringify(keys);
  await ctx.control
    .insert(deployment)
    .values({ name: keysRowName, value })
    .onConflictDoUpdate({ target: deployment.name, set: { value } });
}
