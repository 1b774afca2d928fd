import { sql } from "drizzle-orm";
import { runBatch } from "../../db/client";
import { googleAccounts } from "../../db/data-schema";
import { auditRow } from "../audit/record";
import type { TenantContext } from "../context";
import { ServiceError } from "../errors";
import { eventRow } from "../events/record";
import { ownAccount, readAccountRow } from "./account";

/** Erases the account and its key. What holders saved stays with them. In a sandbox the made-up account is back. */
export async function deleteGoogleAccount(ctx: TenantContext): Promise<void> {
  const row = await readAccountRow(ctx);
  if (!row) throw notConnected(ctx);
  const { issuerId, clientEmail, keyFingerprint } = row;
  const onlyIf = sql`exists (select 1 from ${googleAccounts} where ${ownAccount(ctx)})`;
  const erased = await runBatch<{ tenantId: string }[]>(ctx.data, [
    auditRow(ctx, ctx.data, { action: "google_account.disconnected", objectId: issuerId, onlyIf }),
    eventRow(ctx, {
      type: "google_account.disconnected",
      data: { issuerId, clientEmail, keyFingerprint },
      onlyIf,
    }),
    ctx.data.delete(googleAccounts).where(ownAccount(ctx)).returning({ tenantId: googleAccounts.tenantId }),
  ]);
  if (erased?.length === 0) throw notConnected(ctx);
}

function notConnected(ctx: TenantContext): ServiceError {
  const detail =
    ctx.environment === "sandbox"
      ? "No account at Google is connected, and the made-up one of the sandbox cannot be removed."
      : "No account at Google is connected.";
  return new ServiceError("not_found", detail);
}
