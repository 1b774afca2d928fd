import { parseArgs } from "node:util";
import { StartError } from "../start/failure.mjs";

export const USAGE = `npm run demo -- [options]

Walks through the API and the life of a pass on a simulated iPhone, and checks what comes back. Takes the server that
npm start runs; if there is none, starts one of its own with empty databases and removes it afterwards.

  --url URL   another server
  --key KEY   another API key than the demo's
  --help      this text`;

/** `{ help, url, key }`, the last two undefined unless given. Throws StartError. */
export function parseOptions(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        url: { type: "string" },
        key: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    return { ...values, url: values.url === undefined ? undefined : new URL(values.url).href.replace(/\/+$/, "") };
  } catch (error) {
    throw new StartError(`${error.message.split(". ")[0]}; see npm run demo -- --help.`);
  }
}
