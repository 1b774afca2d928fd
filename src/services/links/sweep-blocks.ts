import { sql } from "drizzle-orm";
import { blockedNetworks } from "../../db/control-schema";
import type { BaseContext } from "../context";

const rowsPerSlice = 500;
const slicesPerRun = 10;

/** Forgets networks that are blocked no more. Runs from cron, any number of times; answers how many. */
export async function sweepBlocks(ctx: BaseContext): Promise<number> {
  let forgotten = 0;
  for (let slice = 0; slice < slicesPerRun; slice += 1) {
    const { meta } = await ctx.control.run(sql`
      delete from ${blockedNetworks} where network in (
        select network from ${blockedNetworks} where blocked_until <= ${ctx.now} order by blocked_until limit ${rowsPerSlice}
      )
    `);
    forgotten += meta.changes;
    if (meta.changes < rowsPerSlice) break;
  }
  return forgotten;
}
