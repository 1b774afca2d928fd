// Measures WePass side by side with what any implementation has to pay, and prints ratios, for they travel
// from machine to machine better than times do. Exits 1 if a goal is missed. Writes only to a temporary folder.
//
//   npm run bench               everything, about three minutes
//   npm run bench -- --quick    fewer rounds; goals are shown and not judged
//   npm run bench -- --steps    what each step of making a pass takes, in place of the parts that serve
import { parseArgs } from "node:util";
import { measureCallbacks, measureVerifying } from "./callbacks.mjs";
import { closeClient } from "./http-client.mjs";
import { makeImages } from "./images.mjs";
import { measureMaking, measureSteps } from "./making.mjs";
import { findWorkerd, residentMegabytes } from "./memory.mjs";
import { printRatios } from "./report.mjs";
import { startServers } from "./servers.mjs";
import { measureServing } from "./serving.mjs";
import { measureTrust } from "./trust.mjs";

const { quick, steps } = parseArgs({ options: { quick: { type: "boolean" }, steps: { type: "boolean" } } }).values;
const judged = !quick;

const servers = await startServers();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => servers.close().finally(() => process.exit(1)));
try {
  const workerd = findWorkerd();
  const started = residentMegabytes(workerd).now;
  const options = { ...servers, images: makeImages() };

  const making = await measureMaking({ ...options, seconds: 0.15, rounds: quick ? 7 : 31 });
  const peakMaking = residentMegabytes(workerd).peak;
  printRatios("Making passes, on one core", making, { judged });

  const verifying = await measureVerifying({ ...options, seconds: 0.15, rounds: quick ? 7 : 31 });
  printRatios("Verifying Google's callbacks, on one core", verifying, { judged });

  const second = steps
    ? await measureSteps({ ...options, seconds: 0.05, rounds: quick ? 11 : 31 })
    : [
        ...(await measureServing({ ...options, seconds: 0.4, rounds: quick ? 3 : 13 })),
        ...(await measureCallbacks({ ...options, seconds: 0.4, rounds: quick ? 3 : 13 })),
      ];
  printRatios(steps ? "Time of each step, on its own" : "Serving, requests per second", second, { judged });

  const trust = steps ? [] : await measureTrust({ ...options, seconds: 0.4, rounds: quick ? 3 : 13 });
  if (!steps) printRatios("Trust, requests per second with it and without", trust, { judged });

  const peak = residentMegabytes(workerd).peak;
  console.log(
    `Resident memory of workerd: ${started} MB after the start, at most ${peakMaking} MB while making passes and ${peak} MB in all.`,
  );
  if (judged && [...making, ...verifying, ...trust].some(({ median, goal }) => median < goal)) process.exitCode = 1;
} finally {
  closeClient();
  await servers.close();
}
