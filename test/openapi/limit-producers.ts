import { limiterlessEnv } from "../support/limiter";
import { exampleRequest, send, sharedWorld } from "./operations";
import type { Producer } from "./producers";

/** While the account's limiter cannot be asked. */
const withoutLimiter: Producer = async (operation) =>
  send(exampleRequest(operation, await sharedWorld()), { env: limiterlessEnv() });

export const limitProducers: Record<string, Producer> = {
  "getApiKeyUsage temporarily_unavailable": withoutLimiter,
  "putGoogleAccount temporarily_unavailable": withoutLimiter,
};
