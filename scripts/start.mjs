// npm start: a whole working WePass on this machine, with five demo passes. Running it again keeps what is there.
import { preflight } from "./start/preflight.mjs";

preflight("npm start");
const { runCommand } = await import("./start/command.mjs");
const { start } = await import("./start/start.mjs");
await runCommand((cleanups) => start(process.argv.slice(2), cleanups), { signalCode: 0 });
