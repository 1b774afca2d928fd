import { DurableObject } from "cloudflare:workers";

/** A bearer token of Google's, and when it ends (epoch milliseconds). */
export interface MintedToken {
  token: string;
  expiresAt: number;
}

/** One per service account at Google. */
export class GoogleGate extends DurableObject {}
