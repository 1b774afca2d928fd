import type { JsonObject, ResolvedPass, Warning } from "../../pass-model/resolved-pass";
import { projectPassJson } from "../../pkpass/project";
import type { TenantContext } from "../context";
import { appleIdentityOf } from "./apple";
import { readPass, resolveFile } from "./read";

export interface Projections {
  resolved: ResolvedPass;
  /** Null while the account has no Apple certificate. */
  apple: { output: JsonObject; warnings: Warning[] } | null;
}

/** What each wallet gets of a pass. Apple's authentication token is left out: it opens the pass. */
export async function readProjections(ctx: TenantContext, id: string): Promise<Projections> {
  const file = await readPass(ctx, id);
  const resolved = resolveFile(ctx, file);
  if (file.pass.passTypeIdentifier === null) return { resolved, apple: null };
  const { output, warnings } = projectPassJson(resolved, appleIdentityOf(ctx, file));
  const { authenticationToken: _, ...shown } = output;
  return { resolved, apple: { output: shown, warnings } };
}
