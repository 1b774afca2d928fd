import type { Context } from "hono";
import { pkpassMediaType, pkpassesMediaType } from "../pkpass/package";
import type { AppEnv } from "./env";

interface SentPass {
  id: string;
  /** The latest change that a holder can see. */
  change: { at: number };
}

/** In whole seconds, as HTTP has it. */
export const lastModified = ({ change }: Pick<SentPass, "change">): string => new Date(change.at).toUTCString();

/** Answers a `.pkpass` with the one media type that Wallet opens. A bundle's type would break it. Without bytes, its headers. */
export function sendPass(c: Context<AppEnv>, bytes: Uint8Array | null, pass: SentPass): Response {
  const headers = {
    "content-type": pkpassMediaType,
    "content-disposition": `attachment; filename="${pass.id}.pkpass"`,
    "last-modified": lastModified(pass),
  };
  return bytes ? c.body(bytes as Uint8Array<ArrayBuffer>, 200, headers) : c.body(null, 200, headers);
}

export function sendPasses(c: Context<AppEnv>, bytes: Uint8Array): Response {
  return c.body(bytes as Uint8Array<ArrayBuffer>, 200, {
    "content-type": pkpassesMediaType,
    "content-disposition": 'attachment; filename="passes.pkpasses"',
  });
}
