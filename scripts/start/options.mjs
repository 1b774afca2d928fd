import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { StartError } from "./failure.mjs";

export const USAGE = `npm start -- [options]

Runs WePass on this machine with a demo tenant and five demo passes. No account is needed anywhere.

  --port N          port to serve on (8787)
  --persist-to DIR  folder of the databases, of the demo's state and of the log (.wrangler/state)
  --dev-vars FILE   file of the secrets, made if it is missing (.dev.vars)
  --help            this text`;

/** `{ help, port, persistTo, devVars }`, the last two undefined unless given. Throws StartError. */
export function parseOptions(argv) {
  const values = parse(argv);
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port < 1 || port > 65_535) {
    throw new StartError(`--port takes a number from 1 to 65535, not "${values.port}".`);
  }
  return { help: values.help, port, persistTo: values["persist-to"], devVars: values["dev-vars"] };
}

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: "string", default: "8787" },
        "persist-to": { type: "string" },
        "dev-vars": { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    throw new StartError(`${error.message.split(". ")[0]}; see npm start -- --help.`);
  }
}

/**
 * Where everything lies. Beside wrangler's own state by default; a `persistTo` folder holds it all. `envFile` is undefined
 * for the project's own `.dev.vars`, which wrangler finds by itself.
 */
export function pathsOf(root, { persistTo, devVars } = {}) {
  const folder = persistTo === undefined ? join(root, ".wrangler") : resolve(persistTo);
  const envFile = devVars === undefined ? undefined : resolve(devVars);
  return {
    root,
    folder,
    state: persistTo === undefined ? join(folder, "state") : folder,
    log: join(folder, "wepass.log"),
    demo: join(folder, "wepass-demo.json"),
    migrated: join(folder, "wepass-migrated"),
    devVars: envFile ?? join(root, ".dev.vars"),
    envFile,
  };
}
