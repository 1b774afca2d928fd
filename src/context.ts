import { allDataDatabases, openDatabase, pickDataDatabase } from "./db/client";
import { newId, systemRandom } from "./db/ids";
import { createVault, type Vault } from "./db/vault";
import { continueTrace, traceparentOf, type Trace } from "./http/trace";
import { wwdrFingerprints, wwdrUrl } from "./pkpass/wwdr";
import { googleWallet } from "./providers/google/driver";
import { bindingConverter } from "./providers/images/binding";
import { guardedFetch } from "./providers/outbound/guard";
import type { BaseContext, MaintenanceMessage } from "./services/context";
import { describeFault } from "./services/describe-fault";
import { publicLimits, type PublicGuard } from "./services/public-limits";
import { sendGoogleSync } from "./queues/google-sync";
import { sendMaintenance } from "./queues/maintenance";

/** Optional settings that wrangler.toml does not name. */
interface OptionalEnv {
  MASTER_KEY_PREVIOUS?: string;
  /** For trials of a production without an Apple account: another intermediate, by its URL and SHA-256. */
  APPLE_WWDR_URL?: string;
  APPLE_WWDR_SHA256?: string;
  /** For trials of a production without a Google account: a simulator's URL, such as http://localhost:8790/simulator/google. */
  GOOGLE_SIMULATOR_URL?: string;
  /** Where the keys are that Google signs callbacks with; for trials with other keys. */
  GOOGLE_CALLBACK_KEYS_URL?: string;
}

interface Settings {
  environment: "sandbox" | "production";
  publicUrl: string;
  vault: Vault;
  wwdr: BaseContext["wwdr"];
  allowLoopback: boolean;
}

/** Read once per isolate and environment object. */
const settings = new WeakMap<object, Settings>();

/** Throws with one sentence if the deployment is not configured. */
function readSettings(env: Env): Settings {
  const known = settings.get(env);
  if (known) return known;
  const environment = env.ENVIRONMENT as string;
  if (environment !== "sandbox" && environment !== "production") {
    throw new Error(`ENVIRONMENT must be sandbox or production, not "${environment}".`);
  }
  const { origin, protocol, hostname } = new URL(env.PUBLIC_URL);
  const loopback = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  if (protocol !== "https:" && !(environment === "sandbox" && loopback)) {
    throw new Error("PUBLIC_URL must be https; only a sandbox on this machine may be http.");
  }
  const { MASTER_KEY_PREVIOUS, APPLE_WWDR_URL, APPLE_WWDR_SHA256 } = env as OptionalEnv;
  const extra = (APPLE_WWDR_SHA256 ?? "").toLowerCase().replaceAll(":", "").split(",").filter(Boolean);
  const read: Settings = {
    environment,
    publicUrl: origin,
    vault: createVault(env.MASTER_KEY, MASTER_KEY_PREVIOUS),
    wwdr: { url: APPLE_WWDR_URL ?? wwdrUrl, fingerprints: [...wwdrFingerprints, ...extra] },
    allowLoopback: environment === "sandbox" && (env.OUTBOUND_ALLOW_LOOPBACK as string | undefined) === "1",
  };
  if (environment === "sandbox" && !(env.GOOGLE_SIMULATOR as unknown)) {
    throw new Error("A sandbox needs the binding GOOGLE_SIMULATOR: nothing of it may reach Google.");
  }
  settings.set(env, read);
  return read;
}

/** Where a request came from; a message and cron come from nowhere. */
interface Origin {
  address?: string | null;
  cache?: CacheContext | undefined;
  /** Its place in a trace; without one a trace begins. */
  trace?: Trace;
}

/** What verbs see of the deployment. `now` is the one clock reading that a request or message goes by. */
export function buildContext(
  env: Env,
  requestId: string,
  now = Date.now(),
  { address = null, cache, trace = continueTrace(null) }: Origin = {},
): BaseContext {
  const { environment, publicUrl, vault, wwdr, allowLoopback } = readSettings(env);
  const traceparent = traceparentOf(trace);
  const log: BaseContext["log"] = (entry) => console.log({ requestId, traceId: trace.traceId, ...entry });
  const googleSimulator = environment === "sandbox" ? simulatorOf(env) : null;
  return {
    environment,
    publicUrl,
    now,
    clock: () => Date.now(),
    requestId,
    address,
    newId: (prefix) => newId(prefix, now),
    random: () => systemRandom,
    isKeyed: false,
    control: openDatabase(env.CONTROL_DB),
    files: env.FILES,
    vault,
    limiter: (tenantId) => env.RATE_LIMITER.getByName(tenantId) as ReturnType<BaseContext["limiter"]>,
    idempotency: (tenantId, shard) =>
      env.IDEMPOTENCY_LEDGER.getByName(`${tenantId}/${shard}`) as ReturnType<BaseContext["idempotency"]>,
    requestLog: (tenantId) => env.REQUEST_LOG.getByName(tenantId) as ReturnType<BaseContext["requestLog"]>,
    guesses: (network) => env.GUESS_GUARD.getByName(network) as ReturnType<BaseContext["guesses"]>,
    isWithin: (guard, key) => isWithin(env, guard, key, log),
    nonces: (tenantId) => env.NONCE_LEDGER.getByName(tenantId) as ReturnType<BaseContext["nonces"]>,
    dataOf: (code) => openDatabase(pickDataDatabase(env, code)),
    replicaOf: (code) => openDatabase(pickDataDatabase(env, code), "first-unconstrained"),
    dataDatabases: () => allDataDatabases(env).map((binding) => openDatabase(binding)),
    images: (env.IMAGES as ImagesBinding | undefined) ? bindingConverter(env.IMAGES) : null,
    fetchPublic: guardedFetch({ allowLoopback, traceparent }),
    wwdr,
    google: googleOf(env, publicUrl, googleSimulator, trace),
    googleSimulator,
    enqueueGoogleSync: (messages) => sendGoogleSync(env, messages, traceparent),
    enqueueMaintenance: (message: MaintenanceMessage) => sendMaintenance(env, message, traceparent),
    purgeCached: (tags) => purge(cache, tags, log),
    sleep,
    log,
  };
}

const sleep = (milliseconds: number): Promise<void> => scheduler.wait(milliseconds);

/** One for the whole sandbox, as there is one Google. */
function simulatorOf({ GOOGLE_SIMULATOR }: Env): BaseContext["googleSimulator"] {
  return (GOOGLE_SIMULATOR?.getByName("google") as BaseContext["googleSimulator"] | undefined) ?? null;
}

/** In a sandbox nothing leaves: calls go to the simulator in this process, links to where people reach it. */
function googleOf(
  env: Env,
  publicUrl: string,
  simulator: BaseContext["googleSimulator"],
  trace: Trace,
): BaseContext["google"] {
  const { GOOGLE_SIMULATOR_URL, GOOGLE_CALLBACK_KEYS_URL } = env as OptionalEnv;
  const simulatorUrl = simulator ? `${publicUrl}/simulator/google` : GOOGLE_SIMULATOR_URL;
  const urls =
    simulatorUrl === undefined
      ? googleUrls
      : {
          apiUrl: simulatorUrl,
          tokenUrl: `${simulatorUrl}/token`,
          saveUrl: `${simulatorUrl}/gp/v/save`,
          callbackKeysUrl: `${simulatorUrl}/gp/m/issuer/keys`,
        };
  return googleWallet({
    ...urls,
    ...(GOOGLE_CALLBACK_KEYS_URL && { callbackKeysUrl: GOOGLE_CALLBACK_KEYS_URL }),
    fetch: (request) => {
      request.headers.set("traceparent", traceparentOf(trace));
      if (trace.tracestate !== null) request.headers.set("tracestate", trace.tracestate);
      return simulator && request.url.startsWith(`${simulatorUrl}/`) ? simulator.fetch(request) : fetch(request);
    },
    gate: (name) => env.GOOGLE_GATE.getByName(name) as never,
    now: () => Date.now(),
    sleep,
  });
}

const googleUrls = {
  apiUrl: "https://walletobjects.googleapis.com",
  tokenUrl: "https://oauth2.googleapis.com/token",
  saveUrl: "https://pay.google.com/gp/v/save",
  callbackKeysUrl: "https://pay.google.com/gp/m/issuer/keys",
};

/** None is worth an outage: what cannot be counted is let in. */
async function isWithin(env: Env, guard: PublicGuard, key: string, log: BaseContext["log"]): Promise<boolean> {
  try {
    return (await env[publicLimits[guard].binding].limit({ key })).success;
  } catch (error) {
    log({ level: "error", msg: "guard did not answer", guard, error: describeFault(error) });
    return true;
  }
}

/** What is not purged stays until it expires; that keeps nothing else from going on. */
async function purge(cache: CacheContext | undefined, tags: string[], log: BaseContext["log"]): Promise<void> {
  if (!cache || tags.length === 0) return;
  const purged = await cache.purge({ tags }).catch((error: unknown) => ({ success: false, errors: [String(error)] }));
  if (!purged.success) log({ level: "error", msg: "cache purge failed", tags, errors: purged.errors });
}
