import { and, eq, sql } from "drizzle-orm";
import { signupPrefills } from "../../db/data-schema";
import { randomBase62 } from "../../db/ids";
import { hashSecret } from "../../db/tokens";
import type { SignupProfile } from "../../google-wallet/signup/profile";
import type { TenantContext } from "../context";
import { findTenant } from "../tenants/read";

const lifetimeMs = 10 * 60_000;
/** Anybody can send a profile, so what a tenant keeps is bounded. */
export const prefillsMax = 1_000;
/** Of 190 random bits. */
const tokenCharacters = 32;

/** Keeps the values for one redemption; answers its token, or null if too many wait already. */
export async function storePrefill(ctx: TenantContext, values: SignupProfile): Promise<string | null> {
  const token = randomBase62(tokenCharacters);
  const tokenHash = await hashSecret(token);
  const sealed = await ctx.vault.seal(new TextEncoder().encode(JSON.stringify(values)));
  const waiting = sql`select 1 from ${signupPrefills}
    where tenant_id = ${ctx.tenant.id} and expires_at > ${ctx.now} limit ${prefillsMax}`;
  const { meta } = await ctx.data.run(sql`
    insert into ${signupPrefills} (tenant_id, token_hash, sealed, expires_at)
    select ${ctx.tenant.id}, ${tokenHash}, ${sealed}, ${ctx.now + lifetimeMs}
    where (select count(*) from (${waiting})) < ${prefillsMax}
  `);
  if (meta.changes === 0) {
    ctx.log({ level: "warn", msg: "too many sign-up prefills are waiting", tenantId: ctx.tenant.id });
    return null;
  }
  // A tenant that was deleted meanwhile may have been purged before the row came; of one that still is, the purge finds it.
  if (await findTenant(ctx, ctx.tenant.id)) return token;
  await ctx.data.delete(signupPrefills).where(ownPrefill(ctx, tokenHash));
  return null;
}

export const ownPrefill = (ctx: TenantContext, tokenHash: string) =>
  and(eq(signupPrefills.tenantId, ctx.tenant.id), eq(signupPrefills.tokenHash, tokenHash))!;
