import type { ImageConverter } from "./contract";

/** The Images binding of Cloudflare; `wrangler dev` and the tests have an emulation of it. */
export function bindingConverter(_binding: ImagesBinding): ImageConverter {
  return { toPng: () => Promise.resolve({ ok: false, reason: "unavailable" }) };
}
