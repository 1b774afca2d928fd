// Measures WePass side by side with what any implementation has to pay, and prints ratios only.
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
  const options = { ...servers, images };
  const making = await measureMaking({ ...options, seconds: 0.15, rounds: quick ? 7 : 31 });
  printRatios("Making passes, one core of workerd", making, { judged: !quick });
  if (steps) {
    printRatios("Where the time goes", await measureSteps({ ...options, seconds: 0.05, rounds: quick ? 11 : 31 }), { judged: false });
  } else {
    memory.making = residentMegabytes(workerd).peak;
    printRatios("Serving, requests per second", await measureServing({ ...options, seconds: 0.4, rounds: quick ? 3 : 13 }), { judged: false });
  }
  const peak = residentMegabytes(workerd).peak;
  console.log(`Resident memory of workerd: ${memory.started} MB at start, ${memory.making ?? peak} MB while making passes, at most ${peak} MB in all.`);
  if (!quick && making.some(({ median, goal }) => median < goal)) process.exitCode = 1;
} finally {
  closeClient();
  await servers.close();
}
