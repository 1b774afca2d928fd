import { sql } from "drizzle-orm";
import { isConstraintFailure, runBatch, valueIf, type BatchStatement } from "../../db/client";
import { appleIdentities, type AppleIdentityRow } from "../../db/data-schema";
import { toBase64 } from "../../db/vault";
import { diffOf } from "../audit/diff";
import { auditRow } from "../audit/record";
import type { TenantContext } from "../context";
import { ServiceError } from "../errors";
import { eventRow } from "../events/record";
import { ownIdentity, type AcceptedIdentity } from "./accept-material";
import { adoptSlice } from "./adopt-passes";
import { hasNoDefault } from "./default-mark";
import { viewCertificate, type CertificateView } from "./view";

/** What the caller writes with it. */
interface Activation {
  statements?: BatchStatement[];
  /** The request that the certificate was made for. */
  requestId?: string;
}

/**
 * Puts a certificate into use, in one batch: its row, which renews one of the same pass type in place, the event,
 * and whatever the caller writes with it. The account's first certificate becomes its default.
 */
export async function activateIdentity(
  ctx: TenantContext,
  identity: AcceptedIdentity,
  sealedKey: string,
  { statements = [], requestId }: Activation = {},
): Promise<CertificateView> {
  const { certificate, passTypeIdentifier, teamIdentifier, existing, warnings } = identity;
  const stored = toBase64(certificate.der);
  const own = ownIdentity(ctx, passTypeIdentifier);
  // Of two imports of the same certificate at once, the second changes nothing.
  const onlyIf = sql`not exists (select 1 from ${appleIdentities} where ${own} and ${appleIdentities.certificate} = ${stored})`;
  const changes = [
    ...diffOf(existing ? validity(existing) : {}, validity(certificate), ["nfc", "notBefore", "notAfter"]),
    ...(requestId === undefined ? [] : [{ pointer: "#/requestId", to: requestId }]),
  ];
  const event = eventRow(ctx, {
    type: "certificate.activated",
    data: {
      passTypeIdentifier,
      teamIdentifier,
      fingerprint: certificate.fingerprint,
      notAfter: new Date(certificate.notAfter).toISOString(),
      renewal: existing !== null,
    },
    onlyIf,
  });
  try {
    const rows = await runBatch<AppleIdentityRow[]>(ctx.data, [
      auditRow(ctx, ctx.data, { action: "certificate.activated", objectId: passTypeIdentifier, changes, onlyIf }),
      event,
      upsertIdentity(ctx, identity, stored, sealedKey),
      adoptSlice(ctx.data, { tenantId: ctx.tenant.id, passTypeIdentifier, teamIdentifier }),
      ...statements,
      ctx.data.select().from(appleIdentities).where(own),
    ]);
    return viewCertificate(ctx, rows![0]!, warnings);
  } catch (error) {
    if (!isConstraintFailure(error, "NOT NULL", "apple_identities.certificate")) throw error;
    const detail = "Another certificate of this pass type was imported at the same moment. Repeat the request.";
    throw new ServiceError("temporarily_unavailable", detail, { retryAfterSeconds: 1 });
  }
}

const validity = ({ nfc, notBefore, notAfter }: Validity) => ({
  nfc,
  notBefore: new Date(notBefore).toISOString(),
  notAfter: new Date(notAfter).toISOString(),
});

type Validity = Pick<AppleIdentityRow, "nfc" | "notBefore" | "notAfter">;

function upsertIdentity(
  ctx: TenantContext,
  { certificate, passTypeIdentifier, teamIdentifier, issuer }: AcceptedIdentity,
  stored: string,
  sealedKey: string,
): BatchStatement {
  // What acceptMaterial checked of the certificate that is renewed must still hold.
  const fits = sql`${appleIdentities.teamIdentifier} = excluded.team_identifier
    and (${appleIdentities.nfc} = 0 or excluded.nfc = 1 or ${appleIdentities.notAfter} <= ${ctx.now})
    and ${appleIdentities.notAfter} <= excluded.not_after`;
  return ctx.data
    .insert(appleIdentities)
    .values({
      tenantId: ctx.tenant.id,
      passTypeIdentifier,
      teamIdentifier,
      certificate: stored,
      issuerCertificate: toBase64(issuer.der),
      privateKey: sealedKey,
      nfc: certificate.nfc,
      isDefault: hasNoDefault(ctx),
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
      createdAt: ctx.now,
      tenantCode: ctx.tenant.code,
      adoptedTo: sql<string | null>`iif(${hasNoDefault(ctx)}, '', null)`,
    })
    .onConflictDoUpdate({
      target: [appleIdentities.tenantId, appleIdentities.passTypeIdentifier],
      set: {
        certificate: valueIf(fits, sql<string>`excluded.certificate`),
        issuerCertificate: sql`excluded.issuer_certificate`,
        privateKey: sql`excluded.private_key`,
        nfc: sql`excluded.nfc`,
        notBefore: sql`excluded.not_before`,
        notAfter: sql`excluded.not_after`,
        expiryWarnedDays: null,
      },
    });
}
