import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { StartError } from "./failure.mjs";

// SQLITE_CORRUPT and SQLITE_NOTADB; anything else, such as a lock, is for the Worker to meet.
const DAMAGE = new Set([11, 26]);

/** Throws StartError if a SQLite file of the local state is damaged: the Worker would fail on it later and less clearly. */
export async function checkLocalState(folder) {
  const sqlite = process.getBuiltinModule("node:sqlite");
  if (!sqlite) return;
  for (const file of await sqliteFiles(join(folder, "v3"))) {
    const damage = damageOf(sqlite.DatabaseSync, file);
    if (damage) throw damagedState(folder, `${file}: ${damage}`);
  }
}

export function damagedState(folder, reason) {
  return new StartError(
    `The local data is damaged (${reason}): delete ${join(folder, "v3")} and start again, which begins with empty databases.`,
  );
}

async function sqliteFiles(folder) {
  try {
    const names = await readdir(folder, { recursive: true });
    return names.filter((name) => name.endsWith(".sqlite")).map((name) => join(folder, name));
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

function damageOf(DatabaseSync, path) {
  let database;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const { quick_check: result } = database.prepare("PRAGMA quick_check(1)").get();
    return result === "ok" ? null : result.replaceAll(/\s+/g, " ");
  } catch (error) {
    return DAMAGE.has(error.errcode & 0xff) ? error.message : null;
  } finally {
    database?.close();
  }
}
