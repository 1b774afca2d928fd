import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { buildAssets } from "../../scripts/build-assets.mjs";
import { ensureDevVars } from "../../scripts/support/dev-vars.mjs";
import { run } from "../../scripts/support/run.mjs";
import { newAdminToken, newMasterKey } from "../../scripts/support/secrets.mjs";
import { shellQuote } from "../../scripts/support/shell-quote.mjs";

const ROOT = join(import.meta.dirname, "../..");
const folders = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function newFolder() {
  const folder = await mkdtemp(join(tmpdir(), "wepass-scripts-test-"));
  folders.push(folder);
  return folder;
}

describe("scripts' support", () => {
  it("makes .dev.vars for its owner only, and never again", async () => {
    const path = join(await newFolder(), ".dev.vars");
    const first = await ensureDevVars(path);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.match(first.ADMIN_TOKEN, /^wpa_/);
    assert.equal(Buffer.from(first.MASTER_KEY, "base64").length, 32);
    const text = await readFile(path, "utf8");
    assert.deepEqual(await ensureDevVars(path), first);
    assert.equal(await readFile(path, "utf8"), text);
  });

  it("says which variable an existing .dev.vars lacks, and leaves the file alone", async () => {
    const path = join(await newFolder(), ".dev.vars");
    await writeFile(path, "ADMIN_TOKEN=mine\n");
    await assert.rejects(ensureDevVars(path), /has no MASTER_KEY: add it, or delete the file/);
    assert.equal(await readFile(path, "utf8"), "ADMIN_TOKEN=mine\n");
  });

  it("makes a new secret each time", () => {
    assert.notEqual(newAdminToken(), newAdminToken());
    assert.notEqual(newMasterKey(), newMasterKey());
  });

  it("quotes words so that a shell reads them back", async () => {
    const words = ["a b", "it's", "$HOME", "", "--var", "PUBLIC_URL:https://x.dev"];
    const { stdout } = await run("sh", ["-c", `printf '%s\\n' ${shellQuote(words)}`]);
    assert.deepEqual(stdout.split("\n").slice(0, -1), words);
  });

  it("answers 127 for a program that is not there", async () => {
    assert.equal((await run("wepass-no-such-program", [])).code, 127);
  });

  it("copies the viewer of the API reference once", async () => {
    await buildAssets(ROOT);
    assert.deepEqual(await buildAssets(ROOT), []);
    await assert.rejects(buildAssets(await newFolder()), /is missing: run `npm ci` first/);
  });
});
