import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { query, sqliteFiles } from "./sqlite.mjs";

/** Names what is to be applied and to which databases: wrangler.toml holds the ids that name their files. */
export async function migrationsMark(root) {
  const config = await readFile(join(root, "wrangler.toml"), "utf8");
  return createHash("sha256")
    .update(config)
    .update(JSON.stringify(await migrationNames(root)))
    .digest("hex");
}

/**
 * Whether `wrangler d1 migrations apply` would find nothing to do, told without its four seconds: it was done for this mark,
 * and the databases (`d1_migrations`) still say so.
 */
export async function isMigrated(mark, { root, state, migrated }) {
  const last = await readFile(migrated, "utf8").catch(() => null);
  if (last !== mark) return false;
  const applied = new Set((await sqliteFiles(join(state, "v3", "d1"))).flatMap(appliedIn));
  return (await migrationNames(root)).every((name) => applied.has(name));
}

async function migrationNames(root) {
  const names = await readdir(join(root, "migrations"), { recursive: true });
  return names
    .filter((name) => name.endsWith(".sql"))
    .map((name) => name.split(/[/\\]/).at(-1))
    .sort();
}

function appliedIn(file) {
  try {
    return query(file, "SELECT name FROM d1_migrations").map(({ name }) => name);
  } catch {
    return [];
  }
}
