import { DurableObject } from "cloudflare:workers";

/** Google, for a whole sandbox: one object. */
export class GoogleSimulator extends DurableObject {
  override async fetch(_request: Request): Promise<Response> {
    return new Response(null, { status: 404 });
  }
}
