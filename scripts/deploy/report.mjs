/** The lines that show new secrets, the only time anyone can see them: Cloudflare never gives a secret back. */
export function newSecretLines(made, { perhapsStored = false } = {}) {
  if (Object.keys(made).length === 0) return [];
  return [
    "",
    ...(perhapsStored
      ? ["Wrangler may have stored these new secrets before it failed; keep them until a deployment succeeds."]
      : []),
    ...(made.ADMIN_TOKEN
      ? [
          `ADMIN_TOKEN  ${made.ADMIN_TOKEN}`,
          "The admin token is shown this once; keep it where you keep passwords.",
          "",
        ]
      : []),
    ...(made.MASTER_KEY
      ? [
          `MASTER_KEY   ${made.MASTER_KEY}`,
          "Back up MASTER_KEY now: it is shown this once, and losing it loses every tenant's signing keys.",
        ]
      : []),
  ];
}

/** For databases that outlived their Worker: a new key cannot read what the old one encrypted. */
export function oldDatabaseLines(made, existing, databases, envFlag) {
  const kept = databases.filter(({ name }) => existing.databases[name]).map(({ name }) => name);
  if (!made.MASTER_KEY || kept.length === 0) return [];
  return [
    "",
    `${kept.join(" and ")} existed before this run, but the Worker had no MASTER_KEY. If they hold data of an earlier ` +
      `deployment, put its key back: npx wrangler secret put MASTER_KEY ${envFlag.join(" ")}`,
  ];
}
