import { and, eq, isNull } from "drizzle-orm";
import { images } from "../../db/data-schema";
import type { BaseContext, TenantContext } from "../context";
import { notFound } from "../errors";
import { readPage, type Page, type PageRequest } from "../paging";
import { imageKey, isImageId, variantKey } from "./paths";
import { viewImage, type ImageView } from "./view";

export const ownImage = (ctx: TenantContext, id: string) => and(eq(images.tenantId, ctx.tenant.id), eq(images.id, id))!;

export async function readImage(ctx: TenantContext, id: string): Promise<ImageView> {
  const [row] = await ctx.data
    .select()
    .from(images)
    .where(and(ownImage(ctx, id), isNull(images.deletingAt)));
  if (!row) throw notFound("image");
  return viewImage(ctx, row);
}

/** In the order of ids, which come from the content and say nothing of time. */
export async function listImages(ctx: TenantContext, page: PageRequest): Promise<Page<ImageView>> {
  const rows = await readPage(ctx.data, page, {
    table: images,
    where: and(eq(images.tenantId, ctx.tenant.id), isNull(images.deletingAt)),
    order: [images.id],
    direction: "asc",
    cursor: (id) => ownImage(ctx, id),
  });
  return { ...rows, items: rows.items.map((row) => viewImage(ctx, row)) };
}

const tenantCodePattern = /^[0-9A-HJKMNP-TV-Z]{8}$/;

/** Names an image, or what was derived from it, by its public path. */
export interface PublicPlace {
  code: string;
  id: string;
  variant?: string;
}

/**
 * The object behind a public path; without its content, if it has one of these tags (quoted, or `*`). No database is
 * read: the path is the name of the object.
 */
export const readPublicImage = (
  ctx: BaseContext,
  place: PublicPlace,
  knownTags: string[],
): Promise<R2Object | R2ObjectBody> => {
  const known = knownTags.length > 0 ? { onlyIf: new Headers({ "if-none-match": knownTags.join(", ") }) } : undefined;
  return existing(place, (key) => ctx.files.get(key, known));
};

/** The same without its content. */
export const headPublicImage = (ctx: BaseContext, place: PublicPlace): Promise<R2Object> =>
  existing(place, (key) => ctx.files.head(key));

async function existing<T>({ code, id, variant }: PublicPlace, read: (key: string) => Promise<T | null>): Promise<T> {
  const key = variant === undefined ? imageKey(code, id) : variantKey(code, id, variant);
  const object = isImageId(id) && tenantCodePattern.test(code) ? await read(key) : null;
  if (object === null) throw notFound("image");
  return object;
}
