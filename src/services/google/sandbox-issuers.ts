import { and, eq, ne, sql } from "drizzle-orm";
import { googleAccounts, googleObjects, type GoogleAccountRow } from "../../db/data-schema";
import type { Issue } from "../../pass-model/issue";
import type { TenantContext } from "../context";
import { isMadeUpIssuerId, madeUpIssuerId } from "./sandbox-account";

/**
 * At Google, an issuer's users decide who acts for it. The simulator takes whoever a sandbox tells it, so here an issuer
 * belongs to the tenants that prove to hold the same key. Of a production deployment none of this is asked.
 */

type Claim = Pick<GoogleAccountRow, "issuerId" | "keyFingerprint">;

/** Why a sandbox does not take an account: its issuer is another's. */
export async function claimIssues(ctx: TenantContext, { issuerId, keyFingerprint }: Claim): Promise<Issue[]> {
  if (!ctx.googleSimulator) return [];
  const isForeign = isMadeUpIssuerId(issuerId)
    ? issuerId !== madeUpIssuerId(ctx.tenant.code)
    : (await accountsOfOthers(ctx, issuerId)).some((other) => other.keyFingerprint !== keyFingerprint);
  if (!isForeign) return [];
  const detail =
    "another account of this sandbox has this issuer, with another key. Send the same service account as there, another issuer id, or nothing: a sandbox has a made-up issuer for every account";
  return [{ pointer: "#/issuerId", code: "issuer_taken", detail }];
}

/** What another tenant left at the simulator under an issuer is gone before the next one has it. */
export async function takeOverIssuer(ctx: TenantContext, issuerId: string): Promise<void> {
  if (!ctx.googleSimulator || issuerId === madeUpIssuerId(ctx.tenant.code)) return;
  const [own] = await ctx.data
    .select({ id: googleObjects.id })
    .from(googleObjects)
    .where(and(eq(googleObjects.tenantId, ctx.tenant.id), isOfIssuer(issuerId)))
    .limit(1);
  if (own || (await accountsOfOthers(ctx, issuerId)).length > 0) return;
  await ctx.googleSimulator.erase(issuerId);
}

/** Those that are connected now. A sandbox has few, so they have no index. */
async function accountsOfOthers(ctx: TenantContext, issuerId: string): Promise<GoogleAccountRow[]> {
  const ofOthers = and(eq(googleAccounts.issuerId, issuerId), ne(googleAccounts.tenantId, ctx.tenant.id));
  const found = await Promise.all(
    ctx.dataDatabases().map((data) => data.select().from(googleAccounts).where(ofOthers)),
  );
  return found.flat();
}

/** Whether an object's id is `issuerId.suffix`. */
export const isOfIssuer = (issuerId: string) =>
  sql`substr(${googleObjects.id}, 1, ${issuerId.length + 1}) = ${`${issuerId}.`}`;
