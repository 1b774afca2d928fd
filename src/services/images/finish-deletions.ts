import { and, asc, eq, inArray } from "drizzle-orm";
import { tenants } from "../../db/control-schema";
import type { Database } from "../../db/client";
import { images } from "../../db/data-schema";
import type { BaseContext } from "../context";
import { eraseObjects, lingered, type ErasedImage } from "./deletion";

/** Each is a call to R2. */
const imagesPerRun = 20;

/**
 * Takes the rows of deleted images, and erases once more what was stored late or left by a deletion that broke off.
 * Runs from cron, any number of times.
 */
export async function finishDeletions(ctx: BaseContext): Promise<number> {
  let finished = 0;
  for (const data of ctx.dataDatabases()) finished += await finishIn(ctx, data);
  return finished;
}

async function finishIn(ctx: BaseContext, data: Database): Promise<number> {
  const due = await data
    .select({ tenantId: images.tenantId, id: images.id })
    .from(images)
    .where(lingered(ctx))
    .orderBy(asc(images.deletingAt))
    .limit(imagesPerRun);
  if (due.length === 0) return 0;
  const owners = await ctx.control
    .select({ id: tenants.id, code: tenants.code })
    .from(tenants)
    .where(inArray(tenants.id, [...new Set(due.map(({ tenantId }) => tenantId))]));
  const codes = new Map(owners.map(({ id, code }) => [id, code]));
  const taken: ErasedImage[] = [];
  for (const image of due) {
    // Unless an upload has taken the row over meanwhile.
    const [own] = await data
      .update(images)
      .set({ deletingAt: ctx.now })
      .where(and(rowOf(image), lingered(ctx)))
      .returning({ id: images.id });
    if (own) taken.push({ ...image, tenantCode: codes.get(image.tenantId)! });
  }
  await eraseObjects(ctx, taken);
  for (const image of taken) await data.delete(images).where(and(rowOf(image), eq(images.deletingAt, ctx.now)));
  return taken.length;
}

const rowOf = ({ tenantId, id }: { tenantId: string; id: string }) =>
  and(eq(images.tenantId, tenantId), eq(images.id, id));
