import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { parseEnv } from "node:util";
import { unlistedFiles } from "../../scripts/demo/package.mjs";
import { demoTemplates } from "../../scripts/seed/templates.mjs";
import { createApi } from "../../scripts/start/api.mjs";
import { freePort } from "../../scripts/start/port.mjs";
import { ensureDemo } from "../../scripts/start/seed.mjs";
import { run } from "../../scripts/support/run.mjs";
import { newMasterKey } from "../../scripts/support/secrets.mjs";

const ROOT = join(import.meta.dirname, "../..");
const READY = "Ctrl-C stops.";
const folder = await mkdtemp(join(tmpdir(), "wepass-start-test-"));
const demoFile = join(folder, "wepass-demo.json");
const devVars = join(folder, "dev-vars");
const port = await freePort();
const url = `http://localhost:${port}`;
const children = new Set();

after(async () => {
  for (const child of children) child.kill("SIGTERM");
  await Promise.all([...children].map((child) => child.exitCode ?? once(child, "exit")));
  await rm(folder, { recursive: true, force: true });
});

/** Runs the command until it is ready or over. Answers what it printed, and how to end it as Ctrl-C does. */
async function start(options = {}) {
  const { p = port, state = folder, vars = devVars } = options;
  const script = join(ROOT, "scripts/start.mjs");
  const child = spawn(process.execPath, [script, "--port", String(p), "--persist-to", state, "--dev-vars", vars]);
  children.add(child);
  const exit = once(child, "exit").then(([code]) => (children.delete(child), code));
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const ready = new Promise((resolve) => {
    child.stdout.on("data", (chunk) => (stdout += chunk).includes(READY) && resolve(null));
  });
  const code = await Promise.race([ready, exit]);
  const stop = () => (child.kill("SIGINT"), exit);
  return { stdout, stderr, code, stop };
}

/** Starts what must not start: a code that is not 0, and one sentence that fits. */
async function refuses(options, sentence) {
  const { code, stderr } = await start(options);
  assert.equal(code, 1, stderr);
  assert.match(stderr, sentence);
  assert.equal(stderr.trim().split("\n").length, 1, stderr);
}

const readDemo = async () => JSON.parse(await readFile(demoFile, "utf8"));
const writeDemo = async (members) => writeFile(demoFile, JSON.stringify({ ...(await readDemo()), ...members }));
const adminApi = async () => createApi(url, parseEnv(await readFile(devVars, "utf8")).ADMIN_TOKEN);
let seeds;
const completeDemo = async () => ensureDemo(await adminApi(), demoFile, () => (seeds ??= demoTemplates()));
const counts = async (apiKey) => {
  const { usage } = await createApi(url, apiKey).ask("GET", "/v2/account");
  return [usage.templates, usage.passesIssued];
};

describe("npm start", { concurrency: false }, () => {
  let first;
  let server;

  it("prints where everything is, and the passes can be opened", async () => {
    server = await start();
    assert.equal(server.code, null, server.stderr);
    assert.equal(server.stderr, "");
    first = await readDemo();
    const { stdout } = server;
    for (const line of [`Home page  ${url}/`, `API docs   ${url}/docs`, `API key    ${first.apiKey}`])
      assert.ok(stdout.includes(`\n${line}\n`), line);
    const printed = stdout.match(/^ {2}http:\S+$/gm).map((line) => line.trim());
    assert.equal(printed.length, 5);
    assert.deepEqual(printed, first.passUrls);
    for (const address of [...printed, `${url}/`, `${url}/docs`]) {
      const response = await fetch(address);
      assert.equal(response.status, 200, address);
      assert.match(response.headers.get("content-type"), /^text\/html/);
    }
    assert.equal((await stat(demoFile)).mode & 0o777, 0o600);
    assert.equal((await stat(devVars)).mode & 0o777, 0o600);
  });

  it("prints a curl line that issues a pass", async () => {
    const { code, stdout } = await run("sh", ["-c", server.stdout.match(/^ {2}(curl .*)$/m)[1]]);
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).status, "active");
  });

  it("completes a seeding that was interrupted, making nothing twice", async () => {
    const before = await counts(first.apiKey);
    // A run that died after it had made everything, but recorded only a part.
    await writeDemo({ templateIds: first.templateIds.slice(0, 2), passIds: [], passUrls: [], shownPassIds: [] });
    const { templateIds, passIds } = await completeDemo();
    assert.deepEqual([templateIds, passIds], [first.templateIds, first.passIds]);
    assert.deepEqual(await counts(first.apiKey), before);
    // And one that could not even record its tenant.
    await rm(demoFile);
    assert.deepEqual((await completeDemo()).passIds, first.passIds);
    await writeDemo({ apiKey: first.apiKey });
  });

  it("issues a voided pass anew, and gives a pass whose link was revoked another one", async () => {
    const api = createApi(url, first.apiKey);
    await api.ask("DELETE", `/v2/passes/${first.passIds[0]}`);
    await api.ask("DELETE", `/v2/links/${first.passUrls[1].split("/").at(-1)}`);
    const demo = await completeDemo();
    assert.notEqual(demo.passIds[0], first.passIds[0]);
    assert.deepEqual(demo.passIds.slice(1), first.passIds.slice(1));
    assert.notEqual(demo.passUrls[1], first.passUrls[1]);
    for (const address of demo.passUrls) assert.equal((await fetch(address)).status, 200);
    first = await readDemo();
  });

  it("serves a tour of which every step holds", async () => {
    const script = join(ROOT, "scripts/demo.mjs");
    const { code, stdout, stderr } = await run(process.execPath, [script, "--url", url, "--key", first.apiKey]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /✓ Every step held\.\n$/);
    const wrongKey = await run(process.execPath, [script, "--url", url, "--key", "wp_test_nothing"]);
    assert.equal(wrongKey.code, 1);
    assert.match(wrongKey.stderr, /does not take the key/);
  });

  it("stops in order, and keeps key and passes in the next run", async () => {
    await refuses({}, new RegExp(`Port ${port} is taken`));
    assert.equal(await server.stop(), 0);
    await assert.rejects(fetch(url));
    server = await start();
    assert.equal(server.code, null, server.stderr);
    assert.deepEqual(await readDemo(), first);
    assert.ok(server.stdout.includes(first.apiKey));
  });

  it("makes a new key when the old one was revoked", async () => {
    const api = createApi(url, first.apiKey);
    const [key] = (await api.ask("GET", "/v2/api-keys")).data.filter(({ keyId }) => first.apiKey.includes(keyId));
    await api.ask("DELETE", `/v2/api-keys/${key.id}`);
    assert.equal(await server.stop(), 0);
    server = await start();
    const { apiKey, ...rest } = await readDemo();
    assert.notEqual(apiKey, first.apiKey);
    assert.deepEqual({ ...rest, apiKey: first.apiKey }, first);
    assert.equal((await createApi(url, apiKey).send("GET", "/v2/account")).status, 200);
  });

  it("seeds anew when the tenant was deleted", async () => {
    await (await adminApi()).ask("DELETE", `/admin/tenants/${first.tenantId}`);
    const demo = await completeDemo();
    assert.notEqual(demo.tenantId, first.tenantId);
    assert.deepEqual(await counts(demo.apiKey), [5, 5]);
    assert.equal(await server.stop(), 0);
  });

  it("says that a file of the secrets lacks one", async () => {
    const vars = join(folder, "incomplete-vars");
    await writeFile(vars, "ADMIN_TOKEN=wpa_mine\n");
    await refuses({ vars }, /incomplete-vars has no MASTER_KEY/);
  });

  it("says that the data belongs to another master key", async () => {
    const vars = join(folder, "other-vars");
    await writeFile(vars, `ADMIN_TOKEN=wpa_mine\nMASTER_KEY=${newMasterKey()}\n`);
    await refuses({ vars }, /made under another MASTER_KEY/);
  });

  it("says that the local data is damaged", async () => {
    const databases = join(folder, "v3/d1/miniflare-D1DatabaseObject");
    for (const name of await readdir(databases)) {
      const path = join(databases, name);
      if (name.endsWith(".sqlite")) await writeFile(path, Buffer.alloc(4096, "damage"));
      else await rm(path);
    }
    await refuses({}, /The local data is damaged \(.*not a database\): delete/);
  });

  it("says that the port is taken by a stranger", async () => {
    const stranger = createServer().listen(0, "127.0.0.1");
    await once(stranger, "listening");
    const state = join(folder, "untouched");
    await mkdir(state);
    await refuses({ p: stranger.address().port, state }, /is taken: stop the program/);
    assert.deepEqual(await readdir(state), []);
    stranger.close();
  });
});

describe("npm run demo", () => {
  it("finds a file that is not as the manifest says", () => {
    const bytes = (text) => new TextEncoder().encode(text);
    const manifest = { "a.txt": "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8", "gone.txt": "0" };
    const files = { "a.txt": bytes("a"), signature: bytes("s"), "manifest.json": bytes("{}") };
    assert.deepEqual(unlistedFiles({ files, manifest }), ["gone.txt"]);
    const changed = { ...files, "a.txt": bytes("b"), "new.txt": bytes("n") };
    assert.deepEqual(unlistedFiles({ files: changed, manifest }), ["a.txt", "new.txt", "gone.txt"]);
  });
});
