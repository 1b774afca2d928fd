import { and, eq, inArray, ne, not, sql } from "drizzle-orm";
import { runBatch } from "../../db/client";
import { credentials, tenants } from "../../db/control-schema";
import { events } from "../../db/data-schema";
import type { UsageNotice } from "../../durable-objects/rate-limiter";
import type { TenantContext } from "../context";
import { describeFault } from "../describe-fault";
import { eventRow } from "../events/record";

/**
 * Writes an event for each unusual use of a key, and acknowledges it to the limiter, which hands it out until then: written twice it
 * counts once. Runs after the answer, so it never throws.
 */
export async function reportUsage(ctx: TenantContext, notices: UsageNotice[]): Promise<void> {
  try {
    const ids = await idsOf(ctx, notices);
    const statements = notices.flatMap((notice) => {
      const id = ids.get(notice.keyId);
      return id === undefined ? [] : [unusualUsage(ctx, notice, id)];
    });
    await runBatch(ctx.data, statements);
    await ctx.limiter(ctx.tenant.id).acknowledge(notices.map(({ keyId, hour }) => ({ keyId, hour })));
  } catch (error) {
    ctx.log({ level: "error", msg: "unusual usage not recorded", error: describeFault(error) });
  }
}

/** Ids of the keys by the public part of their tokens. Of a tenant that was deleted meanwhile nothing is written any more. */
async function idsOf(ctx: TenantContext, notices: UsageNotice[]): Promise<Map<string, string>> {
  const keyIds = [...new Set(notices.map(({ keyId }) => keyId))];
  const rows = await ctx.control
    .select({ keyId: credentials.keyId, id: credentials.id })
    .from(credentials)
    .innerJoin(tenants, and(eq(tenants.id, credentials.tenantId), ne(tenants.status, "deleted")))
    .where(and(eq(credentials.tenantId, ctx.tenant.id), inArray(credentials.keyId, keyIds)));
  return new Map(rows.map(({ keyId, id }) => [keyId, id]));
}

function unusualUsage(ctx: TenantContext, notice: UsageNotice, id: string) {
  const { keyId, hour, at, reasons, address, requestsThisHour, hourlyMean } = notice;
  const source = `key-usage/${keyId}/${hour}`;
  const isWritten = and(eq(events.tenantId, ctx.tenant.id), eq(events.source, source));
  return eventRow(
    { ...ctx, actor: { type: "system" } },
    {
      type: "key.unusual_usage",
      at,
      data: { keyId: id, reasons, address, requestsThisHour, hourlyMean: Math.round(hourlyMean * 100) / 100 },
      source,
      onlyIf: not(sql`exists (select 1 from ${events} where ${isWritten})`),
    },
  );
}
