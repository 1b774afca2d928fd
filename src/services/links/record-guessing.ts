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
  /** Whether nobody has written this block down yet. */
  isNew: boolean;
}

/**
 * Tells the account whose links were guessed at, if the last token named one, and the operator's log, once for each block. The
 * address stands in the event, which only that account reads.
 */
export async function recordGuessing(base: BaseContext, guessing: Guessing): Promise<void> {
  const { guesser, code, attempts, blockedUntil, isNew } = guessing;
  const tenant = code === null ? null : await findTenantByCode(base, code);
  const source = `link.guessing/${guesser}/${blockedUntil}`;
  if (tenant) {
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
    if (!written?.meta.changes) return;
  } else if (!isNew) return;
  base.log({ level: "warn", msg: "security event", event: "link.guessing", tenantId: tenant?.id, blockedUntil });
}
