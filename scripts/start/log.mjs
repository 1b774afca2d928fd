import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** An empty log for its owner only: request lines in it hold the tokens of links. */
export async function newLog(path) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "", { mode: 0o600 });
}

export const appendLog = (path, text) => appendFile(path, text);

/** What wrangler, or the Worker in it, last called an error; null if nothing. */
export async function lastError(path) {
  const text = await readPlain(path);
  const found = [...text.matchAll(/\[(?:wrangler:)?error\]\s*(.+)|^\s*error: ['"`](.+)['"`],?$/gim)].at(-1);
  const said = found && (found[1] ?? found[2]).split(/ at (?=\S+ \()|\. /)[0];
  return said ? said.trim().replace(/[.:]+$/, "") : null;
}

export const buildFailed = async (path) => /\[ERROR\] Build failed|Custom build.* failed/i.test(await readPlain(path));

const readPlain = async (path) => stripVTControlCharacters(await readFile(path, "utf8"));
