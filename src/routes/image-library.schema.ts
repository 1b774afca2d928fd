import * as z from "zod";
import { exampleId, idOf, isoTime, timestamp } from "../http/schemas";
import type { ImageView } from "../services/images/view";

const publicUrlExample = `https://api.example.com/images/K7X2M9QA/${exampleId("img")}`;

const variantExample = {
  slot: "logo",
  density: "2x",
  width: 320,
  height: 100,
  url: `${publicUrlExample}/logo@2x.png`,
};

const imageExample = {
  object: "image",
  id: exampleId("img"),
  url: `${publicUrlExample}.png`,
  mediaType: "image/jpeg",
  width: 1280,
  height: 400,
  bytes: 48_210,
  personal: false,
  templateUses: 1,
  passUses: 0,
  variants: [variantExample],
  createdAt: "2026-05-01T16:30:00.000Z",
};

const count = (description: string) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [1] });
const pixels = (description: string) =>
  z
    .int()
    .min(1)
    .meta({ description, examples: [400] });
const url = (description: string, example: string) => z.url().meta({ description, examples: [example] });

const variantSchema = z
  .object({
    slot: z.string().meta({ description: "Slot of the pass that it was made for.", examples: [variantExample.slot] }),
    density: z.string().meta({ description: "Pixel density.", examples: [variantExample.density] }),
    width: pixels("Width in pixels."),
    height: pixels("Height in pixels."),
    url: url("Where it is, as PNG.", variantExample.url),
  })
  .meta({ description: "A picture that was made of an image for one slot of a pass.", examples: [variantExample] });

export const imageSchema = z
  .object({
    object: z.literal("image").meta({ description: "Always `image`.", examples: ["image"] }),
    id: idOf("img", "Id of the image; it comes from its content, so the same picture has the same id."),
    url: url(
      "Where the picture is, as an upright PNG without metadata. The address cannot be guessed, and needs no key.",
      imageExample.url,
    ),
    mediaType: z
      .enum(["image/png", "image/jpeg", "image/svg+xml"])
      .meta({ description: "What was sent, by its bytes.", examples: ["image/jpeg"] }),
    width: pixels("Width of the upright original in pixels; of an SVG that with which it was drawn."),
    height: pixels("Height, likewise."),
    bytes: count("Size of the original; of a PNG without its metadata."),
    personal: z.boolean().meta({
      description: "Whether it shows one person, and so is cached for five minutes only. Its first upload decides.",
      examples: [false],
    }),
    templateUses: count("How many versions of templates show it."),
    passUses: count("How many passes that are not voided show it by themselves."),
    variants: z
      .array(variantSchema)
      .meta({ description: "What was made of it for slots of passes so far.", examples: [[variantExample]] }),
    createdAt: timestamp("When it was first uploaded."),
  })
  .meta({ id: "Image", description: "An image of the account.", examples: [imageExample] });

export function imageJson({ row, url: address, variants }: ImageView) {
  const { id, mediaType, width, height, bytes, personal, templateUses, passUses, createdAt } = row;
  return {
    object: "image" as const,
    id,
    url: address,
    mediaType,
    width,
    height,
    bytes,
    personal,
    templateUses,
    passUses,
    variants,
    createdAt: isoTime(createdAt),
  };
}

/** Base64 of 8,000,000 bytes is shorter; what is beyond is told by its size, and not by its characters. */
const dataCharactersMax = 12_000_000;

/** 1×1 pixel. */
export const uploadExample = {
  data: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGM4YSMHAALyASNM6jO1AAAAAElFTkSuQmCC",
};

export const uploadBody = z
  .strictObject({
    data: z
      .string()
      .min(1)
      .max(dataCharactersMax)
      .optional()
      .meta({
        description: "The file in base64, with or without a data URL around it.",
        examples: [uploadExample.data],
      }),
    url: z
      .string()
      .min(1)
      .max(2048)
      .optional()
      .meta({
        description:
          "An https URL from which the file is fetched once: port 443 of a host on the public internet, within 10 seconds, after at most 3 redirects.",
        examples: ["https://www.example.com/logo.png"],
      }),
    personal: z
      .boolean()
      .default(false)
      .meta({ description: "Whether it shows one person, such as a member's photo.", examples: [false] }),
  })
  .refine(({ data, url: address }) => (data === undefined) !== (address === undefined), {
    error: "send either data or url",
  })
  .meta({ id: "NewImage", description: "An image to be taken: `data` or `url`.", examples: [uploadExample] });

export const uploadQuery = z.strictObject({
  personal: z
    .enum(["true", "false"])
    .optional()
    .meta({
      description: "Whether it shows one person, where the body is the file itself.",
      examples: ["true"],
    }),
});

/** What an image may be, for people who make one. */
export const acceptedImages = `| Accepted | Rule |
| --- | --- |
| PNG | Any colour type. Metadata is taken out; a colour profile is turned into sRGB and an EXIF orientation applied. |
| JPEG | Baseline or progressive, RGB, grey or CMYK, at most 100 scans. EXIF orientation is applied, a colour profile turned into sRGB. |
| SVG | At most 1,000,000 bytes of UTF-8, with a size or a \`viewBox\`; no entities, script, event handler, foreign object or reference out of the file. Where the deployment cannot draw it: \`svg_not_rendered\`. |
| Size | At most 8,000,000 bytes, and 8,192 pixels a side. |

The bytes decide what a file is, never its name or content type. WebP, GIF, AVIF, HEIC, TIFF, BMP, PDF and others are refused
(\`unsupported_image\`), and so are files that are cut off, broken or disguised (\`corrupt_image\`).

For passes, pictures of each density are made from one original when a template or pass shows it: icon 38×38 points, logo at most 160×50,
strip 375×144, thumbnail 90×90, background 345×505, footer at most 286×15, artwork 358×448; times 3 in pixels for the sharpest. Google Wallet
shows logos of 660×660 and heroes of 1032×336 pixels.`;
