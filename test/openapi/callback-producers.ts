import { env } from "cloudflare:workers";
import type { Answer } from "../support/api";
import { issuerOf, messageOf, newCallbackGoogle, type CallbackGoogle } from "../support/callbacks";
import { newSigner, type SignOptions } from "../support/google-callbacks";
import { exampleRequest, send, sharedWorld, type Operation } from "./operations";
import type { Producer } from "./producers";

/** How the error codes of Google's callbacks are provoked. */

async function deliver(operation: Operation, google: CallbackGoogle, body: string): Promise<Answer> {
  return send(exampleRequest(operation, await sharedWorld()), { body, env: google.env });
}

/** As Google signs it, but for what is told. */
const signed =
  (change: (message: SignOptions) => SignOptions, signer?: () => ReturnType<typeof newSigner>): Producer =>
  async (operation) => {
    const { tenant, ids } = await sharedWorld();
    const google = await newCallbackGoogle();
    const message = messageOf(await issuerOf(tenant), { id: ids.pass });
    const { sign } = signer ? await signer() : google.signer;
    return deliver(operation, google, await sign(change(message)));
  };

const withMembers = (members: Record<string, unknown>) =>
  signed(({ message, ...rest }) => ({ ...rest, message: { ...(message as object), ...members } }));

export const callbackProducers: Record<string, Producer> = {
  "receiveGoogleCallback malformed_callback": withMembers({ nonce: undefined }),
  "receiveGoogleCallback unsupported_signature_scheme": signed((message) => ({ ...message, protocolVersion: "ECv2" })),
  "receiveGoogleCallback invalid_callback_signature": signed((message) => message, newSigner),
  "receiveGoogleCallback callback_expired": withMembers({ expTimeMillis: 1 }),
  "receiveGoogleCallback temporarily_unavailable": async (operation) => {
    const google = await newCallbackGoogle();
    google.answer.keys = () => new Response(null, { status: 503 });
    return deliver(operation, google, await google.signer.sign({ issuerId: "3388000000012345678" }));
  },
  // Whatever it depends on, it asks Google to come back; only a deployment that is set up wrongly fails.
  "receiveGoogleCallback internal_error": async (operation) => {
    const wrong = { ...env, ENVIRONMENT: "neither" } as unknown as Cloudflare.Env;
    return send(exampleRequest(operation, await sharedWorld()), { env: wrong });
  },
};
