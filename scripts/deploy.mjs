// npm run deploy -- --env production: from an empty Cloudflare account to a running Worker, and again without harm.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describePlan } from "./deploy/describe.mjs";
import { execute } from "./deploy/execute.mjs";
import { DeployError } from "./deploy/failure.mjs";
import { lookUp } from "./deploy/look-up.mjs";
import { parseOptions, USAGE } from "./deploy/options.mjs";
import { EMPTY_ACCOUNT, planDeploy, planLookups } from "./deploy/plan.mjs";
import { isLoopback, publicUrlProblem } from "./deploy/public-url.mjs";
import { newSecretLines, oldDatabaseLines } from "./deploy/report.mjs";
import { resourcesOf } from "./deploy/resources.mjs";
import { readWranglerConfig, wranglerIn } from "./support/wrangler.mjs";

/** The command. `terminal` is `{ print, printError }`, one line each; answers the exit code. */
export async function main(argv, { root, wrangler, print, printError }) {
  try {
    await deploy(parseOptions(argv), { root, wrangler, print, printError });
    return 0;
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    printError(error.message);
    for (const line of newSecretLines(error.secretsPerhapsStored ?? {}, { perhapsStored: true })) print(line);
    return 1;
  }
}

async function deploy(options, context) {
  const { print, printError } = context;
  if (options.help) return print(USAGE);
  const config = await readWranglerConfig(join(context.root, "wrangler.toml"));
  const resources = resourcesOf(config, options.env);
  const publicUrl = options.publicUrl ?? resources.publicUrl;
  const problem = publicUrlProblem(options.env, publicUrl, {
    fromOption: options.publicUrl !== undefined,
  });
  const planOptions = { publicUrl: options.publicUrl?.replace(/\/$/, "") };
  const lookups = planLookups(config, options.env);

  if (options.plan) {
    const steps = planDeploy(config, options.env, EMPTY_ACCOUNT, planOptions);
    for (const line of describePlan(lookups, steps)) print(line);
    if (problem) printError(`Without --plan this stops here: ${problem}`);
    return;
  }
  if (problem) throw new DeployError(problem);

  print("Looking at the account.");
  const existing = await lookUp(lookups, context.wrangler);
  const steps = planDeploy(config, options.env, existing, planOptions);
  if (!steps.some(({ kind }) => kind === "create")) print("Every database, bucket and queue exists.");
  const made = await execute(steps, context);

  for (const line of newSecretLines(made)) print(line);
  for (const line of oldDatabaseLines(made, existing, resources.databases, resources.envFlag)) print(line);
  print("");
  print(`Deployed ${options.env}.`);
  if (isLoopback(publicUrl)) {
    print(
      `Its links still point to ${publicUrl}; deploy again with --public-url and the address that wrangler printed.`,
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(import.meta.dirname, "..");
  process.exitCode = await main(process.argv.slice(2), {
    root,
    wrangler: wranglerIn(root),
    print: (line) => console.log(line),
    printError: (line) => console.error(line),
  });
}
