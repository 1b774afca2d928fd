import * as z from "zod";
import { imageDensities, imageSlots, type ImageDensity, type ImageSlot } from "./vocabulary";

/** Where the pictures of a template or a pass come from. */

const source = z
  .string()
  .min(1)
  .max(8_000_000)
  .meta({
    description:
      "A PNG, JPEG or SVG in base64, an https URL from which it is fetched once, or the id (`img_…`) of an image that was uploaded before.",
    examples: ["img_01JGFJJZ00CEXQ1RD5D6W0KQYV"],
  });

const imageSet = z
  .strictObject(
    Object.fromEntries(
      imageDensities.map((density) => [
        density,
        source
          .optional()
          .meta({ description: `The picture at ${density} density.`, examples: ["img_01JGFJJZ00CEXQ1RD5D6W0KQYV"] }),
      ]),
    ) as Record<ImageDensity, z.ZodOptional<typeof source>>,
  )
  .meta({
    id: "ImageSet",
    description: "One picture at one to three pixel densities, kept as they are; `1x` is the size in points.",
    examples: [{ "2x": "img_01JGFJJZ00CEXQ1RD5D6W0KQYV" }],
  });

const slotDesign = z.union([source, imageSet]);

/** Sizes are in points: pixels at 1x, two and three times as many at 2x and 3x. */
const descriptions: Record<ImageSlot, string> = {
  icon: "For the lock screen and mails, 38×38 points. Required.",
  logo: "In the top left corner, at most 160×50 points.",
  strip: "Behind the primary fields, 375×144 points.",
  background: "Behind the whole front, at most 345×505 points.",
  thumbnail: "Beside the fields, such as a photo, at most 90×90 points.",
  footer: "Above the barcode, at most 286×15 points.",
  artwork: "Picture of a poster pass, 358×448 points.",
  primaryLogo: "Logo of a poster pass, at most 126×30 points.",
  secondaryLogo: "Second logo of a poster pass, at most 135×12 points.",
  venueMap: "Map of the venue, for a poster event ticket.",
  personalizationLogo: "Shown while a person enrols, at most 150×40 points.",
};

const slot = (name: ImageSlot) =>
  slotDesign.optional().meta({
    description: `${descriptions[name]} One picture, of which all densities are made, or each density by itself.`,
    examples: ["img_01JGFJJZ00CEXQ1RD5D6W0KQYV"],
  });

export const imagesDesign = z
  .strictObject(
    Object.fromEntries(imageSlots.map((name) => [name, slot(name)])) as Record<
      ImageSlot,
      z.ZodOptional<typeof slotDesign>
    >,
  )
  .meta({
    description:
      "Pictures by slot. One that is too small for a density is not enlarged: the density is left out, with a warning.",
    examples: [
      {
        icon: "img_01JGFJJZ00CEXQ1RD5D6W0KQYV",
        logo: { "1x": "img_01JGFJJZ00CEXQ1RD5D6W0KQYV", "2x": "img_01JGFJJZ00CEXQ1RD5D6W0KQYV" },
      },
    ],
  });

export type ImagesDesign = z.output<typeof imagesDesign>;
