import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { StartError } from "../start/failure.mjs";

export const USAGE = `npm run simulator -- [options]

Runs the Google Wallet simulator alone: Google's API for passes, its token endpoint, its save page and its signed
callbacks, on this machine. No account is needed anywhere, and nothing reaches Google. See docs/google-simulator.md.

  --port N     port to serve on (8788)
  --state DIR  folder of what it remembers, and of its log (one that goes when it ends)
  --help       this text`;

/** `{ help, port, state }`, the last one undefined unless given. Throws StartError. */
export function parseOptions(argv) {
  const values = parse(argv);
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port < 1 || port > 65_535) {
    throw new StartError(`--port takes a number from 1 to 65535, not "${values.port}".`);
  }
  return { help: values.help, port, state: values.state === undefined ? undefined : resolve(values.state) };
}

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: "string", default: "8788" },
        state: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    throw new StartError(`${error.message.split(". ")[0]}; see npm run simulator -- --help.`);
  }
}
