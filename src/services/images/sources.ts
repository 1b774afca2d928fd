import { fromBase64 } from "../../db/vault";
import { imageBytesMax } from "../../pkpass/picture-limits";
import type { TenantContext } from "../context";
import { isImageId } from "./paths";

export interface Fault {
  ok: false;
  code: string;
  detail: string;
}

export type OpenedSource = { ok: true; id: string } | { ok: true; file: Uint8Array } | Fault;

/** Further URLs of one request are refused: each is a call outward, and its file stays in memory until the end. */
const urlsMax = 10;
/** Of all files that one request fetches. */
const fetchedBytesMax = 24_000_000;
const fetchTimeoutMs = 10_000;

/** Opens each source: an image's id, an https URL, or base64 with or without a data URL around it. */
export async function openSources(ctx: TenantContext, sources: string[]): Promise<Map<string, OpenedSource>> {
  const urls = sources.filter(isUrl);
  if (urls.length > urlsMax) {
    const detail = `one request may name at most ${urlsMax} URLs of images; upload them to /v2/images before`;
    return new Map(urls.map((url) => [url, { ok: false, code: "too_many_urls", detail }]));
  }
  const bytesMax = Math.min(imageBytesMax, Math.floor(fetchedBytesMax / Math.max(1, urls.length)));
  const open = (source: string): Promise<OpenedSource> | OpenedSource => {
    if (isImageId(source)) return { ok: true, id: source };
    return isUrl(source) ? fetchFile(ctx, source, bytesMax) : decode(source);
  };
  return new Map(await Promise.all(sources.map(async (source) => [source, await open(source)] as const)));
}

const isUrl = (source: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(source);

async function fetchFile(ctx: TenantContext, url: string, bytesMax: number): Promise<OpenedSource> {
  const fetched = await ctx.fetchPublic(url, { bytesMax, timeoutMs: fetchTimeoutMs });
  return fetched.ok ? { ok: true, file: fetched.bytes } : fetched;
}

function decode(source: string): OpenedSource {
  try {
    return { ok: true, file: fromBase64(source.replace(/^data:[^,]*;base64,/i, "")) };
  } catch {
    const detail = "expected an image in base64, an https URL, or the id of an image (img_…)";
    return { ok: false, code: "not_base64", detail };
  }
}
