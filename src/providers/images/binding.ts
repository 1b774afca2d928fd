import type { ConvertedImage, Drawing, ImageConverter, PixelSize } from "./contract";

/**
 * Codes by which the Images binding says that the file is at fault; its emulation says 9523 for all of them.
 * Any other code (quota, time, its own trouble) says nothing about the file.
 */
const undecodable = new Set([9402, 9412, 9413, 9511, 9520, 9523]);

const fits = { contain: "scale-down", cover: "cover" } as const satisfies Record<PixelSize["fit"], string>;

/** The Images binding of Cloudflare; `wrangler dev` and the tests have an emulation of it. */
export function bindingConverter(binding: ImagesBinding): ImageConverter {
  return {
    async toPng(file, drawing): Promise<ConvertedImage> {
      try {
        const drawn = await transformed(binding.input(streamOf(file)), drawing).output({ format: "image/png" });
        return { ok: true, png: new Uint8Array(await drawn.response().arrayBuffer()) };
      } catch (error) {
        const code = (error as Partial<ImagesError>).code ?? 0;
        return { ok: false, reason: undecodable.has(code) ? "undecodable" : "unavailable" };
      }
    },
  };
}

function transformed(input: ImageTransformer, { rotate, size }: Drawing): ImageTransformer {
  const turned = rotate === 0 ? input : input.transform({ rotate });
  if (!size) return turned;
  const { width, height, fit } = size;
  return turned.transform({ width, height, fit: fits[fit], gravity: "center" });
}

const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> => new Blob([bytes]).stream();
