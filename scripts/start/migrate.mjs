import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { wranglerIn } from "../support/wrangler.mjs";
import { StartError } from "./failure.mjs";
import { damagedState } from "./local-state.mjs";
import { appendLog, lastError } from "./log.mjs";
import { isMigrated, migrationsMark } from "./migrated.mjs";

const DATABASES = ["CONTROL_DB", "DATA_DB"];

/** Brings both local databases up to date. Throws StartError. */
export async function migrate({ root, state, log, migrated }) {
  const mark = await migrationsMark(root);
  if (await isMigrated(mark, { root, state, migrated })) return;
  const wrangler = wranglerIn(root);
  const apply = async (database) => {
    // An empty --env keeps a CLOUDFLARE_ENV of the shell from choosing another environment.
    const args = ["d1", "migrations", "apply", database, "--local", "--env=", "--persist-to", state];
    const { code, stdout, stderr } = await wrangler(args);
    await appendLog(log, `${stdout}${stderr}`);
    if (code !== 0) throw await migrationFailed(database, { state, log });
  };
  // Two at once are faster, but must not both make the files that they share.
  if (existsSync(join(state, "v3", "d1"))) await Promise.all(DATABASES.map(apply));
  else for (const database of DATABASES) await apply(database);
  await writeFile(migrated, mark);
}

async function migrationFailed(database, { state, log }) {
  const said = (await lastError(log)) ?? "wrangler gave no reason";
  if (/malformed|not a database|SQLITE_(CORRUPT|NOTADB)/i.test(said))
    return damagedState(state, `${database}: ${said}`);
  return new StartError(`The migrations of ${database} failed (${said}); wrangler's output is in ${log}.`);
}
