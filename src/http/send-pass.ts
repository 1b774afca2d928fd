import type { Context } from "hono";
import { pkpassMediaType, pkpassesMediaType } from "../pkpass/package";
import type { AppEnv } from "./env";

/** Answers a `.pkpass` with the one media type that Wallet opens. A bundle's type would break it. */
export function sendPass(c: Context<AppEnv>, bytes: Uint8Array, pass: { id: string; updatedAt: number }): Response {
  return c.body(bytes as Uint8Array<ArrayBuffer>, 200, {
    "content-type": pkpassMediaType,
    "content-disposition": `attachment; filename="${pass.id}.pkpass"`,
    "last-modified": new Date(pass.updatedAt).toUTCString(),
  });
}

export function sendPasses(c: Context<AppEnv>, bytes: Uint8Array): Response {
  return c.body(bytes as Uint8Array<ArrayBuffer>, 200, {
    "content-type": pkpassesMediaType,
    "content-disposition": 'attachment; filename="passes.pkpasses"',
  });
}
