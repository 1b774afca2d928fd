import { and, eq, sql, type SQL } from "drizzle-orm";
import { appleLogs, type AppleLogRow } from "../../db/data-schema";
import { idMilliseconds, idTime } from "../../db/ids";
import type { TenantContext } from "../context";
import { readPage, type Page, type PageRequest } from "../paging";

/** Newest first. */
export function listLogs(ctx: TenantContext, page: PageRequest): Promise<Page<AppleLog>> {
  return readPage(ctx.data, page, {
    table: appleLogs,
    where: eq(appleLogs.tenantId, ctx.tenant.id),
    order: [appleLogs.seq],
    direction: "desc",
    cursor: (id) => and(eq(appleLogs.tenantId, ctx.tenant.id), named(id))!,
  });
}

/** Time and number, as an event's. */
export const logId = ({ createdAt, seq }: AppleLog): string =>
  `log_${idTime(createdAt)}${String(seq).padStart(16, "0")}`;

function named(id: string): SQL {
  const [, time, seq] = /^log_([0-9A-HJKMNP-TV-Z]{10})(\d{16})$/.exec(id) ?? [];
  if (time === undefined) return sql`1 = 0`;
  return and(eq(appleLogs.seq, Number(seq)), eq(appleLogs.createdAt, idMilliseconds(time)))!;
}

export type AppleLog = AppleLogRow;
