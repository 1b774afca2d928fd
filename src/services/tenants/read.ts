import { and, eq, ne } from "drizzle-orm";
import { tenants, type TenantRow } from "../../db/control-schema";
import type { BaseContext } from "../context";
import { notFound } from "../errors";
import { readPage, type Page, type PageRequest } from "../paging";

export async function readTenant(ctx: BaseContext, id: string): Promise<TenantRow> {
  const tenant = await findTenant(ctx, id);
  if (!tenant) throw notFound("tenant");
  return tenant;
}

export async function findTenant(ctx: BaseContext, id: string): Promise<TenantRow | null> {
  const [tenant] = await ctx.control
    .select()
    .from(tenants)
    .where(and(eq(tenants.id, id), ne(tenants.status, "deleted")));
  return tenant ?? null;
}

/** A tenant in any state. */
export async function readAnyTenant(ctx: BaseContext, id: string): Promise<TenantRow> {
  const [tenant] = await ctx.control.select().from(tenants).where(eq(tenants.id, id));
  if (!tenant) throw notFound("tenant");
  return tenant;
}

/** The tenant that a link or a device names by its code, or null. */
export async function findTenantByCode(ctx: BaseContext, code: string): Promise<TenantRow | null> {
  const [tenant] = await ctx.control.select().from(tenants).where(eq(tenants.code, code));
  return tenant && tenant.status !== "deleted" ? tenant : null;
}

/** Tenants, newest first, deleted ones among them. */
export function listTenants(ctx: BaseContext, page: PageRequest): Promise<Page<TenantRow>> {
  return readPage(ctx.control, page, {
    table: tenants,
    where: undefined,
    order: [tenants.id],
    direction: "desc",
    cursor: (id) => eq(tenants.id, id),
  });
}

export type Tenant = TenantRow;
