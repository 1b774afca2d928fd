import { and, eq, sql, type SQL } from "drizzle-orm";
import type { BatchStatement } from "../../db/client";
import { images } from "../../db/data-schema";
import type { ResolvedImages } from "../../pass-model/resolved-pass";
import type { TenantContext } from "../context";

/** The images that slots show, each once. */
export function shownImages(slots: ResolvedImages): string[] {
  const pictures = Object.values(slots).flatMap((slot) => Object.values(slot));
  return [...new Set(pictures.map(({ id }) => id))];
}

type Counter = "templateUses" | "passUses";

/** The statement that counts one use more, or less, of each image; none, if there is no image. */
export function countUses(ctx: TenantContext, counter: Counter, ids: string[], by: 1 | -1): BatchStatement[] {
  if (ids.length === 0) return [];
  return [
    ctx.data
      .update(images)
      .set({ [counter]: sql`${images[counter]} + ${by}` })
      .where(and(eq(images.tenantId, ctx.tenant.id), among(ids))),
  ];
}

/** Whether all of these images are there: an image without uses can be deleted at any moment. */
export function imagesExist(tenantId: string, ids: string[]): SQL {
  const own = sql`${images.tenantId} = ${tenantId} and ${images.deletingAt} is null`;
  return sql`(select count(*) from ${images} where ${own} and ${among(ids)}) = ${ids.length}`;
}

export const among = (ids: string[]): SQL => sql`${images.id} in (select value from json_each(${JSON.stringify(ids)}))`;
