import { and, eq, sql, type SQL } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { appleIdentities, googleAccounts, passes, type PassRow } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { ServiceError } from "../errors";
import { readPage, type Page, type PageRequest, type Range } from "../paging";
import { ownPass } from "./read";
import { listedPass, type PassStatus, type PassView } from "./view";

export interface PassFilter {
  templateId?: string | undefined;
  customerId?: string | undefined;
  externalId?: string | undefined;
  status?: PassStatus | undefined;
  /** Epoch milliseconds. */
  updatedSince?: number | undefined;
}

type FilterName = keyof PassFilter;

interface IndexedList {
  filters: FilterName[];
  order: SQLiteColumn[];
  direction: "asc" | "desc";
}

const byLapse: Omit<IndexedList, "filters"> = { order: [passes.lapsesAt, passes.id], direction: "desc" };

/**
 * The combinations of filters that an index serves, each with the order of that index. Any other
 * combination would read rows that it does not answer, and is refused.
 */
const indexedLists: IndexedList[] = [
  { filters: [], order: [passes.id], direction: "desc" },
  { filters: ["templateId"], ...byLapse },
  { filters: ["templateId", "status"], ...byLapse },
  { filters: ["status"], ...byLapse },
  { filters: ["customerId"], ...byLapse },
  { filters: ["customerId", "status"], ...byLapse },
  { filters: ["externalId"], order: [passes.templateId, passes.externalSlot], direction: "asc" },
  { filters: ["externalId", "templateId"], order: [passes.externalSlot], direction: "asc" },
  { filters: ["updatedSince"], order: [passes.updatedAt, passes.id], direction: "asc" },
];

export async function listPasses(ctx: TenantContext, filter: PassFilter, page: PageRequest): Promise<Page<PassView>> {
  const given = (Object.keys(filter) as FilterName[]).filter((name) => filter[name] !== undefined);
  const list = indexedLists.find(
    ({ filters }) => filters.length === given.length && given.every((name) => filters.includes(name)),
  );
  if (!list) throw unsupportedCombination(given);
  const found = await readPage(ctx.data, page, {
    table: passes,
    where: and(eq(passes.tenantId, ctx.tenant.id), ...conditions(filter)),
    order: list.order,
    direction: list.direction,
    range: rangeOf(filter, ctx.now),
    cursor: (id) => ownPass(ctx, id),
  });
  const [certified, google] = await Promise.all([readCertified(ctx, found.items), readConnected(ctx)]);
  const view = (pass: PassRow) => listedPass(ctx, pass, { apple: certified.has(pass.passTypeIdentifier), google });
  return { ...found, items: found.items.map(view) };
}

/** Pass types of these passes for which there is a certificate. */
async function readCertified(ctx: TenantContext, listed: PassRow[]): Promise<Set<string | null>> {
  const types = [...new Set(listed.map(({ passTypeIdentifier }) => passTypeIdentifier))].filter(
    (type) => type !== null,
  );
  if (types.length === 0) return new Set();
  const rows = await ctx.data
    .select({ type: appleIdentities.passTypeIdentifier })
    .from(appleIdentities)
    .where(
      and(
        eq(appleIdentities.tenantId, ctx.tenant.id),
        sql`${appleIdentities.passTypeIdentifier} in (select value from json_each(${JSON.stringify(types)}))`,
      ),
    );
  return new Set(rows.map(({ type }) => type));
}

/** Every account of a sandbox is connected to Google. */
async function readConnected(ctx: TenantContext): Promise<boolean> {
  if (ctx.environment === "sandbox") return true;
  const rows = await ctx.data
    .select({ issuerId: googleAccounts.issuerId })
    .from(googleAccounts)
    .where(eq(googleAccounts.tenantId, ctx.tenant.id));
  return rows.length > 0;
}

const conditions = ({ templateId, customerId, externalId }: PassFilter): (SQL | undefined)[] => [
  templateId === undefined ? undefined : eq(passes.templateId, templateId),
  customerId === undefined ? undefined : eq(passes.customerId, customerId),
  externalId === undefined ? undefined : eq(passes.externalId, externalId),
];

/** `lapses_at` of a voided pass; see migrations/data. */
const voidedLapse = -9007199254740991;

/** Of the column that comes first in the order of the list: `lapsesAt` or `updatedAt`. */
function rangeOf({ status, updatedSince }: PassFilter, now: number): Range {
  if (status === "voided") return { to: voidedLapse };
  if (status === "expired") return { from: voidedLapse + 1, to: now };
  if (status === "active") return { from: now + 1 };
  return { from: updatedSince };
}

function unsupportedCombination(given: FilterName[]): ServiceError {
  const served = indexedLists.filter(({ filters }) => filters.length > 1).map(({ filters }) => filters.join(" + "));
  const detail = `these filters cannot be combined; each works alone, and so do ${served.join(", ")}`;
  const errors = given.map((name) => ({ pointer: `#/${name}`, code: "unsupported_combination", detail }));
  return new ServiceError("validation_error", "No index serves this combination of filters.", { errors });
}
