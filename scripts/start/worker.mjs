import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StartError } from "./failure.mjs";
import { buildFailed, lastError } from "./log.mjs";

const READY_TIMEOUT_MS = 60_000;
// Without a Worker to serve them, wrangler holds requests instead of refusing them.
const PROBE_TIMEOUT_MS = 2_000;
const STOP_TIMEOUT_MS = 5_000;

// With --env-file, wrangler lets the shell's variables of these names win.
const OURS = ["MASTER_KEY", "ADMIN_TOKEN", "ENVIRONMENT", "PUBLIC_URL"];

/** Settings for trials that the shell may give. */
const PASSED_ON = ["GOOGLE_CALLBACK_KEYS_URL"];

/**
 * Starts `wrangler dev`, on the project's configuration unless `config` names another. Answers at once: `ended` resolves
 * when the Worker has ended by itself, `stop` ends it.
 */
export async function startWorker({ root, config, state, envFile, log }, { port, url }) {
  const output = await open(log, "a");
  const child = spawn(
    process.execPath,
    [
      join(root, "node_modules", "wrangler", "bin", "wrangler.js"),
      "dev",
      "--env=",
      `--port=${port}`,
      `--var=PUBLIC_URL:${url}`,
      `--persist-to=${state}`,
      ...(config ? ["--config", config] : []),
      ...(envFile ? ["--env-file", envFile] : []),
      ...PASSED_ON.flatMap((name) => (process.env[name] ? [`--var=${name}:${process.env[name]}`] : [])),
    ],
    {
      cwd: root,
      // A group of its own: Ctrl-C then reaches us alone, and we end wrangler in order.
      detached: true,
      stdio: ["ignore", output.fd, output.fd],
      env: {
        ...withoutOurs(process.env),
        WRANGLER_LOG_SANITIZE: "true",
        WRANGLER_HIDE_BANNER: "true",
        // It would store the URL of each request, and so tokens of links and what people let Google send to a sign-up page.
        X_LOCAL_OBSERVABILITY: "false",
      },
    },
  );
  const ended = once(child, "exit");
  const killAll = () => killGroup(child.pid);
  process.once("exit", killAll);
  await output.close();
  return {
    ended,
    async stop() {
      child.kill("SIGTERM");
      await Promise.race([ended, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
      killAll();
      process.off("exit", killAll);
    },
  };
}

/** Waits until the Worker answers requests. Throws StartError if it ends before, or takes too long. */
export async function untilReady(worker, url, log) {
  let ended = false;
  worker.ended.then(() => (ended = true));
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!ended && Date.now() < deadline) {
    if (await answers(url)) return;
    // Wrangler outlives a failed build and waits for an edit; we do not.
    if (await buildFailed(log)) break;
    await Promise.race([sleep(100), worker.ended]);
  }
  const silent = ended ? "it gave no reason" : "it does not answer";
  const reason = (await lastError(log)) ?? silent;
  throw new StartError(`Wrangler could not start the Worker (${reason}); its output is in ${log}.`);
}

async function answers(url) {
  try {
    await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    return true;
  } catch {
    return false;
  }
}

function killGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // Nobody is left; macOS says EPERM where only zombies are.
    if (error.code !== "ESRCH" && error.code !== "EPERM") throw error;
  }
}

const withoutOurs = (env) => Object.fromEntries(Object.entries(env).filter(([name]) => !OURS.includes(name)));
