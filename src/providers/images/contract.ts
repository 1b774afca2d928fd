/** Decodes, converts and resizes pictures. */
export interface ImageConverter {
  /** Answers a PNG without metadata, upright (EXIF orientation applied), in sRGB. Never throws. */
  toPng(file: Uint8Array, size?: PixelSize): Promise<ConvertedImage>;
}

/** Pixels. `contain` keeps the shape and never enlarges; `cover` fills the size exactly and crops what is over, in the middle. */
export interface PixelSize {
  width: number;
  height: number;
  fit: "contain" | "cover";
}

export type ConvertedImage =
  | { ok: true; png: Uint8Array }
  /** `undecodable`: the file is at fault. `unavailable`: the service is, and the same may work later or elsewhere. */
  | { ok: false; reason: "undecodable" | "unavailable" };
