import { DurableObject } from "cloudflare:workers";

/** One shard of the Idempotency-Keys of a tenant. */
export class IdempotencyLedger extends DurableObject {}
