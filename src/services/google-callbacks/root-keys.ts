import { and, eq, sql } from "drizzle-orm";
import { deployment } from "../../db/control-schema";
import { hasLiveKey, type RootKeys } from "../../google-wallet/callback";
import type { BaseContext } from "../context";

/** The row that all isolates share, and that comes with the tenant: keys cost no read of their own. */
export const keysRowName = "google_callback_keys";

/** Google's keys as they were last fetched. Times are epoch milliseconds. */
export interface StoredKeys {
  /** Whose they are: a deployment that is pointed elsewhere does not use them. */
  url: string;
  document: RootKeys;
  fetchedAt: number;
  freshUntil: number;
  /** When the latest attempt to fetch them began. It runs until they are there, or it failed. */
  triedAt: number;
  failed: boolean;
}

const minuteMs = 60_000;
/** Without a fetch in between, however short the keys say that they live: bad messages must not make us ask Google. */
const keptMsMin = minuteMs;
const keptMsMax = 24 * 60 * minuteMs;
/** After a failed attempt. */
const pauseMs = 10_000;
/** Longer than an attempt can take: who began it is gone. */
const attemptMsMax = 10_000;

export function parseStoredKeys(value: string | null): StoredKeys | null {
  return value === null ? null : (JSON.parse(value) as StoredKeys);
}

/** Null if others are to be fetched (`fetchOnce`). */
export const usableKeys = (ctx: BaseContext, stored: StoredKeys | null): StoredKeys | null =>
  stored && isUsable(ctx, stored) ? stored : null;

/** Newer keys than those by which a signature was found to be bad, at most once a minute; null if they are not to be had. */
export async function renewedKeys(ctx: BaseContext, keys: StoredKeys): Promise<StoredKeys | null> {
  if (ctx.now >= keys.triedAt + minuteMs || isRunning(ctx, keys)) return fetchOnce(ctx, keys);
  return keys.failed ? null : keys;
}

const isUsable = ({ google, now }: BaseContext, { url, freshUntil }: StoredKeys): boolean =>
  url === google.callbackKeysUrl && now < freshUntil;

const isRunning = ({ now }: BaseContext, { triedAt, fetchedAt, failed }: StoredKeys): boolean =>
  triedAt > fetchedAt && !failed && now < triedAt + attemptMsMax;

/**
 * Of all who need newer keys at once one fetches them, and the others wait for it. After a failure nobody does for a while.
 * Null if they are not to be had.
 */
export async function fetchOnce(ctx: BaseContext, stored: StoredKeys | null): Promise<StoredKeys | null> {
  if (stored?.failed && ctx.now < stored.triedAt + pauseMs && stored.url === ctx.google.callbackKeysUrl) return null;
  if (stored && isRunning(ctx, stored)) return outcomeOfOther(ctx);
  const attempt = await begin(ctx, stored);
  return attempt ? fetchKeys(ctx, attempt) : outcomeOfOther(ctx);
}

/** Null if another has begun since `stored` was read. */
async function begin(ctx: BaseContext, stored: StoredKeys | null): Promise<StoredKeys | null> {
  const { callbackKeysUrl: url } = ctx.google;
  const known = stored?.url === url ? stored : { url, document: { keys: [] }, fetchedAt: 0, freshUntil: 0 };
  const attempt = { ...known, triedAt: ctx.now, failed: false };
  const value = JSON.stringify(attempt);
  const begun = await ctx.control
    .insert(deployment)
    .values({ name: keysRowName, value })
    .onConflictDoUpdate({
      target: deployment.name,
      set: { value },
      setWhere: stored ? sql`${deployment.value} = ${JSON.stringify(stored)}` : sql`false`,
    })
    .returning({ name: deployment.name });
  return begun.length > 0 ? attempt : null;
}

async function fetchKeys(ctx: BaseContext, attempt: StoredKeys): Promise<StoredKeys | null> {
  const fetched = await ctx.google.fetchCallbackKeys();
  const document = fetched?.document as RootKeys | undefined;
  // What a proxy answers in Google's place takes away no keys that we have.
  if (!fetched || !document || !(await hasLiveKey(document, ctx.now))) {
    ctx.log({ level: "error", msg: "google callback keys not fetched", url: attempt.url });
    await replace(ctx, attempt, { ...attempt, failed: true });
    return null;
  }
  const keptMs = Math.min(keptMsMax, Math.max(keptMsMin, fetched.freshForMs));
  const keys = { ...attempt, document, fetchedAt: ctx.now, freshUntil: ctx.now + keptMs };
  await replace(ctx, attempt, keys);
  return keys;
}

/** Not if another has begun since, as it may after `attemptMsMax`. */
async function replace(ctx: BaseContext, before: StoredKeys, after: StoredKeys): Promise<void> {
  await ctx.control
    .update(deployment)
    .set({ value: JSON.stringify(after) })
    .where(and(eq(deployment.name, keysRowName), eq(deployment.value, JSON.stringify(before))));
}

/** An attempt takes five seconds at most. */
const waitsMs = [50, 100, 200, 400, 800, 1500, 2500];

async function outcomeOfOther(ctx: BaseContext): Promise<StoredKeys | null> {
  for (const waitMs of waitsMs) {
    await ctx.sleep(waitMs);
    const [row] = await ctx.control.select().from(deployment).where(eq(deployment.name, keysRowName));
    const stored = parseStoredKeys(row?.value ?? null);
    if (stored?.failed) return null;
    if (stored && stored.triedAt <= stored.fetchedAt) return usableKeys(ctx, stored);
  }
  return null;
}
