import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const NODE_MAJOR = 22;

/**
 * Ends the process with one sentence if this Node is too old or nothing is installed. Imports only what any Node has: all
 * else is imported after it, and would fail with a message of its own.
 */
export function preflight(command) {
  const wrangler = fileURLToPath(new URL("../../node_modules/wrangler/bin/wrangler.js", import.meta.url));
  if (!existsSync(wrangler)) end("The dependencies are not installed: run `npm ci` first.");
  if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR) {
    end(
      `This is Node ${process.versions.node}, and WePass needs Node ${NODE_MAJOR} or later: use \`${command}\`, which brings its own.`,
    );
  }
}

function end(sentence) {
  console.error(sentence);
  process.exit(1);
}
