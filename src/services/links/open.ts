import { linkTenantCode } from "../../db/tokens";
import { forTenant, type BaseContext, type TenantContext } from "../context";
import { ServiceError } from "../errors";
import { networkKey, refuseBeyond } from "../guards";
import { findLinkedPass, type PassFile } from "../passes/read";
import { countGuess, findTenantAndBlock, guesserOf, refuseBlocked, rememberedBlock } from "./guesses";

export type GoneReason = "voided" | "revoked";

/**
 * The pass behind a link: one read for the tenant, one for everything else, from a replica and, on a miss
 * there, from the primary. Throws `not_found`, or `link_gone` with the reason, or `rate_limited` to who opens or guesses too many.
 */
export async function openLink(base: BaseContext, token: string): Promise<{ ctx: TenantContext; file: PassFile }> {
  const code = linkTenantCode(token);
  await refuseBeyond(base, { link: code && token, linkNetwork: networkKey(base) });
  const guesser = await guesserOf(base);
  const remembered = rememberedBlock(base, guesser);
  refuseBlocked(base, remembered, { unread: true });
  const named = code === null ? null : await findTenantAndBlock(base, guesser, code);
  const blockedUntil = remembered ?? named?.blockedUntil ?? null;
  refuseBlocked(base, blockedUntil, { unread: true });
  const tenant = named?.tenant ?? null;
  const isClosed = tenant !== null && tenant.status !== "active";
  const ctx = tenant && forTenant(base, tenant, { type: "holder" });
  const found = ctx && !isClosed ? await findLink(ctx, token) : null;
  // Links of an account that is closed are known, and their holders do not guess.
  if (!found && !isClosed) await countGuess(base, guesser, code);
  refuseBlocked(base, blockedUntil, { unread: false });
  if (!ctx || !found) throw unknownLink();
  if (found.revokedAt !== null) throw gone("revoked", "This link was revoked.");
  if (found.file.pass.voidedAt !== null) throw gone("voided", "This pass was voided.");
  return { ctx, file: found.file };
}

const findLink = async (ctx: TenantContext, token: string) =>
  (await findLinkedPass(ctx.replicaOf(ctx.tenant.code), ctx.tenant.id, token)) ??
  (await findLinkedPass(ctx.data, ctx.tenant.id, token));

const unknownLink = () => new ServiceError("not_found", "There is no pass behind this link.");
const gone = (reason: GoneReason, detail: string) => new ServiceError("link_gone", detail, { extra: { reason } });
