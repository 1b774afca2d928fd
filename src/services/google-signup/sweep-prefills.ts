import { sql } from "drizzle-orm";
import type { Database } from "../../db/client";
import { signupPrefills } from "../../db/data-schema";
import type { BaseContext } from "../context";

const rowsPerSlice = 500;
const slicesPerRun = 10;

/** Erases what no page fetched in time. Runs from cron, any number of times; answers how many. */
export async function sweepPrefills(ctx: BaseContext): Promise<number> {
  let erased = 0;
  for (const data of ctx.dataDatabases()) {
    for (let slice = 0; slice < slicesPerRun; slice += 1) {
      const rows = await sweepSlice(data, ctx.now);
      erased += rows;
      if (rows < rowsPerSlice) break;
    }
  }
  return erased;
}

async function sweepSlice(data: Database, now: number): Promise<number> {
  const { meta } = await data.run(sql`
    delete from ${signupPrefills} where (tenant_id, token_hash) in (
      select tenant_id, token_hash from ${signupPrefills} where expires_at <= ${now} order by expires_at limit ${rowsPerSlice}
    )
  `);
  return meta.changes;
}
