import type { GoogleObjectRow } from "../../db/data-schema";
import { classIdOf, projectGooglePass } from "../../google-wallet/project";
import type { JsonObject, ResolvedPass, Warning } from "../../pass-model/resolved-pass";
import type { GoogleVertical } from "../../pass-model/vocabulary";
import type { TenantContext } from "../context";
import { imagePath } from "../images/paths";

/** What Google gets of a pass. */
export interface GooglePayload {
  vertical: GoogleVertical;
  /** Null if the pass now lacks what its vertical demands of a class: it stays in the one that it has. */
  class: (JsonObject & { id: string }) | null;
  object: JsonObject & { id: string; classId: string };
  /** Texts that the holder was told before: they stay below the pass. */
  messages: JsonObject[];
  warnings: Warning[];
}

/** The projection of a pass for this tenant, which needs no account: `issuerId` stands in ids only. */
export function projectFor(
  ctx: TenantContext,
  pass: ResolvedPass,
  { issuerId, vertical }: { issuerId: string; vertical: GoogleVertical | null },
): ReturnType<typeof projectGooglePass> {
  return projectGooglePass(pass, {
    issuerId,
    vertical,
    imageUrl: ({ id, variant }) => `${ctx.publicUrl}${imagePath(ctx.tenant.code, id, variant)}`,
    callbackUrl: `${ctx.publicUrl}/api/${ctx.tenant.id}/passes/google`,
    homepageUrl: ctx.tenant.publicUri,
    now: ctx.now,
  });
}

/** The kind of a pass is decided with its first class. */
export const decidedVertical = (row: Pick<GoogleObjectRow, "vertical" | "classId"> | null): GoogleVertical | null =>
  row && row.classId !== null ? row.vertical : null;

export const objectIdOf = (issuerId: string, passId: string): string => `${issuerId}.${passId}`;

/** The projection with its ids. `row` is the pass as Google has it, if it does. */
export async function payloadOf(
  ctx: TenantContext,
  pass: ResolvedPass,
  issuerId: string,
  row: Pick<GoogleObjectRow, "vertical" | "classId" | "messages"> | null,
): Promise<GooglePayload> {
  const { output, warnings } = projectFor(ctx, pass, { issuerId, vertical: decidedVertical(row) });
  const { vertical } = output;
  const classId = output.class ? await classIdOf(issuerId, pass, vertical, output.class) : row!.classId!;
  return {
    vertical,
    class: output.class && { id: classId, ...output.class },
    object: { id: objectIdOf(issuerId, pass.id), classId, ...output.object },
    messages: (row?.messages ?? []) as JsonObject[],
    warnings,
  };
}
