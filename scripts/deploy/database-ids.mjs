import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { readWranglerConfig } from "../support/wrangler.mjs";
import { DeployError } from "./failure.mjs";

/**
 * Writes the ids of `databases` (`[{ name, id }]`, the stale lines) into the wrangler.toml at `path`. Only the text between
 * the quotes of their `database_id` lines changes; the result is parsed and compared before it takes the old file's place.
 */
export async function writeDatabaseIds(path, databases, idByName) {
  const text = await readFile(path, "utf8");
  const next = withDatabaseIds(text, databases, idByName);
  const draft = path.replace(/\.toml$/, `.${process.pid}.toml`);
  try {
    await writeFile(draft, next, { mode: (await stat(path)).mode });
    const expected = withIdsSet(await readWranglerConfig(path), databases, idByName);
    if (!isDeepStrictEqual(await readWranglerConfig(draft), expected)) {
      throw new DeployError(
        `The database ids could not be written into ${path} without changing something else: set database_id of ${namesOf(databases)} by hand.`,
      );
    }
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** The text of wrangler.toml with each stale id replaced, all else byte for byte the same. */
export function withDatabaseIds(text, databases, idByName) {
  return databases.reduce((current, { name, id }) => {
    const line = new RegExp(`^([ \\t]*database_id[ \\t]*=[ \\t]*(["']))${RegExp.escape(id ?? "")}(?=\\2)`, "gm");
    const found = current.match(line)?.length ?? 0;
    if (found !== 1) {
      throw new DeployError(
        `wrangler.toml must hold the line database_id = "${id ?? ""}" of ${name} exactly once, and holds it ${found} times.`,
      );
    }
    return current.replace(line, (_, before) => before + idByName[name]);
  }, text);
}

function withIdsSet(config, databases, idByName) {
  const names = new Set(databases.map(({ name }) => name));
  const expected = structuredClone(config);
  for (const section of [expected, ...Object.values(expected.env ?? {})]) {
    for (const row of section.d1_databases ?? []) {
      if (names.has(row.database_name)) row.database_id = idByName[row.database_name];
    }
  }
  return expected;
}

function namesOf(databases) {
  return databases.map(({ name }) => name).join(" and ");
}
