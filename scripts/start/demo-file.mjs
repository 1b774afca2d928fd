import { readFile, rename, writeFile } from "node:fs/promises";

const EMPTY = { tenantId: null, apiKey: null, templateIds: [], passIds: [], passUrls: [], shownPassIds: [] };

/**
 * What the demo consists of so far. The lists go along with `demoTemplates()`. A file that is missing or unreadable counts
 * as empty: seeding then finds again what exists.
 */
export async function readDemo(path) {
  try {
    return { ...EMPTY, ...JSON.parse(await readFile(path, "utf8")) };
  } catch (error) {
    if (error.code !== "ENOENT" && !(error instanceof SyntaxError)) throw error;
    return { ...EMPTY };
  }
}

/** Stores it whole, for its owner only: it holds an API key. */
export async function writeDemo(path, demo) {
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  await rename(partial, path);
}
