import { SECRET_MAKERS } from "../support/secrets.mjs";
import { resourcesOf } from "./resources.mjs";

/** An account without any of our resources. */
export const EMPTY_ACCOUNT = { databases: {}, buckets: [], queues: [], secrets: [] };

/** The questions to the account, in order: `{ kind, name?, args }`, where args are wrangler's. */
export function planLookups(config, env) {
  const { databases, buckets, queues, envFlag } = resourcesOf(config, env);
  return [
    ...(databases.length > 0 ? [{ kind: "databases", args: ["d1", "list", "--json", ...envFlag] }] : []),
    ...buckets.map((name) => ({
      kind: "bucket",
      name,
      args: ["r2", "bucket", "info", name, "--json", ...envFlag],
    })),
    ...queues.map((name) => ({ kind: "queue", name, args: ["queues", "info", name, ...envFlag] })),
    { kind: "secrets", args: ["secret", "list", "--format", "json", ...envFlag] },
  ];
}

/**
 * The steps from `existing` to a deployed environment, in order.
 *
 * `existing` is `{ databases: { [name]: id }, buckets: [name], queues: [name], secrets: [name] }`; `options.publicUrl`
 * takes the place of PUBLIC_URL. A step is `{ kind, args, … }` with wrangler's arguments:
 *   create            makes one resource
 *   writeDatabaseIds  asks for the ids and writes them into wrangler.toml (`databases`: those whose line is stale)
 *   migrate           applies one database's migrations
 *   deploy            uploads the Worker, with a new value for each of `secrets`
 */
export function planDeploy(config, env, existing, { publicUrl } = {}) {
  const { databases, buckets, queues, secrets, envFlag } = resourcesOf(config, env);
  const stale = databases.filter(({ name, id }) => existing.databases[name] !== id);
  const create = (args) => ({ kind: "create", args: [...args, ...envFlag] });
  return [
    ...databases.filter(({ name }) => !existing.databases[name]).map(({ name }) => create(["d1", "create", name])),
    ...(stale.length > 0
      ? [{ kind: "writeDatabaseIds", databases: stale, args: ["d1", "list", "--json", ...envFlag] }]
      : []),
    ...missing(buckets, existing.buckets).map((name) => create(["r2", "bucket", "create", name])),
    ...missing(queues, existing.queues).map((name) => create(["queues", "create", name])),
    ...databases.map(({ binding }) => ({
      kind: "migrate",
      args: ["d1", "migrations", "apply", binding, "--remote", ...envFlag],
    })),
    {
      kind: "deploy",
      args: ["deploy", ...(publicUrl ? ["--var", `PUBLIC_URL:${publicUrl}`] : []), ...envFlag],
      secrets: missing(secrets, existing.secrets).filter((name) => Object.hasOwn(SECRET_MAKERS, name)),
    },
  ];
}

function missing(wanted, present) {
  return wanted.filter((name) => !present.includes(name));
}
