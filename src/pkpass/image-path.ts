import type { ImageDensity, ImageSlot } from "../pass-model/vocabulary";

/** The name of a picture in a pass: `logo.png`, `logo@2x.png`. */
export function imageFileName(slot: ImageSlot, density: ImageDensity): string {
  return density === "1x" ? `${slot}.png` : `${slot}@${density}.png`;
}
