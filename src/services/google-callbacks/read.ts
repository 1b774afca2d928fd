import { and, desc, eq, sql } from "drizzle-orm";
import { googleClassCallbacks, googleObjects, type GoogleClassCallbacksRow } from "../../db/data-schema";
import { idPattern } from "../../db/ids";
import type { TenantContext } from "../context";
import { describeFault } from "../describe-fault";
import { explainRefusal } from "./explain-refusal";

/** How the callbacks of a tenant's passes fare. Times are epoch milliseconds. */
export interface CallbackDiagnostics {
  /** When the latest came that was taken, of any class. */
  lastAt: number | null;
  /** Those that were heard of last. */
  classes: ClassCallbacks[];
  /** What was not taken, by reason; null if that cannot be told at the moment. */
  refused: RefusedCallbacks[] | null;
  drift: Drift;
}

export interface ClassCallbacks extends Omit<GoogleClassCallbacksRow, "tenantId"> {
  /** Null if the class was not made here. */
  templateId: string | null;
}

export interface RefusedCallbacks {
  reason: string;
  count: number;
  lastAt: number;
  /** One sentence, for people. */
  detail: string;
}

/** Passes of which a callback is missing, as they were last compared; `driftMax` at most are counted. */
export interface Drift {
  /** Google says that somebody has them, and we heard of nobody. */
  saves: number;
  /** Google says that nobody has them, and we heard of somebody. */
  removals: number;
}

const classesMax = 100;
export const driftMax = 1000;

export async function readCallbacks(ctx: TenantContext): Promise<CallbackDiagnostics> {
  const [classes, drift, refused] = await Promise.all([readClasses(ctx), readDrift(ctx), readRefused(ctx)]);
  return { lastAt: classes[0]?.lastAt ?? null, classes, refused, drift };
}

async function readClasses(ctx: TenantContext): Promise<ClassCallbacks[]> {
  const { classId, saves, removals, unmatched, lastAt } = googleClassCallbacks;
  const rows = await ctx.data
    .select({ classId, saves, removals, unmatched, lastAt })
    .from(googleClassCallbacks)
    .where(eq(googleClassCallbacks.tenantId, ctx.tenant.id))
    .orderBy(desc(lastAt), classId)
    .limit(classesMax);
  return rows.map((row) => ({ ...row, templateId: templateIdOf(row.classId) }));
}

const templateIdPattern = idPattern("tmpl");

/** Ours are `issuerId.templateId.version.hash` (`classIdOf`). */
function templateIdOf(classId: string): string | null {
  const [, templateId, ...rest] = classId.split(".");
  const isOurs = templateIdPattern.test(templateId ?? "") && /^\d+\.[0-9a-f]+$/.test(rest.join("."));
  return isOurs ? templateId! : null;
}

export async function readDrift(ctx: TenantContext): Promise<Drift> {
  const count = (drift: "save" | "removal") => {
    const drifting = and(eq(googleObjects.tenantId, ctx.tenant.id), eq(googleObjects.drift, drift));
    return sql<number>`(select count(*) from (select 1 from ${googleObjects} where ${drifting} limit ${driftMax}))`;
  };
  const rows: unknown[] = await ctx.data.all(sql`select ${count("save")} as saves, ${count("removal")} as removals`);
  return rows[0] as Drift;
}

async function readRefused(ctx: TenantContext): Promise<RefusedCallbacks[] | null> {
  try {
    const refusals = await ctx.nonces(ctx.tenant.id).refusals();
    return refusals.map(({ reason, count, lastAt }) => ({ reason, count, lastAt, detail: explainRefusal(reason) }));
  } catch (error) {
    ctx.log({ level: "error", msg: "refused callbacks not read", error: describeFault(error) });
    return null;
  }
}
