import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { freePort } from "../../scripts/start/port.mjs";
import { run } from "../../scripts/support/run.mjs";

const SCRIPT = join(import.meta.dirname, "../../scripts/simulator.mjs");
const READY = "Ctrl-C stops.";
const folder = await mkdtemp(join(tmpdir(), "wepass-simulator-test-"));
const port = await freePort();
const children = new Set();

after(async () => {
  for (const child of children) child.kill("SIGTERM");
  await Promise.all([...children].map((child) => child.exitCode ?? once(child, "exit")));
  await rm(folder, { recursive: true, force: true });
});

/** Runs the command until it is ready or over. Answers what it printed, and how to end it as Ctrl-C does. */
async function start(args = []) {
  const child = spawn(process.execPath, [SCRIPT, "--port", String(port), ...args]);
  children.add(child);
  const exit = once(child, "exit").then(([code]) => (children.delete(child), code));
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const ready = new Promise((resolve) => {
    child.stdout.on("data", (chunk) => (stdout += chunk).includes(READY) && resolve(null));
  });
  const code = await Promise.race([ready, exit]);
  return { stdout, stderr, code, stop: () => (child.kill("SIGINT"), exit) };
}

/** The certain answer to an assertion that is none, which tells whether an account is known. */
async function tokenFault(tokenUri, email) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const assertion = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iss: email })}.AAAA`;
  const body = new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion });
  return (await (await fetch(tokenUri, { method: "POST", body })).json()).error_description;
}

describe("npm run simulator", { concurrency: false }, () => {
  it("R246 prints addresses that answer, and leaves nothing behind", async () => {
    const { stdout, stderr, stop } = await start();
    assert.equal(stderr, "");
    const log = /The log is (\S+)\.\n/.exec(stdout)[1];
    assert.ok(existsSync(log));
    const keys = /^Keys +(\S+)$/m.exec(stdout)[1];
    assert.equal((await (await fetch(keys)).json()).keys[0].protocolVersion, "ECv2SigningOnly");
    const api = /^API +(\S+)$/m.exec(stdout)[1];
    assert.equal((await fetch(`${api}loyaltyClass/1.a`)).status, 401);
    assert.equal(await stop(), 0);
    assert.equal(existsSync(dirname(log)), false);
  });

  it("R246 prints a curl line that makes a service account, and remembers it where it is told to", async () => {
    const state = join(folder, "state");
    const first = await start(["--state", state]);
    const line = first.stdout.match(/^ {2}(curl .*) > issuer\.json$/m)[1];
    const { code, stdout } = await run("sh", ["-c", line]);
    assert.equal(code, 0);
    const { issuerId, serviceAccount } = JSON.parse(stdout);
    assert.match(issuerId, /^3388\d{15}$/);
    assert.equal(serviceAccount.type, "service_account");
    const { token_uri: tokenUri, client_email: email } = serviceAccount;
    assert.equal(await first.stop(), 0);
    await assert.rejects(fetch(tokenUri));
    const second = await start(["--state", state]);
    assert.ok(second.stdout.includes(`It remembers in ${state}.`));
    assert.match(await tokenFault(tokenUri, email), /Invalid JWT Signature/);
    assert.match(await tokenFault(tokenUri, "nobody@example.com"), /account not found/);
    assert.equal(await second.stop(), 0);
  });

  it("R246 says that the port is taken, or that an option is wrong", async () => {
    const stranger = createServer().listen(port, "127.0.0.1");
    await once(stranger, "listening");
    const { code, stderr } = await start();
    stranger.close();
    assert.equal(code, 1);
    assert.match(stderr, /is taken: .* npm run simulator -- --port \d+\.\n$/);
    for (const args of [["--port", "0"], ["--colour"]]) {
      const wrong = await run(process.execPath, [SCRIPT, ...args]);
      assert.equal(wrong.code, 1);
      assert.equal(wrong.stderr.trim().split("\n").length, 1, wrong.stderr);
    }
    const help = await run(process.execPath, [SCRIPT, "--help"]);
    assert.deepEqual([help.code, help.stderr], [0, ""]);
    assert.match(help.stdout, /--state DIR/);
    assert.deepEqual(await readdir(folder), ["state"]);
  });
});
