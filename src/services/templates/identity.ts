import { and, eq, or } from "drizzle-orm";
import { appleIdentities } from "../../db/data-schema";
import type { TemplateDesign } from "../../pass-model/design";
import type { Issue } from "../../pass-model/issue";
import type { Warning } from "../../pass-model/resolved-pass";
import type { TenantContext } from "../context";

interface ChosenIdentity {
  /** Whether the account has a certificate of the pass type that the design names. */
  known: boolean;
  issues: Issue[];
}

/** The identity that passes of this design would be issued under: the one it names, or the default. Read only if it matters. */
export async function readChosenIdentity(ctx: TenantContext, design: TemplateDesign): Promise<ChosenIdentity> {
  const { passTypeIdentifier, nfc, personalization } = design;
  const needsNfc = nfc !== undefined || personalization !== undefined;
  if (passTypeIdentifier === undefined && !needsNfc) return { known: false, issues: [] };
  const identities = await ctx.data
    .select({ passTypeIdentifier: appleIdentities.passTypeIdentifier, nfc: appleIdentities.nfc })
    .from(appleIdentities)
    .where(
      and(
        eq(appleIdentities.tenantId, ctx.tenant.id),
        or(eq(appleIdentities.isDefault, true), eq(appleIdentities.passTypeIdentifier, passTypeIdentifier ?? "")),
      ),
    );
  const named = identities.find((identity) => identity.passTypeIdentifier === passTypeIdentifier);
  const chosen = named ?? identities[0];
  const issues: Issue[] = [];
  if (needsNfc && chosen && !chosen.nfc) {
    const detail = `Wallet opens such a pass only under a certificate with NFC, and that of ${chosen.passTypeIdentifier} has none`;
    issues.push({ pointer: "#/nfc", code: "nfc_certificate_required", detail });
  }
  return { known: named !== undefined, issues };
}

export function passTypeUnknown(passTypeIdentifier: string): Warning {
  const detail = `the account has no certificate of ${passTypeIdentifier}; passes are issued under its default`;
  return { code: "pass_type_unknown", pointer: "#/passTypeIdentifier", detail };
}
