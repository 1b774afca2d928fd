import { DurableObject } from "cloudflare:workers";

/** One per tenant: its last requests. */
export class RequestLog extends DurableObject {}
