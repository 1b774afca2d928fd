import type { AppleIdentityRow } from "../../db/data-schema";
import { fromBase64 } from "../../db/vault";
import type { Warning } from "../../pass-model/resolved-pass";
import { sha256Hex } from "../../pkpass/bytes";
import type { BaseContext } from "../context";

/** A certificate as it is shown: never with its key. */
export interface CertificateView {
  identity: AppleIdentityRow;
  /** SHA-256, lowercase hex. */
  fingerprint: string;
  status: "active" | "expired";
  /** Whole days until it expires; 0 if it has. */
  daysLeft: number;
  warnings: Warning[];
}

export async function viewCertificate(
  ctx: Pick<BaseContext, "now">,
  identity: AppleIdentityRow,
  warnings: Warning[] = [],
): Promise<CertificateView> {
  return {
    identity,
    fingerprint: await sha256Hex(fromBase64(identity.certificate)),
    status: identity.notAfter > ctx.now ? "active" : "expired",
    daysLeft: wholeDaysLeft(identity.notAfter, ctx.now),
    warnings,
  };
}

export const wholeDaysLeft = (notAfter: number, now: number): number =>
  Math.max(0, Math.floor((notAfter - now) / 86_400_000));
