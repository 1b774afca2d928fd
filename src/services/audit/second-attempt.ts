import { and, eq } from "drizzle-orm";
import { auditLog } from "../../db/audit-schema";
import type { Database } from "../../db/client";
import { ServiceError } from "../errors";
import { isDone, type AuditContext } from "./record";

/**
 * Runs a verb that may come under an Idempotency-Key. If an attempt before made the change, as its audit entry tells,
 * `answer` says of the object what that attempt would have said. That holds for a refusal, too: the key was rotated, the
 * version is another or the pass is voided, because of the first attempt, or of what others did since.
 */
export async function orDone<T>(
  ctx: AuditContext,
  db: Database,
  run: () => Promise<T>,
  answer: (objectId: string) => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!isDone(error) && !(error instanceof ServiceError)) throw error;
    const objectId = await findDone(ctx, db);
    if (objectId === null) throw error;
    return answer(objectId);
  }
}

/** The object that an attempt before changed; null if there was none. */
export async function findDone(ctx: AuditContext, db: Database): Promise<string | null> {
  const id = ctx.newId("aud");
  // Only under a key has a request the same id twice; without one there is no attempt before.
  if (ctx.newId("aud") !== id) return null;
  const [entry] = await db
    .select({ objectId: auditLog.objectId })
    .from(auditLog)
    .where(and(eq(auditLog.tenantId, ctx.tenant.id), eq(auditLog.id, id)));
  return entry?.objectId ?? null;
}
