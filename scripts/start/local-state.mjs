import { join, relative } from "node:path";
import { StartError } from "./failure.mjs";
import { query, sqliteFiles } from "./sqlite.mjs";

// SQLITE_CORRUPT and SQLITE_NOTADB; anything else, such as a lock, is for the Worker to meet.
const DAMAGE = new Set([11, 26]);

/** Throws StartError if a SQLite file of the local state is damaged: the Worker would fail on it later and less clearly. */
export async function checkLocalState(state) {
  for (const file of await sqliteFiles(join(state, "v3"))) {
    const damage = damageOf(file);
    if (damage) throw damagedState(state, `${relative(state, file)}: ${damage}`);
  }
}

export function damagedState(state, reason) {
  return new StartError(
    `The local data is damaged (${reason}): delete ${join(state, "v3")} and start again, which begins with empty databases.`,
  );
}

function damageOf(file) {
  try {
    const [{ quick_check: result }] = query(file, "PRAGMA quick_check(1)");
    return result === "ok" ? null : result.replaceAll(/\s+/g, " ");
  } catch (error) {
    return DAMAGE.has(error.errcode & 0xff) ? error.message : null;
  }
}
