import { readFile, writeFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { SECRET_MAKERS } from "./secrets.mjs";

/**
 * The variables of `.dev.vars`, which `wrangler dev` reads. A missing file is made, readable by its owner only; an existing
 * one is never changed, for a new MASTER_KEY would make the local database unreadable.
 *
 * Throws an Error with one sentence when an existing file lacks MASTER_KEY or ADMIN_TOKEN.
 */
export async function ensureDevVars(path) {
  try {
    await writeFile(path, newDevVars(), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  const vars = { ...parseEnv(await readFile(path, "utf8")) };
  const missing = Object.keys(SECRET_MAKERS).filter((name) => !vars[name]);
  if (missing.length > 0) {
    throw new Error(
      `${path} has no ${missing.join(" and no ")}: add it, or delete the file (and the local data in .wrangler/state, which needs its MASTER_KEY) to have a new one made.`,
    );
  }
  return vars;
}

function newDevVars() {
  return Object.entries(SECRET_MAKERS)
    .map(([name, make]) => `${name}="${make()}"\n`)
    .join("");
}
