import { and, eq } from "drizzle-orm";
import type { BatchStatement } from "../../db/client";
import { appleIdentities } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { hasNoDefault } from "./default-mark";
import { makeSandboxIdentity } from "./sandbox-identity";

/** In a sandbox, the statement that gives the tenant its certificate, if it has none yet. */
export async function ensureIdentity(ctx: TenantContext): Promise<BatchStatement[]> {
  if (ctx.environment !== "sandbox") return [];
  const [existing] = await ctx.data
    .select({ passTypeIdentifier: appleIdentities.passTypeIdentifier })
    .from(appleIdentities)
    .where(and(eq(appleIdentities.tenantId, ctx.tenant.id), eq(appleIdentities.isDefault, true)));
  if (existing) return [];
  return [
    ctx.data
      .insert(appleIdentities)
      .values({ ...(await makeSandboxIdentity(ctx)), isDefault: hasNoDefault(ctx) })
      .onConflictDoNothing(),
  ];
}
