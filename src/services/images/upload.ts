import { images } from "../../db/data-schema";
import { auditRow } from "../audit/record";
import { findDone, orMade } from "../audit/second-attempt";
import type { TenantContext } from "../context";
import { notFound, refuseIssues } from "../errors";
import { beingDeleted } from "./deletion";
import { imageKey } from "./paths";
import { ownImage, readImage } from "./read";
import { decode, fetchImage, type OpenedSource } from "./sources";
import { isStoredAnew, storeTaken } from "./store";
import { takeImages, type TakenImage } from "./take";
import { viewImage, type ImageView } from "./view";

/** One of the three ways in which an image comes. */
export type Upload = { file: Uint8Array } | { data: string } | { url: string };

interface UploadOptions {
  personal: boolean;
}

interface UploadedImage {
  image: ImageView;
  isNew: boolean;
}

/** Takes one image into the library. The same picture twice is one image; `personal` is that of its first upload. */
export const uploadImage = (ctx: TenantContext, upload: Upload, options: UploadOptions): Promise<UploadedImage> =>
  orMade(
    ctx,
    ctx.data,
    // What a URL led to before may be gone.
    async () => store(ctx, await take(ctx, upload, options)),
    (id) => readUploaded(ctx, id),
  );

async function take(ctx: TenantContext, upload: Upload, { personal }: UploadOptions): Promise<TakenImage> {
  const pointer = "file" in upload ? "#" : "data" in upload ? "#/data" : "#/url";
  const opened = await open(ctx, upload);
  if (!opened.ok) refuseIssues([{ pointer, code: opened.code, detail: opened.detail }], "image");
  const source = (opened as { file: Uint8Array }).file;
  const { found, issues } = await takeImages(ctx, [{ pointer, source }], { personal });
  refuseIssues(issues, "image");
  return found.get(pointer)!;
}

async function store(ctx: TenantContext, taken: TakenImage): Promise<UploadedImage> {
  const { id } = taken;
  const onlyIf = isStoredAnew(ctx, id);
  await storeTaken(ctx, [taken], [auditRow(ctx, ctx.data, { action: "image.uploaded", objectId: id, onlyIf })]);
  const [row] = await ctx.data.select().from(images).where(ownImage(ctx, id));
  // Another request deleted it just now.
  if (!row || row.deletingAt !== null) throw beingDeleted();
  const isNew = taken.isNew || (await findDone(ctx, ctx.data)) !== null;
  return { image: viewImage(ctx, row), isNew };
}

/** What an attempt before stored. It may have ended before the picture was, which only the source can bring. */
async function readUploaded(ctx: TenantContext, id: string): Promise<UploadedImage> {
  const [image, picture] = await Promise.all([readImage(ctx, id), ctx.files.head(imageKey(ctx.tenant.code, id))]);
  if (picture === null) throw notFound("image");
  return { image, isNew: true };
}

async function open(ctx: TenantContext, upload: Upload): Promise<OpenedSource> {
  if ("file" in upload) return { ok: true, file: upload.file };
  return "data" in upload ? decode(upload.data) : fetchImage(ctx, upload.url);
}
