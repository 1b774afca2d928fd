import { and, eq, sql, type SQL } from "drizzle-orm";
import type { BatchStatement } from "../../db/client";
import { customers, type CustomerRow } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { sameJson } from "../merge-patch";

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

type Member = keyof typeof columnNames;

/** Creates the customer or overwrites the members that are given; writes nothing if they are as stored. */
export function upsertCustomer(ctx: TenantContext, input: CustomerInput): BatchStatement {
  const { id, name, email, phone, postalCode, countryCode, segments } = input;
  const members = givenMembers(input);
  const set = Object.fromEntries(members.map((member) => [member, input[member]]));
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

/** The members of `input` that `stored` has not. */
export function changedMembers(stored: CustomerRow, input: CustomerInput): string[] {
  return givenMembers(input).filter((member) => !sameJson(stored[member], input[member]));
}

/** Whether `upsertCustomer` is about to write. */
export function customerDiffers(ctx: TenantContext, input: CustomerInput): SQL {
  const same = givenMembers(input).map((member) => {
    const value = input[member]!;
    return sql`${customers[member]} is ${Array.isArray(value) ? JSON.stringify(value) : value}`;
  });
  return sql`not exists (select 1 from ${customers} where ${and(ownCustomer(ctx, input.id), ...same)})`;
}

const givenMembers = (input: CustomerInput): Member[] =>
  (Object.keys(columnNames) as Member[]).filter((member) => input[member] !== undefined);

const ownCustomer = (ctx: TenantContext, id: string) =>
  and(eq(customers.tenantId, ctx.tenant.id), eq(customers.id, id));

/** As a statement, to be read in the batch that wrote it. */
export function readCustomer(ctx: TenantContext, id: string) {
  return ctx.data.select().from(customers).where(ownCustomer(ctx, id));
}
