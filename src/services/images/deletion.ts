import { and, eq, lte } from "drizzle-orm";
import type { Database } from "../../db/client";
import { images } from "../../db/data-schema";
import type { BaseContext } from "../context";
import { ServiceError } from "../errors";
import { imageKey, variantPrefix } from "./paths";

/**
 * How an image goes, without an object being left that no row names, whoever stores the same picture meanwhile:
 * `deleting_at` is set, and from then on nobody shows the image or counts a use of it; its objects are erased; and the
 * row stays, as if the deletion were old. So a request that read the image before, and puts one of its objects late,
 * puts it beside a row; cron erases once more and takes the row (`finishDeletions`). A new upload takes the row over.
 */

/** As long as this after it began, an erasure is on its way; later it is over, or was given up, and another may begin. */
export const deletionMilliseconds = 60_000;
/** Older than any clock is behind: what is over is so for requests that began before it, too. */
const overMilliseconds = 2 * deletionMilliseconds;
/** The row stays this long after the erasure, for requests that read the image before it. */
const lingerMilliseconds = 60_000;

/** For a row that is read to be shown or stored: null, if its deletion is over. */
export function unlessDeleted<T extends { deletingAt: number | null }>(ctx: BaseContext, row: T | undefined): T | null {
  if (!row || row.deletingAt === null) return row ?? null;
  if (row.deletingAt <= ctx.now - deletionMilliseconds) return null;
  throw beingDeleted();
}

export function beingDeleted(): ServiceError {
  const detail = "The image is being deleted at this moment.";
  return new ServiceError("temporarily_unavailable", detail, { retryAfterSeconds: 5 });
}

/** An image by its tenant, whose code its objects are named with. */
export interface ErasedImage {
  tenantId: string;
  tenantCode: string;
  id: string;
}

const eraseBatch = 1000;

/** Out of R2 and the cache. */
export async function eraseObjects(ctx: BaseContext, erased: ErasedImage[]): Promise<void> {
  const keys = await Promise.all(
    erased.map(async ({ tenantCode, id }) => {
      const { objects } = await ctx.files.list({ prefix: variantPrefix(tenantCode, id) });
      return [imageKey(tenantCode, id), ...objects.map(({ key }) => key)];
    }),
  );
  const all = keys.flat();
  for (let at = 0; at < all.length; at += eraseBatch) await ctx.files.delete(all.slice(at, at + eraseBatch));
  await ctx.purgeCached(erased.map(({ id }) => id));
}

/** Lets others take the row over at once; a deletion that began after this one keeps it. */
export async function letGo(ctx: BaseContext, data: Database, { tenantId, id }: ErasedImage): Promise<void> {
  await data
    .update(images)
    .set({ deletingAt: ctx.now - overMilliseconds })
    .where(and(eq(images.tenantId, tenantId), eq(images.id, id), eq(images.deletingAt, ctx.now)));
}

/** Rows whose deletion was over, or given up, so long ago that no request still knows the image. */
export const lingered = (ctx: BaseContext) => lte(images.deletingAt, ctx.now - overMilliseconds - lingerMilliseconds);
