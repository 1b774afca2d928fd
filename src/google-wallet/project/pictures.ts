import type { ResolvedImage, ResolvedImages, ResolvedPass, ResolvedSlot } from "../../pass-model/resolved-pass";
import { imageDensities, type ImageSlot } from "../../pass-model/vocabulary";
import type { GoogleTypes } from "../fields/types";

export type Image = GoogleTypes["Image"];

/** One picture and the slot that it is from. */
export interface Picture {
  slot: ImageSlot;
  image: ResolvedImage;
}

/** What Google can show of a set of pictures. */
export interface Pictures {
  /** Google cuts it to a circle. */
  logo: Picture | null;
  wideLogo: Picture | null;
  hero: Picture | null;
  photo: Picture | null;
}

export function picturesOf(images: ResolvedImages): Pictures {
  return {
    logo:
      squareOf(images, "logo") ?? squareOf(images, "icon") ?? largestOf(images, "logo") ?? largestOf(images, "icon"),
    wideLogo: wideOf(images, "logo") ?? wideOf(images, "primaryLogo"),
    hero: largestOf(images, "strip") ?? largestOf(images, "background") ?? largestOf(images, "artwork"),
    photo: largestOf(images, "thumbnail"),
  };
}

/** Of the pictures that a pass shows, those that are not its template's. */
export function ownPicturesOf({ images, templateImages }: Pick<ResolvedPass, "images" | "templateImages">): Pictures {
  const all = picturesOf(images);
  const own = (picture: Picture | null) =>
    picture && images[picture.slot] !== templateImages[picture.slot] ? picture : null;
  return { logo: own(all.logo), wideLogo: own(all.wideLogo), hero: own(all.hero), photo: own(all.photo) };
}

/** Slots that are cut to a shape for Apple, which the picture they were derived from need not have. */
const shaped: ReadonlySet<ImageSlot> = new Set(["strip", "artwork", "icon"]);

function imagesOf(slot: ResolvedSlot | undefined): ResolvedImage[] {
  if (!slot) return [];
  const all = [slot.original, ...imageDensities.map((density) => slot[density])];
  return all.filter((image) => image !== undefined).sort((one, other) => other.width - one.width);
}

function largestOf(images: ResolvedImages, slot: ImageSlot): Picture | null {
  const all = imagesOf(images[slot]);
  const image = (shaped.has(slot) ? all.find((each) => each !== images[slot]?.original) : undefined) ?? all[0];
  return image ? { slot, image } : null;
}

const ratioOf = ({ width, height }: ResolvedImage): number => width / height;

function squareOf(images: ResolvedImages, slot: ImageSlot): Picture | null {
  const image = imagesOf(images[slot]).find((each) => ratioOf(each) > 0.8 && ratioOf(each) < 1.25);
  return image ? { slot, image } : null;
}

function wideOf(images: ResolvedImages, slot: ImageSlot): Picture | null {
  const image = imagesOf(images[slot]).find((each) => ratioOf(each) >= 1.6);
  return image ? { slot, image } : null;
}

/** What is too small looks blurred on today's phones (Google, brand guidelines of each kind of pass). */
export const recommendedPixels = {
  logo: { width: 660, height: 660 },
  hero: { width: 1032, height: 336 },
} as const;
