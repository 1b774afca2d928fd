import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StartError } from "../start/failure.mjs";
import { newLog } from "../start/log.mjs";
import { requireFreePort } from "../start/port.mjs";
import { startWorker, untilReady } from "../start/worker.mjs";
import { parseOptions, USAGE } from "./options.mjs";
import { reportLines } from "./report.mjs";

/** The command `npm run simulator`. Runs until the Worker ends; answers an exit code only for --help. */
export async function simulate(argv, cleanups) {
  const options = parseOptions(argv);
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  await requireFreePort(options.port, "npm run simulator");
  const folder = options.state ?? (await temporaryFolder(cleanups));
  const log = join(folder, "simulator.log");
  await newLog(log);
  const url = `http://localhost:${options.port}`;
  const paths = {
    root: join(import.meta.dirname, "../.."),
    config: join(import.meta.dirname, "wrangler.toml"),
    state: folder,
    log,
  };
  const worker = await startWorker(paths, { port: options.port, url });
  cleanups.push(() => worker.stop());
  await untilReady(worker, url, log);
  for (const line of reportLines(url, { log, state: options.state })) console.log(line);
  await worker.ended;
  throw new StartError(`The Worker ended by itself; its output is in ${log}.`);
}

async function temporaryFolder(cleanups) {
  const folder = await mkdtemp(join(tmpdir(), "google-simulator-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
