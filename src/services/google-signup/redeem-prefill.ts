import { and, gt } from "drizzle-orm";
import { runBatch } from "../../db/client";
import { signupPrefills } from "../../db/data-schema";
import { hashSecret } from "../../db/tokens";
import type { SignupProfile } from "../../google-wallet/signup/profile";
import type { TenantContext } from "../context";
import { ServiceError } from "../errors";
import { ownPrefill } from "./store-prefill";

/** Answers the values behind a token, once: the statement that finds them takes them away. Throws `not_found`. */
export async function redeemPrefill(ctx: TenantContext, token: string): Promise<SignupProfile> {
  const rows = await runBatch<{ sealed: string }[]>(ctx.data, [
    ctx.data
      .delete(signupPrefills)
      .where(and(ownPrefill(ctx, await hashSecret(token)), gt(signupPrefills.expiresAt, ctx.now)))
      .returning({ sealed: signupPrefills.sealed }),
  ]);
  const [row] = rows ?? [];
  if (!row) throw new ServiceError("not_found", "There is nothing behind this token: it was redeemed, or has expired.");
  return JSON.parse(new TextDecoder().decode(await ctx.vault.open(row.sealed))) as SignupProfile;
}
