// Measures WePass against what any implementation has to pay, side by side: see bench/README in the report it prints.
import { closeClient } from "./http-client.mjs";
import { makeImages } from "./images.mjs";
import { measureMaking, measureSteps } from "./making.mjs";
import { findWorkerd, residentMegabytes } from "./memory.mjs";
import { printRatios } from "./report.mjs";
import { startServers } from "./servers.mjs";
import { measureServing } from "./serving.mjs";

const quick = process.argv.includes("--quick");
const steps = process.argv.includes("--steps");
const images = makeImages();
const servers = await startServers();
process.once("SIGINT", () => servers.close().finally(() => process.exit(130)));
try {
  const workerd = findWorkerd();
  const memory = { started: residentMegabytes(workerd).now };
  const options = { ...servers, images, rounds: quick ? 3 : 9 };
  const making = await measureMaking({ ...options, seconds: quick ? 0.2 : 0.5 });
  printRatios("Making passes, one core of workerd", making, { judged: !quick });
  if (steps) {
    printRatios("Where the time goes", await measureSteps({ ...options, seconds: 0.2 }), { judged: false });
  } else {
    memory.making = residentMegabytes(workerd).peak;
    printRatios("Serving, requests per second", await measureServing({ ...options, seconds: quick ? 0.3 : 0.7 }), { judged: false });
  }
  const peak = residentMegabytes(workerd).peak;
  console.log(`Resident memory of workerd: ${memory.started} MB at start, ${memory.making ?? peak} MB while making passes, at most ${peak} MB in all.`);
  if (!quick && making.some(({ median, goal }) => median < goal)) process.exitCode = 1;
} finally {
  closeClient();
  await servers.close();
}
