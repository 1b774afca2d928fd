import { join } from "node:path";
import { SECRET_MAKERS } from "../support/secrets.mjs";
import { writeDatabaseIds } from "./database-ids.mjs";
import { commandFailed, commandLine, DeployError } from "./failure.mjs";
import { databaseIds } from "./look-up.mjs";
import { withSecretsFile } from "./secrets-file.mjs";

/**
 * Runs the steps of `planDeploy` in order and stops at the first that fails, with a DeployError.
 * `context` is `{ root, wrangler, print }`. Answers the secrets it made, by name.
 */
export async function execute(steps, context) {
  let made = {};
  for (const step of steps) {
    made = (await PERFORM[step.kind](step, context)) ?? made;
  }
  return made;
}

const PERFORM = {
  create: runStep,
  migrate: runStep,

  async writeDatabaseIds(step, context) {
    const { stdout } = await runStep(step, context);
    const idByName = databaseIds(step.args, stdout);
    const absent = step.databases.find(({ name }) => !idByName[name]);
    if (absent) {
      throw new DeployError(`Cloudflare does not list the database ${absent.name} yet: run the same command again.`);
    }
    await writeDatabaseIds(join(context.root, "wrangler.toml"), step.databases, idByName);
    context.print(`Wrote the ids of ${step.databases.map(({ name }) => name).join(" and ")} into wrangler.toml.`);
  },

  async deploy(step, { wrangler, print }) {
    print(`$ ${commandLine(step.args)}`);
    const made = Object.fromEntries(step.secrets.map((name) => [name, SECRET_MAKERS[name]()]));
    // The terminal is wrangler's here, for a first deployment may ask for a workers.dev name.
    const upload = (more) => wrangler([...step.args, ...more], { interactive: true });
    const result =
      step.secrets.length > 0
        ? await withSecretsFile(made, (path) => upload(["--secrets-file", path]))
        : await upload([]);
    if (result.code !== 0) {
      // Wrangler uploads code and secrets first and can still fail at a route or a queue.
      const error = commandFailed(step.args, result);
      error.secretsPerhapsStored = made;
      throw error;
    }
    return made;
  },
};

async function runStep({ args }, { wrangler, print }) {
  print(`$ ${commandLine(args)}`);
  const result = await wrangler(args);
  if (result.code !== 0) throw commandFailed(args, result);
  return result;
}
