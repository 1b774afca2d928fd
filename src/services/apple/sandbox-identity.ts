import { eq } from "drizzle-orm";
import { deployment } from "../../db/control-schema";
import { IsolateCache } from "../../db/isolate-cache";
import { fromBase64, toBase64 } from "../../db/vault";
import { toPem } from "../../pkpass/pem";
import {
  authorityKeyAlgorithm,
  generateSandboxKeys,
  issueAuthorityCertificate,
  issuePassCertificate,
  leafKeyAlgorithm,
  type SandboxAuthority,
} from "../../pkpass/sandbox-authority";
import type { appleIdentities } from "../../db/data-schema";
import type { BaseContext, TenantContext } from "../context";

type NewAppleIdentity = typeof appleIdentities.$inferInsert;

/** PKCS#8 and SPKI in base64, as kept in one sealed row of the control database. */
interface StoredKeys {
  authorityCertificate: string;
  authorityKey: string;
  leafKey: string;
  leafPublicKey: string;
}

const rowName = "sandbox_keys";

/** The deployment's sandbox keys, made at the first call. Of two first calls at once, one wins. */
async function readSandboxKeys(ctx: BaseContext): Promise<StoredKeys> {
  const read = async () => {
    const [row] = await ctx.control.select().from(deployment).where(eq(deployment.name, rowName));
    return row && (JSON.parse(new TextDecoder().decode(await ctx.vault.open(row.value))) as StoredKeys);
  };
  const existing = await read();
  if (existing) return existing;
  const value = await ctx.vault.seal(new TextEncoder().encode(JSON.stringify(await makeKeys(ctx.now))));
  await ctx.control.insert(deployment).values({ name: rowName, value }).onConflictDoNothing();
  return (await read())!;
}

async function makeKeys(now: number): Promise<StoredKeys> {
  const { authority, leaf } = await generateSandboxKeys();
  const exported = async (format: "pkcs8" | "spki", key: CryptoKey) =>
    toBase64(new Uint8Array((await crypto.subtle.exportKey(format, key)) as ArrayBuffer));
  return {
    authorityCertificate: toBase64(await issueAuthorityCertificate(authority, new Date(now))),
    authorityKey: await exported("pkcs8", authority.privateKey),
    leafKey: await exported("pkcs8", leaf.privateKey),
    leafPublicKey: await exported("spki", leaf.publicKey),
  };
}

/** One, which never changes. Of the keys beside it none is kept open. */
const authorities = new IsolateCache<Uint8Array>(1);

/** DER of the certificate under which every pass of this sandbox is signed. */
export async function readAuthorityCertificate(ctx: BaseContext): Promise<Uint8Array> {
  const cached = authorities.get(rowName);
  if (cached) return cached;
  const certificate = fromBase64((await readSandboxKeys(ctx)).authorityCertificate);
  authorities.set(rowName, certificate);
  return certificate;
}

export const readAuthorityPem = async (ctx: BaseContext): Promise<string> =>
  toPem("CERTIFICATE", await readAuthorityCertificate(ctx));

/** Who signs in place of Apple, with the fingerprint by which its certificate is known. */
export async function readSandboxAuthority(ctx: BaseContext): Promise<SandboxAuthority> {
  return openAuthority(await readSandboxKeys(ctx));
}

async function openAuthority(keys: StoredKeys): Promise<SandboxAuthority> {
  const pkcs8 = fromBase64(keys.authorityKey);
  const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, authorityKeyAlgorithm, false, ["sign"]);
  return { certificate: fromBase64(keys.authorityCertificate), privateKey };
}

/** The team in every certificate of the tenant's sandbox. */
export const sandboxTeam = (ctx: Pick<TenantContext, "tenant">): string => `SB${ctx.tenant.code}`;

/** A pass type certificate for the tenant, over the deployment's leaf key. */
export async function makeSandboxIdentity(ctx: TenantContext): Promise<NewAppleIdentity> {
  const keys = await readSandboxKeys(ctx);
  const subject = {
    passTypeIdentifier: `pass.sandbox.wepass.${ctx.tenant.code.toLowerCase()}`,
    teamIdentifier: sandboxTeam(ctx),
  };
  const spki = fromBase64(keys.leafPublicKey);
  const leafPublicKey = await crypto.subtle.importKey("spki", spki, leafKeyAlgorithm, true, ["verify"]);
  const der = await issuePassCertificate(await openAuthority(keys), leafPublicKey, subject, new Date(ctx.now));
  const notAfter = new Date(ctx.now);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + 10);
  return {
    tenantId: ctx.tenant.id,
    ...subject,
    certificate: toBase64(der),
    issuerCertificate: keys.authorityCertificate,
    privateKey: await ctx.vault.seal(fromBase64(keys.leafKey)),
    nfc: true,
    isDefault: true,
    notAfter: notAfter.getTime(),
    createdAt: ctx.now,
    tenantCode: ctx.tenant.code,
    notBefore: ctx.now - 3_600_000,
  };
}
