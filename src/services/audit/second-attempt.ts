import { and, eq } from "drizzle-orm";
import { auditLog } from "../../db/audit-schema";
import type { Database } from "../../db/client";
import { ServiceError } from "../errors";
import type { TenantContext } from "../context";
import { isDone, type AuditContext } from "./record";

type AttemptContext = AuditContext & Pick<TenantContext, "isKeyed">;

/**
 * Runs a verb that may come under an Idempotency-Key. If an attempt before made the change, as its audit entry tells,
 * `answer` says of the object what that attempt would have said. That holds for a refusal, too: the key was rotated, the
 * version is another or the pass is voided, because of the first attempt, or of what others did since.
 */
export async function orDone<T>(
  ctx: AttemptContext,
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

/**
 * The same of a verb that makes something. Where others deleted it since it cannot be shown any more, and must not be made again:
 * throws `idempotency_key_reused`.
 */
export const orMade = <T>(
  ctx: AttemptContext,
  db: Database,
  run: () => Promise<T>,
  answer: (objectId: string) => Promise<T>,
): Promise<T> =>
  orDone(ctx, db, run, async (objectId) => {
    try {
      return await answer(objectId);
    } catch (error) {
      if (!(error instanceof ServiceError && error.code === "not_found")) throw error;
      const detail =
        "What the first request under this key made has been deleted since. Use a new key to make another.";
      throw new ServiceError("idempotency_key_reused", detail);
    }
  });

/** The object that an attempt before changed; null if there was none. */
export async function findDone(ctx: AttemptContext, db: Database): Promise<string | null> {
  if (!ctx.isKeyed) return null;
  const id = ctx.newId("aud");
  const [entry] = await db
    .select({ objectId: auditLog.objectId })
    .from(auditLog)
    .where(and(eq(auditLog.tenantId, ctx.tenant.id), eq(auditLog.id, id)));
  return entry?.objectId ?? null;
}
