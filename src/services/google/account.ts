import { eq } from "drizzle-orm";
import { googleAccounts, type GoogleAccountRow } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { ServiceError } from "../errors";
import type { Finding } from "./findings";
import { madeUpAccount } from "./sandbox-account";

/** Under whom a tenant's passes are issued at Google. */
export interface GoogleAccount {
  /** Decimal. */
  issuerId: string;
  /** Address of the service account. */
  clientEmail: string;
  privateKeyId: string | null;
  /** Null if it is the key that a sandbox's tenants share. */
  key: { fingerprint: string; sealed: string } | null;
  saveLink: "skinny" | "fat";
  /** Epoch milliseconds; null of a made-up account, which nobody connected. */
  createdAt: number | null;
  updatedAt: number | null;
  /** When it was last checked, and what that found. */
  checkedAt: number | null;
  findings: Finding[] | null;
}

/** The tenant's account; in a sandbox the made-up one if none is connected; otherwise null. */
export async function readGoogleAccount(ctx: TenantContext): Promise<GoogleAccount | null> {
  return accountOf(ctx, await readAccountRow(ctx));
}

export async function requireGoogleAccount(ctx: TenantContext): Promise<GoogleAccount> {
  const account = await readGoogleAccount(ctx);
  if (account) return account;
  throw new ServiceError("google_not_configured", "No account at Google is connected.");
}

/** As `readGoogleAccount`, of a row that was read already. */
export function accountOf(
  ctx: Pick<TenantContext, "environment" | "tenant">,
  row: GoogleAccountRow | null,
): GoogleAccount | null {
  if (!row) return ctx.environment === "sandbox" ? madeUpAccount(ctx.tenant.code) : null;
  const { tenantId: _, privateKey, keyFingerprint, findings, ...shown } = row;
  return { ...shown, key: { fingerprint: keyFingerprint, sealed: privateKey }, findings: findings as Finding[] | null };
}

export async function readAccountRow(ctx: TenantContext): Promise<GoogleAccountRow | null> {
  const [row] = await ctx.data.select().from(googleAccounts).where(ownAccount(ctx));
  return row ?? null;
}

export const ownAccount = (ctx: TenantContext) => eq(googleAccounts.tenantId, ctx.tenant.id);
