import type { TenantContext } from "../context";
import { describeFault } from "../describe-fault";
import { readGoogleAccount } from "./account";
import { deliver, type Delivered } from "./deliver";
import { enqueueSync } from "./due";
import { failed } from "./failures";
import { claimDue, deliveryMs, settle, type Claimed } from "./lease";

/** While another has the pass: it may be done at once, or have died and hold it for a minute. */
const heldRetrySeconds = 10;
/** What is due later than this is left to cron. */
const queueRetrySecondsMax = 600;
/** Leaves places to people who open a link. */
const waitMsMax = 2000;

/**
 * Tells Google the present state of those passes that are due; of the others nothing. So a message that comes twice,
 * or after a later one, changes nothing. Answers for each pass in how many seconds to try again, or null.
 */
export async function syncPasses(ctx: TenantContext, passIds: string[]): Promise<Map<string, number | null>> {
  const { claimed, held } = await claimDue(ctx, passIds);
  const outcome = new Map<string, number | null>(passIds.map((passId) => [passId, null]));
  for (const passId of held) outcome.set(passId, heldRetrySeconds);
  if (claimed.length === 0) return outcome;
  const delivered = await deliverAll(ctx, claimed);
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

/** What breaks for all at once is noted on each, so that it comes back later and later, and others go first. */
async function deliverAll(ctx: TenantContext, claimed: Claimed[]): Promise<Delivered[]> {
  try {
    const account = await readGoogleAccount(ctx);
    return await deliver(ctx, account, claimed, { deadline: ctx.now + deliveryMs, waitMsMax });
  } catch (error) {
    ctx.log({ level: "error", msg: "google delivery failed", error: describeFault(error) });
    const fault = {
      code: "internal" as const,
      detail: "the passes could not be brought to Google",
      retryAfterSeconds: null,
    };
    return claimed.map(({ row }) => failed(ctx, row, null, fault));
  }
}
