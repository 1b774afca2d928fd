import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { unstable_getMiniflareWorkerOptions, unstable_splitSqlQuery } from "wrangler";

/** Runs a bundle with the bindings of wrangler.toml until somebody ends it. See worker-process.mjs. */

const fromWrangler = createRequire(createRequire(import.meta.url).resolve("wrangler"));
const { Miniflare, convertV4MiniflareOptions } = fromWrangler("miniflare");

const { bundle, state, port, vars, isNew } = JSON.parse(process.argv[2]);
const { workerOptions } = unstable_getMiniflareWorkerOptions("wrangler.toml");
const worker = {
  ...workerOptions,
  name: "wepass-sandbox",
  bindings: { ...workerOptions.bindings, ...vars },
  modulesRoot: bundle,
  modules: [{ type: "ESModule", path: join(bundle, "index.js") }],
};
const options = { host: "127.0.0.1", port, cf: false, resourcePersistencePath: state, workers: [worker] };
const miniflare = new Miniflare(convertV4MiniflareOptions(options));
await miniflare.ready;
if (isNew) await Promise.all([migrate("CONTROL_DB", "control"), migrate("DATA_DB", "data")]);
process.send("ready");
// It does not outlive the test, however that ends.
process.once("disconnect", () => process.exit());

async function migrate(binding, folder) {
  const database = await miniflare.getD1Database(binding);
  for (const path of globSync(`migrations/${folder}/*.sql`).toSorted()) {
    const statements = unstable_splitSqlQuery(readFileSync(path, "utf8"));
    await database.batch(statements.map((statement) => database.prepare(statement)));
  }
}
