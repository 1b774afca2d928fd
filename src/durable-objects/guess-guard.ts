import { DurableObject } from "cloudflare:workers";

/** One per network that tried a link token which does not exist. */
export class GuessGuard extends DurableObject {}
