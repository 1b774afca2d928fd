import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNarrator } from "./narrator.mjs";
import { requireOpenssl } from "./openssl.mjs";
import { parseOptions, USAGE } from "./options.mjs";
import { chooseServer } from "./server.mjs";
import { tour } from "./tour.mjs";

const print = (line) => console.log(line);

/** The command `npm run demo`. Answers 0; throws StartError with the reason if a step did not hold. */
export async function demo(argv, cleanups) {
  const options = parseOptions(argv);
  if (options.help) {
    print(USAGE);
    return 0;
  }
  await requireOpenssl();
  const api = await chooseServer(options, { print, cleanups });
  const folder = await mkdtemp(join(tmpdir(), "wepass-tour-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  print(`A tour of WePass at ${api.url}`);
  await tour(api, createNarrator(print), folder);
  print("\n✓ Every step held.");
  return 0;
}
