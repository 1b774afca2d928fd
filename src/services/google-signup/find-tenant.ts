import { forTenant, type BaseContext, type TenantContext } from "../context";
import { ServiceError } from "../errors";
import { findTenant } from "../tenants/read";

/** The tenant whose sign-up page a path names; while it is suspended, closed as its links are. Throws `not_found`. */
export async function findSignupTenant(base: BaseContext, tenantId: string): Promise<TenantContext> {
  const tenant = await findTenant(base, tenantId);
  if (tenant?.status !== "active") throw new ServiceError("not_found", "There is no sign-up page at this path.");
  return forTenant(base, tenant, { type: "holder" });
}
