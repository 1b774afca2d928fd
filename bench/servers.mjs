import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { unstable_getMiniflareWorkerOptions } from "wrangler";

const root = join(import.meta.dirname, "..");
const { Miniflare, convertV4MiniflareOptions, Log, LogLevel } = createRequire(createRequire(import.meta.url).resolve("wrangler"))("miniflare");

/**
 * Starts the bench Worker and the real one in one workerd, as bundled for a deploy.
 *
 * A client of `wrangler dev` or `createTestHarness()` talks to a proxy Worker, in a process of its own, in
 * front of the Worker. Its cost would stand in every ratio here, so both Workers get sockets of their own.
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
    const secrets = { MASTER_KEY: randomBytes(32).toString("base64"), ADMIN_TOKEN: adminToken };
    const workers = [
      await workerFrom(join(root, "bench", "wrangler.toml"), join(scratch, "bench"), {}),
      await workerFrom(join(root, "wrangler.toml"), join(scratch, "app"), secrets),
    ];
    miniflare = new Miniflare(
      convertV4MiniflareOptions({
        workers,
        resourcePersistencePath: join(scratch, "state"),
        log: new Log(LogLevel.NONE),
        cf: false,
        // The log of each request is written and read, and goes nowhere.
        handleStructuredLogs: () => {},
      }),
    );
    await miniflare.ready;
    const url = async (name) => (await miniflare.unsafeGetDirectURL(name)).origin;
    return { benchUrl: await url(workers[0].name), appUrl: await url(workers[1].name), adminToken, miniflare, close, pid: null };
  } catch (error) {
    await close();
    throw error;
  }
}

async function workerFrom(configPath, outdir, secrets) {
  const wrangler = join(root, "node_modules", "wrangler", "bin", "wrangler.js");
  const args = [wrangler, "deploy", "--dry-run", "--config", configPath, "--outdir", outdir, "--env", ""];
  await promisify(execFile)(process.execPath, args, { cwd: root });
  const { workerOptions } = unstable_getMiniflareWorkerOptions(configPath, undefined, { envFiles: [] });
  const { modulesRules: _, bindings, ...options } = workerOptions;
  return {
    ...options,
    name: configPath.includes("bench") ? "bench" : "app",
    modules: true,
    script: await readFile(join(outdir, "index.js"), "utf8"),
    bindings: { ...bindings, ...secrets },
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
  };
}
