import { readdir } from "node:fs/promises";
import { join } from "node:path";

// Node 22 has it from 22.13 on; without it we know less beforehand, and nothing else changes.
const sqlite = process.getBuiltinModule("node:sqlite");

/** Paths of the SQLite files in and below a folder; none if it does not exist, or if this Node cannot read them. */
export async function sqliteFiles(folder) {
  if (!sqlite) return [];
  try {
    const names = await readdir(folder, { recursive: true });
    return names.filter((name) => name.endsWith(".sqlite")).map((name) => join(folder, name));
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

/** The rows of a query. Throws what SQLite says, with its `errcode`. */
export function query(path, sql) {
  const database = new sqlite.DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}
