import { fromBase64 } from "../../db/vault";
import { imageBytesMax, type PictureFault } from "../../pkpass/picture-limits";
import type { TenantContext } from "../context";
import { isImageId } from "./paths";

/** Base64, with or without a data URL around it, an https URL, an image's id, or the file itself. */
export type ImageInput = string | Uint8Array;

export type OpenedSource = { ok: true; id: string } | { ok: true; file: Uint8Array } | PictureFault;

/** Further URLs of one request are refused: each is a call outward, and its file stays in memory until the end. */
const urlsMax = 10;
/** Of all files that one request fetches. */
const fetchedBytesMax = 24_000_000;
const fetchTimeoutMs = 10_000;

/** Opens each source once. */
export async function openSources(
  ctx: TenantContext,
  sources: ReadonlySet<ImageInput>,
): Promise<Map<ImageInput, OpenedSource>> {
  const urls = [...sources].filter(isUrl).length;
  const bytesMax = Math.min(imageBytesMax, Math.floor(fetchedBytesMax / Math.max(1, urls)));
  const open = async (source: ImageInput): Promise<OpenedSource> => {
    if (typeof source !== "string") return { ok: true, file: source };
    if (isImageId(source)) return { ok: true, id: source };
    if (!isUrl(source)) return decode(source);
    return urls > urlsMax ? tooManyUrls : fetchImage(ctx, source, bytesMax);
  };
  return new Map(await Promise.all([...sources].map(async (source) => [source, await open(source)] as const)));
}

const tooManyUrls: PictureFault = {
  ok: false,
  code: "too_many_urls",
  detail: `one request may name at most ${urlsMax} URLs of images; upload them to /v2/images before`,
};

const isUrl = (source: ImageInput): boolean => typeof source === "string" && /^[a-z][a-z0-9+.-]*:\/\//i.test(source);

export async function fetchImage(ctx: TenantContext, url: string, bytesMax = imageBytesMax): Promise<OpenedSource> {
  const fetched = await ctx.fetchPublic(url, { bytesMax, timeoutMs: fetchTimeoutMs });
  return fetched.ok ? { ok: true, file: fetched.bytes } : fetched;
}

export function decode(source: string): OpenedSource {
  try {
    return { ok: true, file: fromBase64(source.replace(/^data:[^,]*;base64,/i, "")) };
  } catch {
    const detail = "expected an image in base64, an https URL, or the id of an image (img_…)";
    return { ok: false, code: "not_base64", detail };
  }
}
