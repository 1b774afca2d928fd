import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
// A Durable Object loads it at its first request, and here modules come over a connection that an object may not use.
import "../../src/simulators/google-wallet/google";

await applyD1Migrations(env.CONTROL_DB, env.CONTROL_MIGRATIONS);
await applyD1Migrations(env.DATA_DB, env.DATA_MIGRATIONS);
