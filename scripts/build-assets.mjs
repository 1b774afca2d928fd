// Fills ./assets with what the Worker serves as it is. Wrangler runs this before every `dev` and `deploy`.
import { copyFile, mkdir, rename, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// standalone.js is one classic script with its styles inside; standalone.esm.js loads 200 chunks beside it.
const FILES = [
  {
    from: "node_modules/@scalar/api-reference/dist/browser/standalone.js",
    to: "assets/docs/scalar.js",
  },
];

// utimes keeps milliseconds, a file system may keep nanoseconds.
const MTIME_TOLERANCE_MS = 2;

/** Copies each file that changed since the last run; answers the paths it wrote, relative to `root`. */
export async function buildAssets(root) {
  const written = [];
  for (const { from, to } of FILES) {
    if (await copyIfChanged(join(root, from), join(root, to), join(root, ".wrangler"))) written.push(to);
  }
  return written;
}

async function copyIfChanged(from, to, scratch) {
  const source = await statOrNull(from);
  if (!source) throw new Error(`${from} is missing: run \`npm ci\` first.`);
  const target = await statOrNull(to);
  if (target && target.size === source.size && Math.abs(target.mtimeMs - source.mtimeMs) < MTIME_TOLERANCE_MS) {
    return false;
  }
  await mkdir(dirname(to), { recursive: true });
  await mkdir(scratch, { recursive: true });
  // Renaming keeps a second build, or a server that is reading, from ever seeing half a file.
  const partial = join(scratch, `asset-${process.pid}-${Date.now()}`);
  await copyFile(from, partial);
  await utimes(partial, source.atime, source.mtime);
  await rename(partial, to);
  return true;
}

async function statOrNull(path) {
  try {
    return await stat(path);
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    for (const path of await buildAssets(join(import.meta.dirname, ".."))) console.log(`Wrote ${path}.`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
