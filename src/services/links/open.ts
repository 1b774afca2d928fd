import { linkTenantCode } from "../../db/tokens";
import { forTenant, type BaseContext, type TenantContext } from "../context";
import { ServiceError } from "../errors";
import { findLinkedPass, type PassFile } from "../passes/read";
import { findTenantByCode } from "../tenants/read";

export type GoneReason = "voided" | "revoked";

/**
 * The pass behind a link: one read for the tenant, one for everything else, from a replica and, on a miss
 * there, from the primary. Throws `not_found`, or `link_gone` with the reason.
 */
export async function openLink(base: BaseContext, token: string): Promise<{ ctx: TenantContext; file: PassFile }> {
  const code = linkTenantCode(token);
  const tenant = code === null ? null : await findTenantByCode(base, code);
  if (!tenant || tenant.status !== "active") throw unknownLink();
  const ctx = forTenant(base, tenant, { type: "holder" });
  const found =
    (await findLinkedPass(base.replicaOf(tenant.code), tenant.id, token)) ??
    (await findLinkedPass(ctx.data, tenant.id, token));
  if (!found) throw unknownLink();
  if (found.revokedAt !== null) throw gone("revoked", "This link was revoked.");
  if (found.file.pass.voidedAt !== null) throw gone("voided", "This pass was voided.");
  return { ctx, file: found.file };
}

const unknownLink = () => new ServiceError("not_found", "There is no pass behind this link.");
const gone = (reason: GoneReason, detail: string) => new ServiceError("link_gone", detail, { extra: { reason } });
