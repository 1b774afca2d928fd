import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createApi } from "../../../scripts/start/api.mjs";
import { freePort } from "../../../scripts/start/port.mjs";
import { wranglerIn } from "../../../scripts/support/wrangler.mjs";

const root = join(import.meta.dirname, "../../..");
const adminToken = "wpa_smoke";
const secrets = { MASTER_KEY: Buffer.alloc(32, 7).toString("base64"), ADMIN_TOKEN: adminToken };

/**
 * The production bundle in workerd, in a process of its own that keeps everything below `folder`: `kill` ends it without
 * warning, and `start` runs it on what is there. Requests reach it without the proxy of `wrangler dev`, which ends now and
 * then where hundreds come at once.
 */
export async function newWorkerProcess(folder, vars) {
  const bundle = join(folder, "bundle");
  const { code, stderr } = await wranglerIn(root)(["deploy", "--dry-run", "--env=", "--outdir", bundle]);
  if (code !== 0) throw new Error(stderr);
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const options = { bundle, state: join(folder, "state"), port, vars: { ...secrets, PUBLIC_URL: url, ...vars } };
  let running = null;
  let isNew = true;

  async function start() {
    const child = fork(join(import.meta.dirname, "run-worker.mjs"), [JSON.stringify({ ...options, isNew })], {
      cwd: root,
      // A group of its own, for it starts others.
      detached: true,
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    running = { child, ended: once(child, "exit") };
    const early = running.ended.then(([status]) => Promise.reject(new Error(`The Worker ended with ${status}.`)));
    await Promise.race([once(child, "message"), early]);
    early.catch(() => undefined);
    isNew = false;
  }

  async function kill() {
    if (!running) return;
    const { child, ended } = running;
    running = null;
    process.kill(-child.pid, "SIGKILL");
    await ended;
  }

  return { url, admin: createApi(url, adminToken), start, kill };
}
