import type { ResolvedImages, Warning } from "../pass-model/resolved-pass";
import { imageDensities, type ImageDensity, type ImageSlot } from "../pass-model/vocabulary";

/** Size of each picture in points; multiplied by the density it is pixels (Apple, "Pass Design and Creation"; pass-builder). */
const pointSizes: Record<ImageSlot, { width: number; height: number; exact: boolean } | null> = {
  icon: { width: 38, height: 38, exact: true },
  logo: { width: 160, height: 50, exact: false },
  primaryLogo: { width: 126, height: 30, exact: false },
  secondaryLogo: { width: 135, height: 12, exact: false },
  strip: { width: 375, height: 144, exact: true },
  thumbnail: { width: 90, height: 90, exact: false },
  background: { width: 345, height: 505, exact: false },
  artwork: { width: 358, height: 448, exact: true },
  footer: { width: 286, height: 15, exact: false },
  venueMap: null,
};

/** Older documentation has other sizes, and files made by it are right, too. */
const alsoRight: Partial<Record<ImageSlot, [number, number][]>> = {
  icon: [[29, 29]],
  strip: [
    [375, 123],
    [375, 98],
    [320, 84],
    [312, 123],
    [320, 123],
    [320, 110],
  ],
};

/** Missing densities and odd sizes: Wallet scales such pictures, so they are told and not refused. */
export function imageSizeWarnings(images: ResolvedImages): Warning[] {
  const warnings: Warning[] = [];
  for (const [slot, densities] of Object.entries(images) as [ImageSlot, ResolvedImages[ImageSlot]][]) {
    for (const density of ["2x", "3x"] as const) {
      if (densities?.[density]) continue;
      const detail = `the ${slot} has no @${density} picture; it looks blurred on phones that want one`;
      warnings.push({ code: "image_density_missing", pointer: `#/images/${slot}`, detail });
    }
    for (const density of imageDensities) {
      const image = densities?.[density];
      const complaint = image && sizeComplaint(slot, density, image.width, image.height);
      if (complaint)
        warnings.push({ code: "image_size_odd", pointer: `#/images/${slot}/${density}`, detail: complaint });
    }
  }
  return warnings;
}

function sizeComplaint(slot: ImageSlot, density: ImageDensity, width: number, height: number): string | null {
  const size = pointSizes[slot];
  if (!size) return null;
  const scale = Number(density[0]);
  const fits = ([w, h]: [number, number]) =>
    size.exact ? width === w * scale && height === h * scale : width <= w * scale && height <= h * scale;
  if ([[size.width, size.height] as [number, number], ...(alsoRight[slot] ?? [])].some(fits)) return null;
  const wanted = `${size.exact ? "" : "at most "}${size.width * scale}×${size.height * scale}`;
  return `the ${slot} at @${density} should be ${wanted} pixels, and is ${width}×${height}`;
}
