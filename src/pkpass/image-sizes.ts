import type { ResolvedImage, ResolvedImages, ResolvedSlot, Warning } from "../pass-model/resolved-pass";
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
  personalizationLogo: { width: 150, height: 40, exact: false },
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

/** Pixels that a slot wants at one density. `exact` slots are filled and cropped, the others hold the whole picture. */
export interface SlotBox {
  width: number;
  height: number;
  exact: boolean;
}

/** No size is given for the map of a venue; this is as wide as a phone shows a pass. */
const venueMapSize = { width: 375, height: 375, exact: false };

/** The slot's box in points for a picture of this size: of several that are right, the one that it was made for. */
export function slotBox(slot: ImageSlot, width: number, height: number): SlotBox {
  const size = pointSizes[slot] ?? venueMapSize;
  const madeFor = ([w, h]: [number, number]) =>
    imageDensities.some((density) => width === w * Number(density[0]) && height === h * Number(density[0]));
  const other = madeFor([size.width, size.height]) ? undefined : alsoRight[slot]?.find(madeFor);
  return other ? { width: other[0], height: other[1], exact: size.exact } : size;
}

/** Missing densities and odd sizes: Wallet scales such pictures, so they are told and not refused. */
export function imageSizeWarnings(images: ResolvedImages, base = "#/images"): Warning[] {
  return (Object.entries(images) as [ImageSlot, ResolvedSlot][]).flatMap(([slot, { original, ...pictures }]) => {
    const pointer = `${base}/${slot}`;
    return original ? derivedWarnings(slot, original, pictures, pointer) : givenWarnings(slot, pictures, pointer);
  });
}

type Pictures = Omit<ResolvedSlot, "original">;

function derivedWarnings(slot: ImageSlot, original: ResolvedImage, pictures: Pictures, pointer: string): Warning[] {
  const { width, height } = original;
  const box = slotBox(slot, width, height);
  const lacking = imageDensities.filter((density) => {
    const picture = pictures[density];
    return !picture || sizeComplaint(slot, density, picture.width, picture.height) !== null;
  });
  if (lacking.length === 0) return [];
  const wanted = lacking.map((density) => `${pixelsOf(box, density)} at @${density}`).join(", ");
  const detail = `the ${slot} wants ${box.exact ? "" : "up to "}${wanted}; the picture has ${width}×${height} pixels`;
  return [{ code: "image_too_small", pointer, detail: `${detail}, and is not enlarged` }];
}

function givenWarnings(slot: ImageSlot, pictures: Pictures, pointer: string): Warning[] {
  const missing = (["2x", "3x"] as const).filter((density) => !pictures[density]);
  const odd = imageDensities.flatMap((density) => {
    const picture = pictures[density];
    const detail = picture && sizeComplaint(slot, density, picture.width, picture.height);
    return detail ? [{ code: "image_size_odd", pointer: `${pointer}/${density}`, detail }] : [];
  });
  return [
    ...missing.map((density) => ({
      code: "image_density_missing",
      pointer,
      detail: `the ${slot} has no @${density} picture; it looks blurred on phones that want one`,
    })),
    ...odd,
  ];
}

function sizeComplaint(slot: ImageSlot, density: ImageDensity, width: number, height: number): string | null {
  const size = pointSizes[slot];
  if (!size) return null;
  const scale = Number(density[0]);
  const fits = ([w, h]: [number, number]) =>
    size.exact ? width === w * scale && height === h * scale : width <= w * scale && height <= h * scale;
  if ([[size.width, size.height] as [number, number], ...(alsoRight[slot] ?? [])].some(fits)) return null;
  const wanted = `${size.exact ? "" : "at most "}${pixelsOf(size, density)}`;
  return `the ${slot} at @${density} should be ${wanted} pixels, and is ${width}×${height}`;
}

function pixelsOf({ width, height }: { width: number; height: number }, density: ImageDensity): string {
  const scale = Number(density[0]);
  return `${width * scale}×${height * scale}`;
}
