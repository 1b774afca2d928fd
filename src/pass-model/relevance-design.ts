import * as z from "zod";
import { fieldKey } from "./field-design";
import { instant } from "./scalars";

/** When and where a pass comes up on the lock screen, and when it ends. */

const shortText = z.string().min(1).max(500);

export const locationDesign = z
  .strictObject({
    latitude: z
      .number()
      .min(-90)
      .max(90)
      .meta({ description: "Degrees north.", examples: [52.520008] }),
    longitude: z
      .number()
      .min(-180)
      .max(180)
      .meta({ description: "Degrees east.", examples: [13.404954] }),
    altitude: z
      .number()
      .optional()
      .meta({ description: "Metres above sea level.", examples: [34] }),
    radius: z
      .number()
      .positive()
      .max(100_000)
      .optional()
      .meta({
        description: "Metres. Apple has one distance per pass (the largest is used); Google sets its own.",
        examples: [150],
      }),
    relevantText: shortText.optional().meta({
      description: "Lock-screen text near this place (Apple only).",
      examples: ["Your coffee is around the corner"],
    }),
  })
  .meta({
    id: "Location",
    description: "A place near which the pass comes up on the lock screen.",
    examples: [{ latitude: 52.520008, longitude: 13.404954, radius: 150, relevantText: "Around the corner" }],
  });

export const beaconDesign = z
  .strictObject({
    proximityUuid: z.guid("expected a UUID").meta({
      description: "UUID of the iBeacon.",
      examples: ["f7826da6-4fa2-4e98-8024-bc5b71e0893e"],
    }),
    major: z
      .int()
      .min(0)
      .max(65_535)
      .optional()
      .meta({ description: "Major value, 0-65535.", examples: [1] }),
    minor: z
      .int()
      .min(0)
      .max(65_535)
      .optional()
      .meta({ description: "Minor value, 0-65535.", examples: [7] }),
    relevantText: shortText.optional().meta({
      description: "Lock-screen text near this beacon.",
      examples: ["Welcome to gate 7"],
    }),
  })
  .meta({
    id: "Beacon",
    description: "An iBeacon near which the pass comes up. Apple only.",
    examples: [{ proximityUuid: "f7826da6-4fa2-4e98-8024-bc5b71e0893e", major: 1, minor: 7 }],
  });

export const relevantDateDesign = z
  .union([
    z.strictObject({ date: instant }),
    z.strictObject({ startDate: instant, endDate: instant }),
    z.strictObject({
      field: fieldKey.meta({
        description: "Key of a `dateTime` field whose value is the date.",
        examples: ["departure"],
      }),
    }),
  ])
  .meta({
    id: "RelevantDate",
    description:
      "When the pass comes up on the lock screen: an instant, an interval of at most 24 hours, or a field's value.",
    examples: [{ date: "2026-05-01T18:30:00+02:00" }],
  });

export const expirationDesign = z
  .union([
    z.strictObject({
      type: z.literal("fixed").meta({ description: "One instant for every pass.", examples: ["fixed"] }),
      at: instant,
    }),
    z.strictObject({
      type: z.literal("relative").meta({ description: "A time after issue.", examples: ["relative"] }),
      duration: z
        .string()
        .max(40)
        .regex(
          /^P(?=.)(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?(T(?=.)(\d{1,6}H)?(\d{1,6}M)?(\d{1,6}S)?)?$/,
          "expected an ISO 8601 duration, such as P1Y or PT12H",
        )
        .meta({ description: "ISO 8601 duration, counted in the tenant's time zone.", examples: ["P30D"] }),
    }),
    z.strictObject({
      type: z.literal("field").meta({ description: "The value of a field.", examples: ["field"] }),
      field: fieldKey.meta({
        description: "Key of a `date` (end of that day in the tenant's zone) or `dateTime` field.",
        examples: ["validUntil"],
      }),
    }),
  ])
  .meta({
    id: "Expiration",
    description: "When a pass expires: at a fixed time, a time after issue, or when a field says.",
    examples: [{ type: "relative", duration: "P1Y" }],
  });

export const locationList = z.array(locationDesign).max(10, "a pass can have at most 10 locations");
export const relevantDateList = z.array(relevantDateDesign).max(10);

export type RelevantDateDesign = z.output<typeof relevantDateDesign>;
export type ExpirationDesign = z.output<typeof expirationDesign>;
