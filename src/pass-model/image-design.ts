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

const slotDesign = z.union([source, imageSet]).meta({
  description: "One picture, of which all densities are made, or each density by itself.",
  examples: ["img_01JGFJJZ00CEXQ1RD5D6W0KQYV"],
});

export const imagesDesign = z
  .strictObject(
    Object.fromEntries(imageSlots.map((slot) => [slot, slotDesign.optional()])) as Record<
      ImageSlot,
      z.ZodOptional<typeof slotDesign>
    >,
  )
  .meta({
    description:
      "Pictures by slot. Every template needs an `icon`. A `personalizationLogo` is shown while a person enrols.",
    examples: [
      {
        icon: "img_01JGFJJZ00CEXQ1RD5D6W0KQYV",
        logo: { "1x": "img_01JGFJJZ00CEXQ1RD5D6W0KQYV", "2x": "img_01JGFJJZ00CEXQ1RD5D6W0KQYV" },
      },
    ],
  });

export type ImagesDesign = z.output<typeof imagesDesign>;
