import { join } from "node:path";
import { startCron } from "./cron.mjs";
import { StartError } from "./failure.mjs";
import { launch } from "./launch.mjs";
import { parseOptions, pathsOf, USAGE } from "./options.mjs";
import { reportLines } from "./report.mjs";
import { ensureDemo } from "./seed.mjs";

const print = (line) => console.log(line);

/** The command `npm start`. Runs until the Worker ends; answers an exit code only for --help. */
export async function start(argv, cleanups) {
  const options = parseOptions(argv);
  if (options.help) {
    print(USAGE);
    return 0;
  }
  const paths = pathsOf(join(import.meta.dirname, "../.."), options);
  const { url, admin, worker } = await launch(paths, { port: options.port, print, cleanups });
  print("Completing the demo …");
  const demo = await ensureDemo(admin, paths.demo);
  cleanups.push(startCron(url));
  for (const line of reportLines(url, demo, paths.log)) print(line);
  await worker.ended;
  throw new StartError(`The Worker ended by itself; its output is in ${paths.log}.`);
}
