import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";

// Wrangler tells which file of secrets it read, though all are set here.
process.env.WRANGLER_LOG ??= "error";
const { unstable_getMiniflareWorkerOptions } = await import("wrangler");

// Miniflare comes with wrangler, so that both are of one version.
const fromWrangler = createRequire(createRequire(import.meta.url).resolve("wrangler"));
const { Miniflare, convertV4MiniflareOptions, Log, LogLevel } = fromWrangler("miniflare");

const root = join(import.meta.dirname, "..");

/**
 * Starts the bench Worker, the real one, and that without what makes it trusted, in one workerd, as bundled for a deploy.
 *
 * A client of `wrangler dev` or `createTestHarness()` talks to a proxy in another process, which was the
 * slower part by far and would stand in every ratio. Here each Worker has a socket of its own.
 */
export async function startServers() {
  const scratch = await mkdtemp(join(tmpdir(), "wepass-bench-"));
  const adminToken = randomBytes(24).toString("base64url");
  let miniflare;
  const close = async () => {
    await miniflare?.dispose();
    await rm(scratch, { recursive: true, force: true });
  };
  try {
    for (const database of ["CONTROL_DB", "DATA_DB"]) {
      await runWrangler("d1", "migrations", "apply", database, "--local", "--persist-to", scratch);
    }
    const secrets = { MASTER_KEY: randomBytes(32).toString("base64"), ADMIN_TOKEN: adminToken };
    // The real Worker asks the bench Worker for Google's keys, so it has to know its port before it listens.
    const benchPort = await freePort();
    const settings = { ...secrets, GOOGLE_CALLBACK_KEYS_URL: `http://127.0.0.1:${benchPort}/callbacks/keys` };
    const workers = [
      await workerFrom("bench", join(root, "bench", "wrangler.toml"), scratch, {}, benchPort),
      unguarded(await workerFrom("app", join(root, "wrangler.toml"), scratch, settings)),
      unguarded(await bareWorker(scratch, settings)),
    ];
    miniflare = new Miniflare(
      convertV4MiniflareOptions({
        workers,
        resourcePersistencePath: join(scratch, "v3"),
        log: new Log(LogLevel.NONE),
        cf: false,
        // The log of each request is written and read, and goes nowhere.
        handleStructuredLogs: () => {},
      }),
    );
    await miniflare.ready;
    const url = async (name) => (await miniflare.unsafeGetDirectURL(name)).origin;
    return { benchUrl: await url("bench"), appUrl: await url("app"), bareUrl: await url("bare"), adminToken, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A Worker as its wrangler.toml has it, from the bundle that a deploy would upload. */
async function workerFrom(name, configPath, scratch, settings, port = 0, entry = []) {
  const outdir = join(scratch, name);
  await runWrangler("deploy", ...entry, "--dry-run", "--config", configPath, "--outdir", outdir, "--env", "");
  const { modulesRules: _, bindings, ...options } = unstable_getMiniflareWorkerOptions(configPath).workerOptions;
  return {
    ...options,
    name,
    modules: true,
    script: await readFile(join(outdir, `${basename(entry[0] ?? "index.ts", ".ts")}.js`), "utf8"),
    bindings: { ...bindings, ...settings },
    unsafeDirectSockets: [{ host: "127.0.0.1", port }],
  };
}

/** The real Worker by another entry, with the same databases. One Worker alone consumes the queues. */
async function bareWorker(scratch, settings) {
  const entry = [join(root, "bench", "worker", "bare.ts")];
  const { queueConsumers: _, ...options } = await workerFrom(
    "bare",
    join(root, "wrangler.toml"),
    scratch,
    settings,
    0,
    entry,
  );
  return options;
}

/** One client is a flood to the guards of public routes: they count it as ever, and let it in. */
function unguarded({ ratelimits, ...options }) {
  const entries = Object.entries(ratelimits).map(([binding, { simple, ...rest }]) => [
    binding,
    { ...rest, simple: { ...simple, limit: 1_000_000_000 } },
  ]);
  return { ...options, ratelimits: Object.fromEntries(entries) };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function runWrangler(...args) {
  const script = join(root, "node_modules", "wrangler", "bin", "wrangler.js");
  // CI answers the questions of `d1 migrations apply`.
  await promisify(execFile)(process.execPath, [script, ...args], { cwd: root, env: { ...process.env, CI: "true" } });
}
