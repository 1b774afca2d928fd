import { and, eq } from "drizzle-orm";
import { appleIdentities, type AppleIdentityRow } from "../../db/data-schema";
import type { Issue } from "../../pass-model/issue";
import type { Warning } from "../../pass-model/resolved-pass";
import type { CertificateFacts } from "../../pkpass/certificate";
import { checkPassCertificate } from "../../pkpass/check-identity";
import { isKeyOf, testSignature } from "../../pkpass/signing-key";
import type { TenantContext } from "../context";
import { ServiceError } from "../errors";
import { findIssuer, intermediateUnavailable } from "./issuer";
import type { Material, ReadMaterial } from "./read-material";

/** A certificate that passes can be signed under, with everything that it takes. */
export interface AcceptedIdentity {
  certificate: CertificateFacts;
  passTypeIdentifier: string;
  teamIdentifier: string;
  issuer: CertificateFacts;
  /** PKCS#8. */
  privateKey: Uint8Array;
  /** The identity of the same pass type that this one renews. */
  existing: AppleIdentityRow | null;
  warnings: Warning[];
}

/**
 * Makes every check of a certificate and its key, the last of them a signature. Throws `validation_error` with all
 * that is wrong, or `temporarily_unavailable` if nothing is but Apple's intermediate could not be fetched.
 */
export async function acceptMaterial(ctx: TenantContext, read: ReadMaterial): Promise<AcceptedIdentity> {
  const { material } = read;
  if (!material) throw refusal(read.issues);
  const { certificate, pointer, privateKey } = material;
  const findings = checkPassCertificate(certificate, pointer, ctx.now);
  const isPassType = findings.issues.every(({ code }) => code !== "not_a_pass_certificate");
  const issues = [...read.issues, ...findings.issues];
  if (privateKey && !(await isKeyOf(certificate, privateKey))) issues.push(keyMismatch(material));
  // Of a certificate of another kind, its issuer says nothing new.
  if (!isPassType) throw refusal(issues);
  const found = await findIssuer(ctx, material);
  const existing = await readIdentity(ctx, certificate.passTypeIdentifier ?? "");
  issues.push(...found.issues, ...(existing ? renewalIssues(ctx, material, existing) : []));
  if (issues.length > 0) throw refusal(issues);
  if (found.unavailable !== undefined) throw intermediateUnavailable(found.unavailable);
  const issuer = found.issuer!;
  const signing = { certificate: certificate.der, issuerCertificate: issuer.der, pkcs8: privateKey! };
  if (!(await testSignature(signing, new Date(ctx.now)))) {
    const detail =
      "a signature made with it for a trial does not verify through its issuer. Download both from Apple again";
    throw refusal([{ pointer, code: "signature_test_failed", detail }]);
  }
  return {
    certificate,
    passTypeIdentifier: certificate.passTypeIdentifier!,
    teamIdentifier: certificate.teamIdentifier!,
    issuer,
    privateKey: privateKey!,
    existing,
    warnings: [...findings.warnings, ...found.warnings],
  };
}

export async function readIdentity(ctx: TenantContext, passTypeIdentifier: string): Promise<AppleIdentityRow | null> {
  const [row] = await ctx.data.select().from(appleIdentities).where(ownIdentity(ctx, passTypeIdentifier));
  return row ?? null;
}

export const ownIdentity = (ctx: TenantContext, passTypeIdentifier: string) =>
  and(eq(appleIdentities.tenantId, ctx.tenant.id), eq(appleIdentities.passTypeIdentifier, passTypeIdentifier))!;

function keyMismatch({ pointer }: Material): Issue {
  const detail =
    "the private key is not the one that this certificate was made for. Send the key with which its request was made, or make a new request and a new certificate";
  return { pointer, code: "key_mismatch", detail };
}

/** A pass keeps its type and team for ever, so a renewal must fit the passes that are there. */
function renewalIssues(ctx: TenantContext, { certificate, pointer }: Material, existing: AppleIdentityRow): Issue[] {
  const { passTypeIdentifier, teamIdentifier, nfc } = certificate;
  const issues: Issue[] = [];
  if (teamIdentifier !== null && teamIdentifier !== existing.teamIdentifier) {
    const detail = `passes of ${passTypeIdentifier} belong to the team ${existing.teamIdentifier} for ever, and this certificate is of ${teamIdentifier}. Renew it in the team ${existing.teamIdentifier}, or use another pass type`;
    issues.push({ pointer, code: "team_mismatch", detail });
  }
  if (existing.nfc && !nfc && existing.notAfter > ctx.now) {
    const detail = `the present certificate of ${passTypeIdentifier} may sign NFC passes, and this one may not, so those would no longer open. Ask Apple for an NFC certificate, or import this one once the present has expired`;
    issues.push({ pointer, code: "nfc_right_lost", detail });
  }
  if (certificate.notAfter < existing.notAfter) {
    const [present, given] = [existing, certificate].map(({ notAfter }) => new Date(notAfter).toISOString());
    const detail = `the present certificate of ${passTypeIdentifier} is valid until ${present}, and this one until ${given}: it is older. Download the newest from Apple, or, if it is this one that you want, remove the present one first`;
    issues.push({ pointer, code: "certificate_older", detail });
  }
  return issues;
}

function refusal(errors: Issue[]): ServiceError {
  const reasons = errors.length === 1 ? "one reason" : `${errors.length} reasons`;
  return new ServiceError("validation_error", `The certificate cannot be accepted, for ${reasons}.`, { errors });
}
