import * as z from "zod";
import { isCurrencyCode, jsonObject, timeZone } from "./scalars";
import { dataDetectorTypes, dateStyles, fieldPositions, fieldTypes, numberStyles, textAlignments } from "./vocabulary";

/** A field key is a CEL identifier and a Google module id at once. */
export const fieldKey = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,39}$/, "expected a letter or _, then at most 39 letters, digits or _")
  .meta({
    description: "Name of a field, unique in its template. Starts with a letter or `_`.",
    examples: ["points"],
  });

const fieldValue = z.union([z.string().max(10_000), z.number()]);

export const fieldDesign = z
  .strictObject({
    key: fieldKey,
    label: z
      .string()
      .max(200)
      .optional()
      .meta({ description: "Text above the value.", examples: ["Points"] }),
    type: z.enum(fieldTypes).meta({
      description:
        "Type of the value. `number`, `currency` and `percent` (a fraction: 0.25 is 25 %) take JSON numbers; " +
        "`date` takes YYYY-MM-DD, `time` HH:MM, `dateTime` ISO 8601 with an offset; the others take text.",
      examples: ["number"],
    }),
    position: z.enum(fieldPositions).meta({
      description: "Area of the pass. `additionalInfo` belongs to event tickets, `footer` to poster passes.",
      examples: ["secondary"],
    }),
    required: z
      .boolean()
      .optional()
      .meta({
        description: "Whether each pass must bring its own value.",
        examples: [true],
      }),
    default: fieldValue.optional().meta({
      description: "Value of a pass that brings none.",
      examples: [0],
    }),
    value: fieldValue.optional().meta({
      description: "Static value, the same on every pass of the template. Passes may not bring their own.",
      examples: ["Main entrance"],
    }),
    expression: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .meta({
        description:
          "Computed value: a CEL expression over the keys of the other fields. Numbers are doubles, so write 2.0 " +
          "for a constant; `date`, `time` and text are strings; `dateTime` is a timestamp. A field that has no " +
          'value reads as "", 0.0 or the epoch.',
        examples: ['points >= 1000.0 ? "Gold" : "Silver"'],
      }),
    currencyCode: z
      .string()
      .refine(isCurrencyCode, "expected an ISO 4217 code, such as EUR")
      .optional()
      .meta({ description: "ISO 4217 code; required for `currency`.", examples: ["EUR"] }),
    timeZone: timeZone.optional().meta({
      description: "Zone in which a `time` or `dateTime` is shown, wherever the reader is.",
      examples: ["Europe/Berlin"],
    }),
    relative: z
      .boolean()
      .optional()
      .meta({
        description: 'Show a `date` or `dateTime` as distance from now ("in 2 hours").',
        examples: [true],
      }),
    dateStyle: z
      .enum(dateStyles)
      .optional()
      .meta({ description: "How much of a date is shown.", examples: ["medium"] }),
    timeStyle: z
      .enum(dateStyles)
      .optional()
      .meta({ description: "How much of a time is shown.", examples: ["short"] }),
    numberStyle: z
      .enum(numberStyles)
      .optional()
      .meta({ description: "How a number is shown.", examples: ["decimal"] }),
    textAlignment: z
      .enum(textAlignments)
      .optional()
      .meta({
        description: "Alignment; Wallet ignores it on primary and back fields.",
        examples: ["right"],
      }),
    dataDetectorTypes: z
      .array(z.enum(dataDetectorTypes))
      .max(4)
      .optional()
      .meta({
        description: "What Wallet turns into links on the back; an empty list turns detection off.",
        examples: [["phoneNumber", "link"]],
      }),
    row: z
      .union([z.literal(0), z.literal(1)])
      .optional()
      .meta({
        description: "Row of an auxiliary field of an event ticket.",
        examples: [0],
      }),
    changeMessage: z
      .string()
      .max(200)
      .optional()
      .meta({
        description:
          "Lock-screen text when the value changes. `%@` stands for the new value and is appended if missing.",
        examples: ["You now have %@ points"],
      }),
    semantics: jsonObject.optional().meta({
      description: "Semantic tags of this field.",
      examples: [{ departureGate: "{{gate}}" }],
    }),
  })
  .meta({
    id: "FieldDesign",
    description: "One field. A pass brings its value unless it is static (`value`) or computed (`expression`).",
    examples: [{ key: "points", label: "Points", type: "number", position: "header", default: 0 }],
  });

export type FieldDesign = z.output<typeof fieldDesign>;
