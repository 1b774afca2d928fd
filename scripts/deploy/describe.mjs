import { commandLine } from "./failure.mjs";

/** What --plan prints: every command on its own line, and a `#` line for work that is no command. */
export function describePlan(lookups, steps) {
  return [
    "# First, what the account has already; nothing of that is made or changed.",
    ...lookups.map(({ args }) => commandLine(args)),
    "# Then, for an account that has nothing yet:",
    ...steps.flatMap(describeStep),
  ];
}

function describeStep(step) {
  if (step.kind === "writeDatabaseIds") {
    const names = step.databases.map(({ name }) => name).join(" and ");
    return [commandLine(step.args), `# write the ids of ${names} into wrangler.toml`];
  }
  if (step.kind === "deploy" && step.secrets.length > 0) {
    return [
      `# make ${step.secrets.join(" and ")} in a temporary file of mode 0600, deleted after the next command`,
      `${commandLine(step.args)} --secrets-file "$SECRETS_FILE"`,
    ];
  }
  return [commandLine(step.args)];
}
