import type { TenantContext } from "../context";
import { readGoogleAccount } from "./account";
import { deliver } from "./deliver";
import { enqueueSync } from "./due";
import { claimDue, settle } from "./lease";

/** While another has the pass: it may be done at once, or have died and hold it for a minute. */
const heldRetrySeconds = 10;
/** What is due later than this is left to cron. */
const queueRetrySecondsMax = 600;

/**
 * Tells Google the present state of those passes that are due; of the others nothing. So a message that comes twice,
 * or after a later one, changes nothing. Answers for each pass in how many seconds to try again, or null.
 */
export async function syncPasses(ctx: TenantContext, passIds: string[]): Promise<Map<string, number | null>> {
  const { claimed, held } = await claimDue(ctx, passIds);
  const outcome = new Map<string, number | null>(passIds.map((passId) => [passId, null]));
  for (const passId of held) outcome.set(passId, heldRetrySeconds);
  if (claimed.length === 0) return outcome;
  const delivered = await deliver(ctx, await readGoogleAccount(ctx), claimed);
  const again = new Set(await settle(ctx, delivered));
  for (const { row, error } of delivered) {
    const { passId } = row;
    if (error) ctx.log({ level: "error", msg: "google sync failed", passId, code: error.code });
    // Changed while it was on its way.
    if (again.has(passId)) await enqueueSync(ctx, passId);
    else if (error?.retryAfterSeconds && error.retryAfterSeconds <= queueRetrySecondsMax) {
      outcome.set(passId, error.retryAfterSeconds + 1);
    }
  }
  return outcome;
}
