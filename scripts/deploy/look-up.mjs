import { stripVTControlCharacters } from "node:util";
import { commandFailed, commandLine, DeployError } from "./failure.mjs";

// How wrangler 4 says that a resource is not there; any other failure stops the deployment.
const ABSENT = {
  bucket: /\[code: 10006\]|specified bucket does not exist/i,
  queue: /Queue ".*" does not exist/,
  secrets: /\[code: 10007\]|Worker ".*" (\(env: .*\) )?not found/,
};

/** Asks the account each question; answers `existing` as `planDeploy` takes it. */
export async function lookUp(lookups, wrangler) {
  const existing = { databases: {}, buckets: [], queues: [], secrets: [] };
  for (const { kind, name, args } of lookups) {
    const result = await wrangler(args);
    if (result.code !== 0) {
      if (ABSENT[kind]?.test(stripVTControlCharacters(result.stderr))) continue;
      throw commandFailed(args, result);
    }
    if (kind === "databases") existing.databases = databaseIds(args, result.stdout);
    if (kind === "bucket") existing.buckets.push(name);
    if (kind === "queue") existing.queues.push(name);
    if (kind === "secrets") existing.secrets = jsonList(args, result.stdout).map((secret) => secret.name);
  }
  return existing;
}

/** The account's databases out of `d1 list --json`, as `{ [name]: id }`. */
export function databaseIds(args, stdout) {
  return Object.fromEntries(jsonList(args, stdout).map(({ name, uuid }) => [name, uuid]));
}

function jsonList(args, stdout) {
  try {
    const list = JSON.parse(stdout.slice(Math.max(stdout.indexOf("["), 0)));
    if (Array.isArray(list)) return list;
  } catch {
    // The sentence below covers this case, too.
  }
  throw new DeployError(`\`${commandLine(args)}\` did not answer with a JSON list.`);
}
