import { Canvas } from "./draw.mjs";

/**
 * Turns drawings into the `images` member of a template: every slot at three densities, in base64. Sizes
 * are Wallet's, in points (`PassPackage.swift` of apple/pass-builder); a logo may be smaller than its slot.
 */
const slotSizes = {
  icon: [38, 38],
  logo: [50, 50],
  strip: [375, 144],
  background: [345, 505],
  thumbnail: [90, 90],
  footer: [286, 15],
};

const densities = { "1x": 1, "2x": 2, "3x": 3 };

/** `drawings` maps a slot to `(canvas) => void`, which draws in points. */
export function drawImages(drawings) {
  return Object.fromEntries(
    Object.entries(drawings).map(([slot, draw]) => [
      slot,
      Object.fromEntries(
        Object.entries(densities).map(([name, density]) => {
          const canvas = new Canvas(...slotSizes[slot], density);
          draw(canvas);
          return [name, canvas.toPng().toString("base64")];
        }),
      ),
    ]),
  );
}
