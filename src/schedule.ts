import { buildContext } from "./context";
import { newId } from "./db/ids";
import { sweepDeletedTenants } from "./services/tenants/delete";

/** What cron does each minute: completes what was committed and then lost on its way to a queue. */
export async function runSchedule(env: Env, scheduledTime: number): Promise<void> {
  const ctx = buildContext(env, newId("req", scheduledTime), scheduledTime);
  const purges = await sweepDeletedTenants(ctx);
  ctx.log({ msg: "schedule", purges });
}
