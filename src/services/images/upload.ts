import { images } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { refuseIssues } from "../errors";
import { beingDeleted } from "./deletion";
import { ownImage } from "./read";
import { decode, fetchImage, type OpenedSource } from "./sources";
import { storeTaken } from "./store";
import { takeImages } from "./take";
import { viewImage, type ImageView } from "./view";

/** One of the three ways in which an image comes. */
export type Upload = { file: Uint8Array } | { data: string } | { url: string };

/** Takes one image into the library. The same picture twice is one image; `personal` is that of its first upload. */
export async function uploadImage(
  ctx: TenantContext,
  upload: Upload,
  { personal }: { personal: boolean },
): Promise<{ image: ImageView; isNew: boolean }> {
  const pointer = "file" in upload ? "#" : "data" in upload ? "#/data" : "#/url";
  const opened = await open(ctx, upload);
  if (!opened.ok) refuseIssues([{ pointer, code: opened.code, detail: opened.detail }], "image");
  const source = (opened as { file: Uint8Array }).file;
  const { found, issues } = await takeImages(ctx, [{ pointer, source }], { personal });
  refuseIssues(issues, "image");
  const taken = found.get(pointer)!;
  await storeTaken(ctx, [taken]);
  const [row] = await ctx.data.select().from(images).where(ownImage(ctx, taken.id));
  // Another request deleted it just now.
  if (!row || row.deletingAt !== null) throw beingDeleted();
  return { image: viewImage(ctx, row), isNew: taken.isNew };
}

async function open(ctx: TenantContext, upload: Upload): Promise<OpenedSource> {
  if ("file" in upload) return { ok: true, file: upload.file };
  return "data" in upload ? decode(upload.data) : fetchImage(ctx, upload.url);
}
