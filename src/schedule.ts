import { buildContext } from "./context";
import { newId } from "./db/ids";
import { adoptPasses } from "./services/apple/adopt-passes";
import { warnOfExpiringCertificates } from "./services/apple/warn-expiring";
import { reconcileCallbacks } from "./services/google-callbacks/reconcile";
import { sweepPrefills } from "./services/google-signup/sweep-prefills";
import { sweepGoogleSync } from "./services/google/sweep";
import { finishDeletions } from "./services/images/finish-deletions";
import { sweepBlocks } from "./services/links/sweep-blocks";
import { sweepDeletedTenants } from "./services/tenants/delete";

/** What cron does each minute: completes what was committed and then lost on its way to a queue, and tells what is due. */
export async function runSchedule(env: Env, scheduledTime: number, cache?: CacheContext): Promise<void> {
  const ctx = buildContext(env, newId("req", scheduledTime), scheduledTime, { cache });
  // Together: one that fails keeps none of the others from its work.
  const [
    purges,
    expiryWarnings,
    adoptionSlices,
    imageDeletions,
    googleSyncs,
    googleComparisons,
    signupPrefills,
    linkBlocks,
  ] = await Promise.all([
    sweepDeletedTenants(ctx),
    warnOfExpiringCertificates(ctx),
    adoptPasses(ctx),
    finishDeletions(ctx),
    sweepGoogleSync(ctx),
    reconcileCallbacks(ctx),
    sweepPrefills(ctx),
    sweepBlocks(ctx),
  ]);
  ctx.log({
    msg: "schedule",
    purges,
    expiryWarnings,
    adoptionSlices,
    imageDeletions,
    googleSyncs,
    googleComparisons,
    signupPrefills,
    linkBlocks,
  });
}
