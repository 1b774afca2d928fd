import { sha256Hex } from "../../pkpass/bytes";
import type { JsonObject } from "../../pass-model/resolved-pass";
import { Refusal } from "./refusal";
import { verifySigner } from "./signatures";
import type { Simulation } from "./simulation";
import type { Account } from "./store";

const grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const googleTokenUrl = "https://oauth2.googleapis.com/token";
const scopeNeeded = "https://www.googleapis.com/auth/wallet_object.issuer";
const lifeSeconds = 3600;
const skewSeconds = 300;

type TokenAnswer = { status: number; body: JsonObject };

/** OAuth 2.0 for service accounts (RFC 7523): an assertion that the account signed, for an access token. */
export async function mintToken(sim: Simulation, form: URLSearchParams): Promise<TokenAnswer> {
  if (form.get("grant_type") !== grantType) return refused("unsupported_grant_type", "Invalid grant_type.");
  const assertion = form.get("assertion");
  if (!assertion) return refused("invalid_request", "Missing parameter: assertion");
  const verified = await verifySigner(sim.store, assertion);
  if (!verified.ok) return refused("invalid_grant", signerFaults[verified.reason]);
  const fault = claimFault(verified.claims, sim);
  if (fault) return refused(...fault);
  const token = `ya29.${randomText(32)}`;
  sim.store.putToken(await hashOf(token), verified.account, sim.now + (lifeSeconds - 1) * 1000, sim.now);
  return { status: 200, body: { access_token: token, expires_in: lifeSeconds - 1, token_type: "Bearer" } };
}

/** Who calls, by the bearer token of a request. */
export async function authenticate({ store, now }: Simulation, authorization: string | null): Promise<Account> {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (token === undefined) {
    throw new Refusal("required", "Request is missing required authentication credential: an OAuth 2 access token.");
  }
  const account = store.accountOfToken(await hashOf(token), now);
  if (!account) throw new Refusal("authError", "Request had invalid authentication credentials.");
  return account;
}

const signerFaults = {
  malformed: "Invalid JWT: it cannot be read.",
  unknown_account: "Invalid grant: account not found",
  wrong_signature: "Invalid JWT Signature.",
};

function claimFault(claims: JsonObject, { baseUrl, now }: Simulation): [error: string, text: string] | null {
  const { aud, scope, iat, exp } = claims;
  if (aud !== googleTokenUrl && aud !== `${baseUrl}/token`) {
    return ["invalid_grant", `Invalid JWT: Failed audience check. The right audience is ${googleTokenUrl}`];
  }
  const seconds = now / 1000;
  const timely =
    typeof iat === "number" &&
    typeof exp === "number" &&
    exp - iat <= lifeSeconds &&
    iat <= seconds + skewSeconds &&
    exp > seconds;
  if (!timely) {
    return ["invalid_grant", "Invalid JWT: iat and exp must be at most 60 minutes apart and around the present time."];
  }
  if (typeof scope !== "string" || !scope.split(" ").includes(scopeNeeded)) {
    return ["invalid_scope", `The scope has to be ${scopeNeeded}.`];
  }
  return null;
}

const refused = (error: string, text: string): TokenAnswer => ({
  status: 400,
  body: { error, error_description: text },
});

const hashOf = (token: string): Promise<string> => sha256Hex(new TextEncoder().encode(token));

function randomText(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return btoa(String.fromCharCode(...random))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
