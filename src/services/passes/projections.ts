import type { JsonObject, ResolvedPass, Warning } from "../../pass-model/resolved-pass";
import { projectPassJson } from "../../pkpass/project";
import type { TenantContext } from "../context";
import { payloadOf, type GooglePayload } from "../google/project";
import { readGoogleAccount } from "../google/account";
import { appleIdentityOf } from "./apple";
import { readPass, resolveFile, type PassFile } from "./read";

export interface Projections {
  resolved: ResolvedPass;
  /** Null while the account has no Apple certificate. */
  apple: { output: JsonObject; warnings: Warning[] } | null;
  /** Null while the account is not connected to Google. */
  google: { output: Pick<GooglePayload, "vertical" | "class" | "object">; warnings: Warning[] } | null;
}

/** What each wallet gets of a pass. Apple's authentication token is left out: it opens the pass. */
export async function readProjections(ctx: TenantContext, id: string): Promise<Projections> {
  const file = await readPass(ctx, id);
  const resolved = resolveFile(ctx, file);
  return { resolved, apple: appleOf(ctx, file, resolved), google: await googleOf(ctx, file, resolved) };
}

function appleOf(ctx: TenantContext, file: PassFile, resolved: ResolvedPass): Projections["apple"] {
  if (file.pass.passTypeIdentifier === null) return null;
  const { output, warnings } = projectPassJson(resolved, appleIdentityOf(ctx, file));
  const { authenticationToken: _, ...shown } = output;
  return { output: shown, warnings };
}

async function googleOf(ctx: TenantContext, file: PassFile, resolved: ResolvedPass): Promise<Projections["google"]> {
  const account = await readGoogleAccount(ctx);
  if (!account) return null;
  const {
    vertical,
    class: body,
    object,
    warnings,
  } = await payloadOf(ctx, resolved, account.issuerId, file.googleObject);
  return { output: { vertical, class: body, object }, warnings };
}
