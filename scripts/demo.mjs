// npm run demo: a tour of the API that checks each step, against a running server or one of its own.
import { preflight } from "./start/preflight.mjs";

preflight("npm run demo");
const { runCommand } = await import("./start/command.mjs");
const { demo } = await import("./demo/demo.mjs");
await runCommand((cleanups) => demo(process.argv.slice(2), cleanups), { signalCode: 130 });
