import { batchBody, batchCallsMax, batchContentType, readBatch } from "../../google-wallet/client/batch";
import { attemptOf, limitsOfOne, type Limits } from "../../google-wallet/client/exchange";
import { isIdempotent, issuerRequest, requestOf, type ApiRequest } from "../../google-wallet/client/requests";
import { inRounds } from "../../google-wallet/client/retry";
import { send, type SendOptions } from "../../google-wallet/client/send";
import { mintToken } from "../../google-wallet/client/token";
import type { JsonObject } from "../../pass-model/resolved-pass";
import { fetchCallbackKeys } from "./callback-keys";
import type { GoogleAnswer, GoogleApi, GoogleCall, GoogleWallet, Patience, ServiceAccount } from "./contract";

export interface GoogleWalletOptions extends Omit<SendOptions, "random" | keyof Patience> {
  /** To which a slash and the JWT are appended. */
  saveUrl: string;
  callbackKeysUrl: string;
  random?: () => number;
}

/** Google works through the parts one after the other. */
const limitsOfBatch: Limits = { timeoutMs: 30_000, bytesMax: 8 * limitsOfOne.bytesMax };

/** As long as somebody who opens a link waits. */
const waitMsMaxUsual = 5000;

/** The one driver, for Google and for the simulator. Each request to the API asks the account's gate once. */
export function googleWallet(options: GoogleWalletOptions): GoogleWallet {
  const { saveUrl, callbackKeysUrl, random = Math.random, ...given } = options;
  return {
    as: (account, { deadline = Infinity, waitMsMax = waitMsMaxUsual } = {}) =>
      connect(account, { ...given, random, deadline, waitMsMax }),
    saveUrl: (jwt) => `${saveUrl}/${jwt}`,
    callbackKeysUrl,
    fetchCallbackKeys: () => fetchCallbackKeys(callbackKeysUrl, given.fetch),
  };
}

function connect(account: ServiceAccount, options: SendOptions): GoogleApi {
  const alone = async (request: ApiRequest, isSafe: boolean): Promise<GoogleAnswer<JsonObject>> => {
    const { method, path, body } = request;
    const content = body && { type: "application/json", text: JSON.stringify(body) };
    const input = { method, path, content, cost: 1, limits: limitsOfOne };
    const [answer] = await inRounds([request], () => isSafe, attempt, options);
    return answer!;

    async function attempt(_: ApiRequest[], rejected: string | null) {
      const { reply, token } = await send(account, options, input, rejected);
      return { attempts: [reply.ok ? attemptOf(reply.value, options.now()) : reply], token };
    }
  };

  const together = async (calls: GoogleCall[], rejected: string | null) => {
    const content = { type: batchContentType, text: batchBody(calls.map(requestOf)) };
    const input = { method: "POST", path: "/batch", content, cost: calls.length, limits: limitsOfBatch };
    const { reply, token } = await send(account, options, input, rejected);
    const attempts = reply.ok ? readBatch(reply.value, calls.length, options.now()) : calls.map(() => reply);
    return { attempts, token };
  };

  const call = (one: GoogleCall) => alone(requestOf(one), isIdempotent(one));

  return {
    authorize: async () => {
      const { answer, clockSkewMs } = await mintToken(account, options);
      return answer.ok ? { ok: true, value: { clockSkewMs } } : { ...answer, clockSkewMs };
    },
    getIssuer: (issuerId) => alone(issuerRequest(issuerId), true),
    call,
    batch: async (calls) => {
      const answers: GoogleAnswer<JsonObject>[] = [];
      for (let at = 0; at < calls.length; at += batchCallsMax) {
        const slice = calls.slice(at, at + batchCallsMax);
        answers.push(...(await inRounds(slice, isIdempotent, together, options)));
      }
      return answers;
    },
    put: async (kind, vertical, body) => {
      const inserted = await call({ method: "insert", kind, vertical, body });
      if (inserted.ok || inserted.error.kind !== "already_exists") return inserted;
      return call({ method: "patch", kind, vertical, id: body.id, body });
    },
  };
}
