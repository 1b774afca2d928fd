import { and, eq, gt, gte, lte, type SQL } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { passes } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { ServiceError } from "../errors";
import { readPage, type Page, type PageRequest } from "../paging";
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
const byExternalId: Omit<IndexedList, "filters"> = { order: [passes.templateId, passes.externalSlot], direction: "asc" };

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
  { filters: ["externalId"], ...byExternalId },
  { filters: ["externalId", "templateId"], ...byExternalId },
  { filters: ["updatedSince"], order: [passes.updatedAt, passes.id], direction: "asc" },
];

export async function listPasses(ctx: TenantContext, filter: PassFilter, page: PageRequest): Promise<Page<PassView>> {
  const given = (Object.keys(filter) as FilterName[]).filter((name) => filter[name] !== undefined);
  const list = indexedLists.find(({ filters }) => filters.length === given.length && given.every((name) => filters.includes(name)));
  if (!list) throw unsupportedCombination(given);
  const conditions = given.map((name) => conditionOf(name, filter, ctx.now));
  const found = await readPage(ctx.data, page, {
    table: passes,
    where: and(eq(passes.tenantId, ctx.tenant.id), ...conditions),
    order: list.order,
    direction: list.direction,
    cursor: (id) => ownPass(ctx, id),
  });
  return { ...found, items: found.items.map((pass) => listedPass(ctx, pass)) };
}

/** `lapses_at` of a voided pass; see migrations/data. */
const voidedLapse = -9007199254740991;

function conditionOf(name: FilterName, filter: PassFilter, now: number): SQL | undefined {
  switch (name) {
    case "templateId":
      return eq(passes.templateId, filter.templateId!);
    case "customerId":
      return eq(passes.customerId, filter.customerId!);
    case "externalId":
      return eq(passes.externalId, filter.externalId!);
    case "updatedSince":
      return gte(passes.updatedAt, filter.updatedSince!);
    case "status":
      if (filter.status === "voided") return eq(passes.lapsesAt, voidedLapse);
      if (filter.status === "active") return gt(passes.lapsesAt, now);
      return and(gt(passes.lapsesAt, voidedLapse), lte(passes.lapsesAt, now));
  }
}

function unsupportedCombination(given: FilterName[]): ServiceError {
  const served = indexedLists.filter(({ filters }) => filters.length > 1).map(({ filters }) => filters.join(" + "));
  const detail = `these filters cannot be combined; each works alone, and so do ${served.join(", ")}`;
  const errors = given.map((name) => ({ pointer: `#/${name}`, code: "unsupported_combination", detail }));
  return new ServiceError("validation_error", "No index serves this combination of filters.", { errors });
}
