import type { JsonObject } from "../../pass-model/resolved-pass";
import { assertionGrant, signAssertion } from "./assertion";
import { attemptOf, exchange, failure, limitsOfOne, type Attempt, type Line } from "./exchange";
import { inRounds, type Pace } from "./retry";
import type { GoogleAnswer, GoogleError, MintedToken, ServiceAccount } from "./types";

export interface TokenOptions extends Pace, Line {
  tokenUrl: string;
}

export interface MintResult {
  answer: GoogleAnswer<MintedToken>;
  /** How far our clock is ahead of Google's, as their last answer dates itself, to the second; null if none did. */
  clockSkewMs: number | null;
}

/** Access tokens for service accounts: https://developers.google.com/identity/protocols/oauth2/service-account. Never throws. */
export async function mintToken(account: ServiceAccount, options: TokenOptions): Promise<MintResult> {
  const { tokenUrl, now } = options;
  let clockSkewMs: number | null = null;
  const mint = async (): Promise<Attempt<MintedToken>> => {
    const sentAt = now();
    const assertion = await signAssertion(account, sentAt).catch(() => null);
    if (assertion === null) return failure(unopened, "never");
    const body = new URLSearchParams({ grant_type: assertionGrant, assertion }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
    const reply = await exchange(options, tokenUrl, { method: "POST", headers, body }, limitsOfOne);
    if (!reply.ok) return reply;
    const date = Date.parse(reply.value.header("date") ?? "");
    if (!Number.isNaN(date)) clockSkewMs = skewOf(date, sentAt, now());
    const answer = attemptOf(reply.value, now());
    return answer.ok ? tokenOf(answer.value, sentAt) : answer;
  };
  const [answer] = await inRounds(
    [account],
    () => true,
    async () => ({ attempts: [await mint()], token: null }),
    options,
  );
  if (!answer!.ok && answer!.error.kind === "credentials") account.onRefused?.();
  return { answer: answer!, clockSkewMs };
}

/** `date` is a whole second between the one and the other, if the clocks agree; then there is no skew. */
function skewOf(date: number, sentAt: number, receivedAt: number): number {
  if (sentAt >= date + 1000) return sentAt - date - 999;
  return Math.min(0, receivedAt - date);
}

function tokenOf({ access_token: token, expires_in: seconds }: JsonObject, sentAt: number): Attempt<MintedToken> {
  if (typeof token === "string" && token !== "" && typeof seconds === "number" && seconds > 0) {
    return { ok: true, value: { token, expiresAt: sentAt + seconds * 1000 } };
  }
  return failure({ ...unopened, kind: "unreachable", message: "Google answered no access token" }, "never");
}

/** Such as a key that was sealed under another master key. */
const unopened: GoogleError = {
  kind: "credentials",
  status: null,
  reason: null,
  message: "the key of the service account could not be opened, or signs nothing",
  retryAfterSeconds: null,
};
