import { clearIsolateCaches } from "../../src/db/isolate-cache";
import { liveEnv, newLiveTenant } from "../support/certificates";
import { connectGoogle } from "../support/google-account";
import { exampleRequest, newWorld, send } from "./operations";
import type { Producer } from "./producers";

/** How the error codes of the account at Google are provoked. */

/** In production, where no account is made up. */
const withoutAccount: Producer = async (operation) => {
  const tenant = await newLiveTenant();
  return send(exampleRequest(operation, { ...(await newWorld()), tenant }), { env: liveEnv });
};

const otherMasterKey: Producer = async (operation) => {
  const tenant = await newLiveTenant();
  await connectGoogle(tenant);
  clearIsolateCaches();
  const env = { ...liveEnv, MASTER_KEY: "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=" } as Cloudflare.Env;
  return send(exampleRequest(operation, { ...(await newWorld()), tenant }), { env });
};

export const googleProducers: Record<string, Producer> = {
  "getGoogleAccount not_found": withoutAccount,
  "deleteGoogleAccount not_found": withoutAccount,
  "checkGoogleAccount google_not_configured": withoutAccount,
  "checkGoogleAccount master_key_mismatch": otherMasterKey,
};
