/** What a picture may be at most, in any format. */

export const imageBytesMax = 8_000_000;
/** On each side. */
export const imagePixelsMax = 8192;

/** Why a picture is refused: a stable code, and the rule that it breaks. */
export interface PictureFault {
  ok: false;
  code: string;
  detail: string;
}

export const fault = (code: string, detail: string): PictureFault => ({ ok: false, code, detail });

export const corrupt = (detail: string): PictureFault => fault("corrupt_image", detail);

export function sizeFault(width: number, height: number): PictureFault | null {
  if (width <= imagePixelsMax && height <= imagePixelsMax) return null;
  const detail = `an image may be at most ${imagePixelsMax} pixels wide and high; this is ${width}×${height}`;
  return fault("image_too_many_pixels", detail);
}
