// npm run simulator: Google Wallet without Google, alone on this machine, for whatever talks to its API.
import { preflight } from "./start/preflight.mjs";

preflight("npm run simulator");
const { runCommand } = await import("./start/command.mjs");
const { simulate } = await import("./simulator/simulate.mjs");
await runCommand((cleanups) => simulate(process.argv.slice(2), cleanups), { signalCode: 0 });
