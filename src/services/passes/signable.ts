import type { AppleIdentityRow } from "../../db/data-schema";
import type { ResolvedPass } from "../../pass-model/resolved-pass";
import { asksHolder } from "../../pkpass/personalization";
import type { BaseContext } from "../context";
import { ServiceError } from "../errors";

/** What of a certificate decides whether a pass can be signed under it. */
export type Certificate = Pick<AppleIdentityRow, "passTypeIdentifier" | "notAfter" | "nfc">;

interface Unsignable {
  /** With which a file is refused. */
  code: "apple_not_configured" | "nfc_certificate_required";
  /** Of the warning that the pass carries: it tells a certificate that has expired from none. */
  warning: "apple_not_configured" | "certificate_expired" | "nfc_certificate_required";
  detail: string;
}

/** The one answer to whether a pass can be signed now; null if it can. Wallet takes no pass that was signed in spite of it. */
export function whyNotSignable(
  { now }: Pick<BaseContext, "now">,
  identity: Certificate | null,
  resolved: ResolvedPass,
): Unsignable | null {
  if (identity === null) {
    const code = "apple_not_configured";
    return { code, warning: code, detail: "the account has no Apple certificate for this pass; import one" };
  }
  const { passTypeIdentifier, notAfter, nfc } = identity;
  if (notAfter <= now) {
    const detail = `the certificate of ${passTypeIdentifier} expired at ${new Date(notAfter).toISOString()}; import its renewal`;
    return { code: "apple_not_configured", warning: "certificate_expired", detail };
  }
  if (!nfc && (resolved.nfc || asksHolder(resolved))) {
    const code = "nfc_certificate_required";
    const detail = `the pass has nfc or a personalization, and the certificate of ${passTypeIdentifier} no NFC right`;
    return { code, warning: code, detail };
  }
  return null;
}

/** Throws `apple_not_configured` and `nfc_certificate_required`. */
export function assertSignable<Identity extends Certificate>(
  ctx: Pick<BaseContext, "now">,
  identity: Identity | null,
  resolved: ResolvedPass,
): asserts identity is Identity {
  const reason = whyNotSignable(ctx, identity, resolved);
  if (reason) throw new ServiceError(reason.code, `${reason.detail[0]!.toUpperCase()}${reason.detail.slice(1)}.`);
}
