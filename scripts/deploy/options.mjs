import { parseArgs } from "node:util";
import { DeployError } from "./failure.mjs";

export const USAGE = `npm run deploy -- --env <environment> [options]

Makes what is missing on your Cloudflare account (databases, bucket, queues, secrets), applies the
migrations and deploys the Worker. Running it again makes nothing twice and never replaces a secret.

  --env sandbox|production   which environment of wrangler.toml
  --public-url https://…     the address people and wallets reach it at, instead of PUBLIC_URL in wrangler.toml
  --plan                     print the commands and run none; needs no account and no network
  --help                     this text`;

/** `{ env, publicUrl, plan, help }`. Throws DeployError for an option that is unknown or lacks its value. */
export function parseOptions(argv) {
  let values;
  try {
    ({ values } = parseArgs({
      args: argv,
      options: {
        env: { type: "string" },
        "public-url": { type: "string" },
        plan: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }));
  } catch (error) {
    throw new DeployError(`${error.message.split(". ")[0]}; see npm run deploy -- --help.`);
  }
  if (!values.help && values.env === undefined) {
    throw new DeployError("Say which environment: npm run deploy -- --env sandbox, or --env production.");
  }
  return { env: values.env, publicUrl: values["public-url"], plan: values.plan, help: values.help };
}
