import { DeployError } from "./failure.mjs";

// The sandbox is the top level of wrangler.toml. Its empty --env keeps a CLOUDFLARE_ENV of the shell from choosing another.
const ENVIRONMENTS = {
  sandbox: { section: (config) => config, flag: ["--env="] },
  production: { section: (config) => config.env?.production, flag: ["--env", "production"] },
};

/**
 * What one environment of wrangler.toml names: `{ databases: [{ binding, name, id }], buckets, queues, secrets, publicUrl,
 * envFlag }`, each name once. Throws DeployError for an environment that is unknown or not in the file.
 */
export function resourcesOf(config, env) {
  const environment = Object.hasOwn(ENVIRONMENTS, env) ? ENVIRONMENTS[env] : undefined;
  if (!environment) {
    throw new DeployError(`There is no environment "${env}": use --env sandbox or --env production.`);
  }
  const section = environment.section(config);
  if (!section) throw new DeployError(`wrangler.toml has no [env.${env}] section.`);
  const consumers = section.queues?.consumers ?? [];
  return {
    envFlag: environment.flag,
    databases: (section.d1_databases ?? []).map((row) => ({
      binding: row.binding,
      name: row.database_name,
      id: row.database_id,
    })),
    buckets: unique((section.r2_buckets ?? []).map((row) => row.bucket_name)),
    queues: unique([
      ...(section.queues?.producers ?? []).map((row) => row.queue),
      ...consumers.map((row) => row.queue),
      ...consumers.map((row) => row.dead_letter_queue),
    ]),
    secrets: section.secrets?.required ?? [],
    publicUrl: section.vars?.PUBLIC_URL,
  };
}

function unique(names) {
  return [...new Set(names.filter(Boolean))];
}
