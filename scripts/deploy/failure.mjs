import { stripVTControlCharacters } from "node:util";
import { shellQuote } from "../support/shell-quote.mjs";

/** An expected failure; its message is a sentence for the operator. */
export class DeployError extends Error {}

// Patterns over what wrangler 4 prints; the first that matches says what to do.
const HINTS = [
  [
    /necessary to set a CLOUDFLARE_API_TOKEN|Did not login|not authenticated|not logged in/i,
    "Wrangler is not logged in: run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN.",
  ],
  [
    /\[code: (10000|10001|9109)\]|Invalid access token/,
    "Cloudflare refused the credentials: run `npx wrangler login` again, or check the permissions of CLOUDFLARE_API_TOKEN.",
  ],
  [
    /More than one account available/,
    "These credentials reach several Cloudflare accounts: set CLOUDFLARE_ACCOUNT_ID to the one to deploy to.",
  ],
  [/\[code: 10042\]/, "R2 is not enabled on this account: enable it once at dash.cloudflare.com under R2."],
  [
    /fetch failed|ENOTFOUND|ECONNREFUSED|ETIMEDOUT/,
    "Cloudflare could not be reached: check the network and try again.",
  ],
];

/** The error for a wrangler command that ended badly: what to do if it is known, what wrangler said if not. */
export function commandFailed(args, { code, stdout, stderr }) {
  const said = stripVTControlCharacters(`${stderr}\n${stdout}`).trim();
  const known = HINTS.find(([pattern]) => pattern.test(said))?.[1];
  const ended = `\`${commandLine(args)}\` ended with exit code ${code}`;
  if (known) return new DeployError(`${known} (${ended}.)`);
  return new DeployError(said ? `${said}\n\n${ended}.` : `${ended}.`);
}

export function commandLine(args) {
  return `npx wrangler ${shellQuote(args)}`;
}
