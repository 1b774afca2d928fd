import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
// A Durable Object loads it at its first request, and here modules come over a connection that an object may not use.
import "../../src/simulators/google-wallet/google";

import { buildContext } from "../../src/context";
import { readAuthorityCertificate } from "../../src/services/apple/sandbox-identity";

await applyD1Migrations(env.CONTROL_DB, env.CONTROL_MIGRATIONS);
await applyD1Migrations(env.DATA_DB, env.DATA_MIGRATIONS);
// There is one for all tests, so it is made before any of them turns the clock.
await readAuthorityCertificate(buildContext(env as unknown as Env, "req_setup"));
