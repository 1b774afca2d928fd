import { and, eq, sql } from "drizzle-orm";
import { runBatch } from "../../db/client";
import { events } from "../../db/data-schema";
import { forTenant, type BaseContext } from "../context";
import { eventRow } from "../events/record";
import { findTenantByCode } from "../tenants/read";

interface Guessing {
  /** MAC of the network. */
  guesser: string;
  /** Of the token at which the block began; null if it was malformed. */
  code: string | null;
  attempts: number;
  /** Epoch milliseconds. */
  blockedUntil: number;
}

/**
 * Tells the account whose links were guessed at, once for each block; answers whether the last token named one. The address
 * stands in the event, which only that account reads.
 */
export async function tellAccount(base: BaseContext, guessing: Guessing): Promise<boolean> {
  const { guesser, code, attempts, blockedUntil } = guessing;
  const tenant = code === null ? null : await findTenantByCode(base, code);
  if (!tenant) return false;
  const source = `link.guessing/${guesser}/${blockedUntil}`;
  const ctx = forTenant(base, tenant, { type: "system" });
  const known = and(eq(events.tenantId, tenant.id), eq(events.source, source));
  const written = await runBatch<D1Result>(ctx.data, [
    eventRow(ctx, {
      type: "link.guessing",
      data: { address: base.address, attempts, blockedUntil: new Date(blockedUntil).toISOString() },
      source,
      onlyIf: sql`not exists (select 1 from ${events} where ${known})`,
    }),
  ]);
  if (written && written.meta.changes > 0) logGuessing(base, { tenantId: tenant.id, blockedUntil });
  return true;
}

export function logGuessing(base: BaseContext, facts: { tenantId?: string; blockedUntil: number }): void {
  base.log({ level: "warn", msg: "security event", event: "link.guessing", ...facts });
}
