import * as z from "zod";
import { barcodeDesign, colorsDesign } from "./design";
import { imagesDesign } from "./image-design";
import { locationList, relevantDateList } from "./relevance-design";
import { instant, json, jsonObject } from "./scalars";

/** What one pass changes of its template's design. A member that is absent is the template's. */
export const passOverrides = z
  .strictObject({
    logoText: z
      .string()
      .max(200)
      .optional()
      .meta({ description: "Text beside the logo.", examples: ["Gold member"] }),
    colors: colorsDesign.optional(),
    images: imagesDesign.optional().meta({
      description:
        "Pictures of this pass alone, such as a member's photo. A slot takes the template's place whole. Large files are uploaded to `/v2/images` first.",
      examples: [{ thumbnail: "img_01JGFJJZ00CEXQ1RD5D6W0KQYV" }],
    }),
    barcode: barcodeDesign.optional(),
    expiresAt: instant.optional().meta({
      description: "When this pass expires, in place of the template's rule. ISO 8601 with an offset.",
      examples: ["2027-01-01T00:00:00+01:00"],
    }),
    locations: locationList.optional().meta({
      description: "At most 10 places, in place of the template's.",
      examples: [[{ latitude: 48.137154, longitude: 11.576124, relevantText: "Your club is here" }]],
    }),
    relevantDates: relevantDateList.optional().meta({
      description: "Relevant dates, in place of the template's.",
      examples: [[{ date: "2026-05-01T18:30:00+02:00" }]],
    }),
    semantics: jsonObject.optional().meta({
      description: "Semantic tags, added to the template's; the same tag wins over it.",
      examples: [{ seats: [{ seatSection: "A", seatRow: "4", seatNumber: "12" }] }],
    }),
    userInfo: json.optional().meta({ description: "JSON for the companion app.", examples: [{ memberSince: 2024 }] }),
  })
  .meta({
    id: "PassOverrides",
    description: "What this pass changes of its template's design.",
    examples: [{ colors: { background: "#7c2d12" } }],
  });

export type PassOverrides = z.output<typeof passOverrides>;
