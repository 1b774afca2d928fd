import type { SQL } from "drizzle-orm";
import { sql } from "drizzle-orm";
import { isConstraintFailure, type BatchStatement, type Database } from "../../db/client";
import { auditLog, type AuditedChange } from "../../db/audit-schema";
import { actorName, type Actor, type BaseContext, type TenantContext } from "../context";
import { auditActions, type AuditAction } from "./actions";

export interface AuditEntry {
  action: AuditAction;
  objectId: string;
  /** Nothing personal: the values only of members from closed vocabularies, and numbers that say nothing of a person. */
  changes?: AuditedChange[];
  /** Without it the entry is always written; with it, only if it holds at this place of the batch. */
  onlyIf?: SQL | undefined;
}

/** What an entry needs to know of its request. */
export type AuditContext = Pick<TenantContext, "actor" | "address" | "newId" | "now" | "requestId"> & {
  tenant: { id: string };
};

/**
 * The entry of a change in the audit log: the first statement of the change's own batch. Under an Idempotency-Key its id
 * derives from the key, so that of a second attempt at a change which was made already the whole batch fails: `isDone`.
 * So there is one entry to a request, and what a holder, a device or Google does has none: events tell of that.
 */
export function auditRow(ctx: AuditContext, db: Database, entry: AuditEntry): BatchStatement {
  const { action, objectId, changes = [], onlyIf = sql`true` } = entry;
  // In the order of the table's columns.
  return db.insert(auditLog).select(sql`
    select ${ctx.tenant.id}, ${ctx.newId("aud")}, ${ctx.now}, ${actorName(ctx.actor)}, ${action}, ${auditActions[action]},
      ${objectId}, ${ctx.address}, ${ctx.requestId}, ${JSON.stringify(changes)}
    where ${onlyIf}
  `);
}

/** The same of what the operator does to a tenant, or the deployment by itself. */
export const auditTenant = (
  ctx: BaseContext,
  tenantId: string,
  entry: AuditEntry,
  actor: Actor = { type: "admin" },
): BatchStatement => auditRow({ ...ctx, tenant: { id: tenantId }, actor }, ctx.control, entry);

/** Whether a batch failed because an attempt before, under the same Idempotency-Key, made the change and was not heard of. */
export const isDone = (error: unknown): boolean => isConstraintFailure(error, "UNIQUE", "audit_log.id");
