import { sql } from "drizzle-orm";
import { runBatch } from "../../db/client";
import { appleIdentities, appleLogs } from "../../db/data-schema";
import { tenantCodeLength } from "../../db/tokens";
import type { BaseContext } from "../context";
import { isWithin, networkKey } from "../guards";

/** Anybody may send logs, so everything about them is bounded. */
const messagesPerCall = 20;
const charactersMax = 1_000;
const messagesKept = 1_000;

/**
 * Keeps what devices complain of, whatever the body is; what is too much, or of no tenant that has passes, is
 * dropped without a word. One batch.
 */
export async function storeLogs(base: BaseContext, tenantCode: string, body: string): Promise<void> {
  const messages = messagesOf(body);
  if (messages.length === 0 || tenantCode.length !== tenantCodeLength) return;
  // One after the other: a sender that is stopped takes nothing from the rest.
  if (!(await isWithin(base, "deviceLogNetwork", networkKey(base, tenantCode)))) return;
  if (!(await isWithin(base, "deviceLog", tenantCode))) return;
  const data = base.dataOf(tenantCode);
  // Found in the statement: identities go last when a tenant is purged, and no log comes after them.
  const tenantId = sql`(select tenant_id from ${appleIdentities} where tenant_code = ${tenantCode} limit 1)`;
  const lastSeq = sql`select seq from ${appleLogs} where tenant_id = ${tenantId} order by seq desc limit 1`;
  await runBatch(data, [
    // In the order of the table's columns.
    data.insert(appleLogs).select(sql`
      select owner.id, coalesce(last.seq, 0) + message.key + 1, message.value, ${base.now}
      from (select ${tenantId} as id) as owner left join (${lastSeq}) as last
        join json_each(${JSON.stringify(messages)}) as message
      where owner.id is not null
    `),
    data.delete(appleLogs).where(sql`tenant_id = ${tenantId} and seq <= (${lastSeq}) - ${messagesKept}`),
  ]);
}

/** The texts in `{"logs": […]}`; none, if it is anything else. */
function messagesOf(body: string): string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return [];
  }
  const logs: unknown = (parsed as { logs?: unknown } | null)?.logs;
  if (!Array.isArray(logs)) return [];
  return logs
    .filter((log): log is string => typeof log === "string" && log.trim() !== "")
    .slice(0, messagesPerCall)
    .map(presentable);
}

/** One line of text, without the token by which the pass could be fetched. */
function presentable(message: string): string {
  const line = message
    .toWellFormed()
    .replace(/\p{Cc}+/gu, " ")
    .replace(/(ApplePass\s+)\S+/gi, "$1[redacted]");
  return Array.from(line).slice(0, charactersMax).join("");
}
