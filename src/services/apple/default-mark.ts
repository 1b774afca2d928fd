import { sql, type SQL } from "drizzle-orm";
import { appleIdentities } from "../../db/data-schema";
import type { TenantContext } from "../context";

/** Evaluated by the insert itself, so that of two first certificates at once only one becomes the default. */
export const hasNoDefault = ({ tenant }: Pick<TenantContext, "tenant">): SQL<boolean> => sql`not exists (
  select 1 from ${appleIdentities} as others where others.tenant_id = ${tenant.id} and others.is_default = 1
)`;
