import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createApi } from "../../../scripts/start/api.mjs";
import { newLog } from "../../../scripts/start/log.mjs";
import { migrate } from "../../../scripts/start/migrate.mjs";
import { pathsOf } from "../../../scripts/start/options.mjs";
import { freePort } from "../../../scripts/start/port.mjs";
import { untilReady } from "../../../scripts/start/worker.mjs";
import { ensureDevVars } from "../../../scripts/support/dev-vars.mjs";

const root = join(import.meta.dirname, "../../..");

/**
 * The Worker in a process of its own, as `npm start` runs it, with all that it keeps below `folder`. It serves `url` from
 * the first `start` on; `kill` ends it without warning, and `start` runs it again on what is stored then.
 */
export async function newWorkerProcess(folder, vars = {}) {
  const paths = pathsOf(root, { persistTo: folder, devVars: join(folder, "dev-vars") });
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const { ADMIN_TOKEN } = await ensureDevVars(paths.devVars);
  await newLog(paths.log);
  await migrate(paths);
  let running = null;

  async function start() {
    const child = spawn(process.execPath, commandLine(paths, port, { PUBLIC_URL: url, ...vars }), {
      cwd: root,
      // A group of its own, for it starts others.
      detached: true,
      stdio: "ignore",
    });
    running = { child, ended: once(child, "exit") };
    await untilReady(running, url, paths.log);
  }

  async function kill() {
    if (!running) return;
    const { child, ended } = running;
    running = null;
    process.kill(-child.pid, "SIGKILL");
    await ended;
  }

  return { url, admin: createApi(url, ADMIN_TOKEN), start, kill };
}

const commandLine = ({ state, envFile }, port, vars) => [
  join(root, "node_modules/wrangler/bin/wrangler.js"),
  "dev",
  "--env=",
  `--port=${port}`,
  `--persist-to=${state}`,
  `--env-file=${envFile}`,
  ...Object.entries(vars).map(([name, value]) => `--var=${name}:${value}`),
];
