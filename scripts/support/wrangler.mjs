import { join } from "node:path";
import { run } from "./run.mjs";

/** Wrangler of this project, run in `root` on the Node that runs us. See `run` for the answer and `interactive`. */
export function wranglerIn(root) {
  const script = join(root, "node_modules", "wrangler", "bin", "wrangler.js");
  return (args, { interactive = false } = {}) =>
    run(process.execPath, [script, ...args], {
      cwd: root,
      interactive,
      // Wrangler keeps a debug log on disk; this keeps request bodies, which hold secrets, out of it.
      env: { WRANGLER_LOG_SANITIZE: "true" },
    });
}

/** The parsed wrangler.toml, environments included. Wrangler's own reader, so that we read what it reads. */
export async function readWranglerConfig(path) {
  const { experimental_readRawConfig } = await import("wrangler");
  return experimental_readRawConfig({ config: path }).rawConfig;
}
