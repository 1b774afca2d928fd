/** Decodes, converts and resizes pictures. */
export interface ImageConverter {
  /** Answers a PNG in sRGB. Never throws. */
  toPng(file: Uint8Array, drawing: Drawing): Promise<ConvertedImage>;
}

export interface Drawing {
  /** Of the turned picture; without it the size stays. */
  size?: PixelSize | undefined;
  /**
   * Degrees clockwise. A mark of orientation in the file itself must have been neutralised before: Cloudflare
   * heeds it, its local emulation does not.
   */
  rotate: 0 | 90 | 180 | 270;
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
