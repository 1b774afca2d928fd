import { eq } from "drizzle-orm";
import { deployment } from "../../db/control-schema";
import { fromBase64, toBase64 } from "../../db/vault";
import { isIssuedBy, readCertificate, type CertificateFacts } from "../../pkpass/certificate";
import { readCertificateFile } from "../../pkpass/certificate-file";
import { checkIssuerOf, type IdentityFindings } from "../../pkpass/check-identity";
import { generationOf } from "../../pkpass/doctor/issuer";
import type { BaseContext } from "../context";
import { ServiceError } from "../errors";
import type { Material } from "./read-material";
import { readAuthorityCertificate } from "./sandbox-identity";

/** The issuer of a certificate, if it is one that counts here; else why not. */
interface IssuerResult extends IdentityFindings {
  issuer: CertificateFacts | null;
  /** Set if Apple's intermediate could not be had; the request can be repeated. */
  unavailable?: string;
}

export async function findIssuer(ctx: BaseContext, material: Material): Promise<IssuerResult> {
  return ctx.environment === "sandbox" ? findSandboxIssuer(ctx, material) : findAppleIssuer(ctx, material);
}

async function findSandboxIssuer(ctx: BaseContext, { certificate, pointer }: Material): Promise<IssuerResult> {
  const authority = await readCertificate(await readAuthorityCertificate(ctx));
  if (!authority.ok) throw new Error("the certificate of the sandbox authority cannot be read");
  if (await isIssuedBy(certificate, authority.certificate)) {
    return { issuer: authority.certificate, issues: [], warnings: [] };
  }
  const detail =
    "this deployment is a sandbox, which takes certificates of its own authority only (POST /v2/apple/sandbox-certificates). A real one belongs to a production deployment";
  return { issuer: null, issues: [{ pointer, code: "real_certificate_in_sandbox", detail }], warnings: [] };
}

async function findAppleIssuer(ctx: BaseContext, material: Material): Promise<IssuerResult> {
  const { certificate, others } = material;
  const trusted = { fingerprints: ctx.wwdr.fingerprints, now: ctx.now };
  const judge = async (issuer: CertificateFacts | null, pointer: string): Promise<IssuerResult> => {
    const findings = await checkIssuerOf(certificate, issuer, pointer, trusted);
    return { ...findings, issuer: findings.issues.length === 0 ? issuer : null };
  };
  if (material.issuer) return judge(material.issuer, "#/issuerCertificate");
  for (const other of others) {
    if (ctx.wwdr.fingerprints.includes(other.fingerprint) && (await isIssuedBy(certificate, other))) {
      return judge(other, material.pointer);
    }
  }
  const generation = generationOf(certificate.issuer);
  // Nothing that could be fetched would change the answer.
  if (certificate.selfSigned || (generation !== null && generation !== "G4")) return judge(null, material.pointer);
  const fetched = await readIntermediate(ctx);
  if (fetched.ok) return judge(fetched.certificate, material.pointer);
  return { issuer: null, issues: [], warnings: [], unavailable: fetched.detail };
}

const rowName = "apple_intermediate";
const intermediateBytesMax = 16_384;
const intermediateTimeoutMs = 10_000;

type Intermediate = { ok: true; certificate: CertificateFacts } | { ok: false; detail: string };

/** Apple's intermediate: from the control database, or once per deployment from where Apple publishes it. */
async function readIntermediate(ctx: BaseContext): Promise<Intermediate> {
  const [stored] = await ctx.control.select().from(deployment).where(eq(deployment.name, rowName));
  const kept = stored && (await readCertificate(fromBase64(stored.value)));
  if (kept?.ok && ctx.wwdr.fingerprints.includes(kept.certificate.fingerprint)) return kept;
  const file = await ctx.fetchPublic(ctx.wwdr.url, {
    bytesMax: intermediateBytesMax,
    timeoutMs: intermediateTimeoutMs,
  });
  if (!file.ok) return { ok: false, detail: `${ctx.wwdr.url} could not be fetched: ${file.detail}` };
  const read = await readCertificateFile(file.bytes);
  const certificate = read.ok ? read.certificates[0]! : null;
  if (!certificate || !ctx.wwdr.fingerprints.includes(certificate.fingerprint)) {
    return { ok: false, detail: `what ${ctx.wwdr.url} answers is not the certificate that is pinned by its SHA-256` };
  }
  const value = toBase64(certificate.der);
  await ctx.control
    .insert(deployment)
    .values({ name: rowName, value })
    .onConflictDoUpdate({ target: deployment.name, set: { value } });
  return { ok: true, certificate };
}

export function intermediateUnavailable(detail: string): ServiceError {
  const advice =
    "Repeat a little later, or send AppleWWDRCAG4.cer from apple.com/certificateauthority as issuerCertificate";
  return new ServiceError("temporarily_unavailable", `Apple's intermediate is missing: ${detail}. ${advice}.`, {
    retryAfterSeconds: 30,
  });
}
