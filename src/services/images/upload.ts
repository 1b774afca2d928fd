import { runBatch } from "../../db/client";
import { images, type ImageRow } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { refuseIssues } from "../errors";
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
  const rows = await runBatch<ImageRow[]>(ctx.data, [
    ...(await storeTaken(ctx, [taken])),
    ctx.data.select().from(images).where(ownImage(ctx, taken.id)),
  ]);
  return { image: viewImage(ctx, rows![0]!), isNew: taken.isNew };
}

async function open(ctx: TenantContext, upload: Upload): Promise<OpenedSource> {
  if ("file" in upload) return { ok: true, file: upload.file };
  return "data" in upload ? decode(upload.data) : fetchImage(ctx, upload.url);
}
