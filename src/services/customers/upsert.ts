import { and, eq, sql } from "drizzle-orm";
import type { BatchStatement } from "../../db/client";
import { customers } from "../../db/data-schema";
import type { TenantContext } from "../context";

export interface CustomerInput {
  /** The tenant's own id of the person. */
  id: string;
  name?: string | null | undefined;
  email?: string | null | undefined;
  /** E.164. */
  phone?: string | null | undefined;
  postalCode?: string | null | undefined;
  /** ISO 3166, in capitals. */
  countryCode?: string | null | undefined;
  segments?: string[] | undefined;
}

const columnNames = {
  name: "name",
  email: "email",
  phone: "phone",
  postalCode: "postal_code",
  countryCode: "country_code",
  segments: "segments",
};

/** Creates the customer or overwrites the members that are given; writes nothing if they are as stored. */
export function upsertCustomer(ctx: TenantContext, input: CustomerInput): BatchStatement {
  const { id, name, email, phone, postalCode, countryCode, segments } = input;
  const given = { name, email, phone, postalCode, countryCode, segments };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const insert = ctx.data.insert(customers).values({
    tenantId: ctx.tenant.id,
    id,
    name: name ?? null,
    email: email ?? null,
    phone: phone ?? null,
    postalCode: postalCode ?? null,
    countryCode: countryCode ?? null,
    segments: segments ?? [],
    createdAt: ctx.now,
    updatedAt: ctx.now,
  });
  const members = Object.keys(set) as (keyof typeof given)[];
  if (members.length === 0) return insert.onConflictDoNothing();
  const differs = members.map(
    (member) => sql`${customers[member]} is not ${sql.raw(`excluded.${columnNames[member]}`)}`,
  );
  return insert.onConflictDoUpdate({
    target: [customers.tenantId, customers.id],
    set: { ...set, updatedAt: ctx.now },
    setWhere: sql.join(differs, sql` or `),
  });
}

/** As a statement, to be read in the batch that wrote it. */
export function readCustomer(ctx: TenantContext, id: string) {
  return ctx.data
    .select()
    .from(customers)
    .where(and(eq(customers.tenantId, ctx.tenant.id), eq(customers.id, id)));
}
