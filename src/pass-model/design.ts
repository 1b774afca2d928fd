import * as z from "zod";
import { color, instant, json, jsonObject, languageTag, timeZone } from "./scalars";
import {
  barcodeFormats,
  dataDetectorTypes,
  dateStyles,
  fieldPositions,
  fieldTypes,
  imageDensities,
  imageSlots,
  numberStyles,
  passStyles,
  textAlignments,
  transitTypes,
} from "./vocabulary";

/**
 * The design of a template: everything about a pass but the values that differ per person. This is the
 * shape that the API takes and answers and the database keeps; rules that span members are in
 * `check-design.ts`.
 */

/** A field key is a CEL identifier and a Google module id at once. */
export const fieldKey = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,39}$/, "expected a letter or _, then at most 39 letters, digits or _")
  .meta({
    description: "Name of a field, unique in its template. Starts with a letter or `_`.",
    examples: ["points"],
  });

const fieldValue = z.union([z.string().max(10_000), z.number()]);

const fieldDesign = z
  .strictObject({
    key: fieldKey,
    label: z.string().max(200).optional().meta({ description: "Text above the value.", examples: ["Points"] }),
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
    required: z.boolean().optional().meta({
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
    expression: z.string().min(1).max(1000).optional().meta({
      description:
        "Computed value: a CEL expression over the keys of the other fields. Numbers are doubles, so write 2.0 " +
        "for a constant; `date`, `time` and text are strings; `dateTime` is a timestamp. A field that has no " +
        "value reads as \"\", 0.0 or the epoch.",
      examples: ["points >= 1000.0 ? \"Gold\" : \"Silver\""],
    }),
    currencyCode: z
      .string()
      .regex(/^[A-Z]{3}$/, "expected an ISO 4217 code, such as EUR")
      .optional()
      .meta({ description: "ISO 4217 code; required for `currency`.", examples: ["EUR"] }),
    timeZone: timeZone.optional().meta({
      description: "Zone in which a `time` or `dateTime` is shown, wherever the reader is.",
      examples: ["Europe/Berlin"],
    }),
    relative: z.boolean().optional().meta({
      description: "Show a `date` or `dateTime` as distance from now (\"in 2 hours\").",
      examples: [true],
    }),
    dateStyle: z.enum(dateStyles).optional().meta({ description: "How much of a date is shown.", examples: ["medium"] }),
    timeStyle: z.enum(dateStyles).optional().meta({ description: "How much of a time is shown.", examples: ["short"] }),
    numberStyle: z.enum(numberStyles).optional().meta({ description: "How a number is shown.", examples: ["decimal"] }),
    textAlignment: z.enum(textAlignments).optional().meta({
      description: "Alignment; Wallet ignores it on primary and back fields.",
      examples: ["right"],
    }),
    dataDetectorTypes: z.array(z.enum(dataDetectorTypes)).max(4).optional().meta({
      description: "What Wallet turns into links on the back; an empty list turns detection off.",
      examples: [["phoneNumber", "link"]],
    }),
    row: z.union([z.literal(0), z.literal(1)]).optional().meta({
      description: "Row of an auxiliary field of an event ticket.",
      examples: [0],
    }),
    changeMessage: z.string().max(200).optional().meta({
      description: "Lock-screen text when the value changes. `%@` stands for the new value and is appended if missing.",
      examples: ["You now have %@ points"],
    }),
    semantics: jsonObject.optional().meta({
      description: "Semantic tags of this field.",
      examples: [{ departureGate: "{{gate}}" }],
    }),
  })
  .meta({
    id: "FieldDesign",
    description:
      "One field. A pass brings its value unless it is static (`value`) or computed (`expression`).",
    examples: [{ key: "points", label: "Points", type: "number", position: "header", default: 0 }],
  });

export const barcodeDesign = z
  .strictObject({
    format: z.enum(barcodeFormats).meta({
      description:
        "Barcode format. Every wallet draws `qr`, `pdf417`, `aztec` and `code128`; the others are legacy formats " +
        "that some wallets know.",
      examples: ["qr"],
    }),
    message: z.string().min(1).max(2000).meta({
      description:
        "What the code says. Placeholders: `{{pass.id}}`, `{{pass.serialNumber}}`, `{{pass.externalId}}`, " +
        "`{{customer.id}}`, and `{{key}}` for any field.",
      examples: ["{{pass.id}}"],
    }),
    altText: z.string().max(200).optional().meta({
      description: "Text below the code, for when it cannot be read. Takes the same placeholders.",
      examples: ["{{pass.externalId}}"],
    }),
    encoding: z.enum(["iso-8859-1", "utf-8", "us-ascii"]).optional().meta({
      description: "Character set of the message. Default: iso-8859-1 if the message fits it, else utf-8.",
      examples: ["iso-8859-1"],
    }),
  })
  .meta({ id: "BarcodeDesign", description: "Barcode of a pass.", examples: [{ format: "qr", message: "{{pass.id}}" }] });

const text100 = z.string().min(1).max(500);

export const locationDesign = z
  .strictObject({
    latitude: z.number().min(-90).max(90).meta({ description: "Degrees north.", examples: [52.520008] }),
    longitude: z.number().min(-180).max(180).meta({ description: "Degrees east.", examples: [13.404954] }),
    altitude: z.number().optional().meta({ description: "Metres above sea level.", examples: [34] }),
    radius: z.number().positive().max(100_000).optional().meta({
      description: "Metres. Apple has one distance per pass (the largest is used); Google sets its own.",
      examples: [150],
    }),
    relevantText: text100.optional().meta({
      description: "Lock-screen text near this place (Apple only).",
      examples: ["Your coffee is around the corner"],
    }),
  })
  .meta({
    id: "Location",
    description: "A place near which the pass comes up on the lock screen.",
    examples: [{ latitude: 52.520008, longitude: 13.404954, radius: 150, relevantText: "Around the corner" }],
  });

const beaconDesign = z
  .strictObject({
    proximityUuid: z.guid("expected a UUID").meta({
      description: "UUID of the iBeacon.",
      examples: ["f7826da6-4fa2-4e98-8024-bc5b71e0893e"],
    }),
    major: z.int().min(0).max(65_535).optional().meta({ description: "Major value, 0-65535.", examples: [1] }),
    minor: z.int().min(0).max(65_535).optional().meta({ description: "Minor value, 0-65535.", examples: [7] }),
    relevantText: text100.optional().meta({
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
    description: "When the pass comes up on the lock screen: an instant, an interval of at most 24 hours, or a field's value.",
    examples: [{ date: "2026-05-01T18:30:00+02:00" }],
  });

const expirationDesign = z
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

const imageSource = z.string().min(1).max(8_000_000).meta({
  description: "A PNG in base64, or the id (`img_…`) of an image that this tenant uploaded before.",
  examples: ["img_01JGFJJZ00CEXQ1RD5D6W0KQYV"],
});

const imageSet = z
  .strictObject(
    Object.fromEntries(
      imageDensities.map((density) => [
        density,
        imageSource.optional().meta({ description: `The picture at ${density} density.`, examples: ["img_01JGFJJZ00CEXQ1RD5D6W0KQYV"] }),
      ]),
    ) as Record<(typeof imageDensities)[number], z.ZodOptional<typeof imageSource>>,
  )
  .meta({
    id: "ImageSet",
    description: "One picture at one to three pixel densities; `1x` is the size in points.",
    examples: [{ "2x": "img_01JGFJJZ00CEXQ1RD5D6W0KQYV" }],
  });

const images = z
  .strictObject(
    Object.fromEntries(imageSlots.map((slot) => [slot, imageSet.optional()])) as Record<
      (typeof imageSlots)[number],
      z.ZodOptional<typeof imageSet>
    >,
  )
  .meta({
    description: "Pictures by slot. Every template needs an `icon`.",
    examples: [{ icon: { "2x": "img_01JGFJJZ00CEXQ1RD5D6W0KQYV" } }],
  });

export const colorsDesign = z
  .strictObject({ background: color.optional(), foreground: color.optional(), label: color.optional() })
  .meta({
    id: "Colors",
    description: "Colours of the pass: its background, its values, and the labels above them.",
    examples: [{ background: "#1f2937", foreground: "#ffffff", label: "#9ca3af" }],
  });

export const nfcDesign = z
  .strictObject({
    message: z.string().min(1).max(500).meta({
      description: "Payload, at most 64 bytes once filled in. Takes the placeholders of the barcode.",
      examples: ["{{pass.id}}"],
    }),
    encryptionPublicKey: z.base64().max(1000).meta({
      description: "Base64 X.509 SubjectPublicKeyInfo of a P-256 key.",
      examples: ["MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q=="],
    }),
    requiresAuthentication: z.boolean().optional().meta({
      description: "Whether the holder must unlock the device.",
      examples: [false],
    }),
  })
  .meta({
    id: "Nfc",
    description: "NFC payload (Apple). Needs an NFC-enabled pass type certificate.",
    examples: [{ message: "{{pass.id}}", encryptionPublicKey: "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==" }],
  });

export const locationList = z.array(locationDesign).max(10, "a pass can have at most 10 locations");
export const relevantDateList = z.array(relevantDateDesign).max(10);

export const designMembers = {
  style: z.enum(passStyles).meta({ description: "Pass style, as Apple names them.", examples: ["storeCard"] }),
  transitType: z.enum(transitTypes).optional().meta({
    description: "Means of transport; required for `boardingPass` and refused elsewhere.",
    examples: ["air"],
  }),
  organizationName: z.string().min(1).max(200).meta({
    description: "Who issues the pass; shown with its notifications.",
    examples: ["Fern & Finch Coffee"],
  }),
  description: z.string().min(1).max(500).meta({
    description: "What the pass is, for accessibility.",
    examples: ["Fern & Finch loyalty card"],
  }),
  logoText: z.string().max(200).optional().meta({ description: "Text beside the logo.", examples: ["Fern & Finch"] }),
  colors: colorsDesign.optional(),
  fonts: z
    .strictObject({
      heading: z.string().max(100).optional().meta({ description: "Font of headings.", examples: ["Inter"] }),
      body: z.string().max(100).optional().meta({ description: "Font of text.", examples: ["Inter"] }),
    })
    .optional()
    .meta({
      description: "Fonts for pages and mails. No wallet honours fonts: a warning says so.",
      examples: [{ heading: "Inter" }],
    }),
  images: images.optional(),
  fields: z.array(fieldDesign).max(100).optional().meta({
    description: "The fields, in the order in which they are shown.",
    examples: [[{ key: "points", label: "Points", type: "number", position: "header", default: 0 }]],
  }),
  barcode: barcodeDesign.optional(),
  expiration: expirationDesign.optional(),
  locations: locationList.optional().meta({
    description: "At most 10 places near which the pass comes up.",
    examples: [[{ latitude: 52.520008, longitude: 13.404954 }]],
  }),
  beacons: z.array(beaconDesign).max(10, "a pass can have at most 10 beacons").optional().meta({
    description: "At most 10 iBeacons near which the pass comes up.",
    examples: [[{ proximityUuid: "f7826da6-4fa2-4e98-8024-bc5b71e0893e" }]],
  }),
  relevantDates: relevantDateList.optional().meta({
    description: "When the pass comes up on the lock screen.",
    examples: [[{ field: "departure" }]],
  }),
  localizations: z
    .record(
      languageTag,
      z.record(z.string().min(1).max(1000), z.string().max(2000)).meta({
        description: "Text as the design has it, to its translation.",
        examples: [{ Points: "Punkte" }],
      }),
    )
    .optional()
    .meta({
      description: "Translations: language to string table. Labels, static texts and change messages are looked up.",
      examples: [{ de: { Points: "Punkte" } }],
    }),
  groupingIdentifier: z.string().min(1).max(200).optional().meta({
    description: "Passes with the same identifier are stacked (boarding passes and event tickets only).",
    examples: ["festival-2026"],
  }),
  sharingProhibited: z.boolean().optional().meta({
    description: "Hides the share button. It does not protect the pass.",
    examples: [true],
  }),
  associatedStoreIdentifiers: z.array(z.int().positive()).max(20).optional().meta({
    description: "App Store identifiers of apps that go with the pass.",
    examples: [[284882215]],
  }),
  appLaunchUrl: z.string().min(1).max(2048).optional().meta({
    description: "URL passed to the app; needs `associatedStoreIdentifiers`.",
    examples: ["fernfinch://card"],
  }),
  userInfo: json.optional().meta({ description: "JSON for the companion app.", examples: [{ tier: "gold" }] }),
  semantics: jsonObject.optional().meta({
    description:
      "Semantic tags (flight, venue, seat …), in Apple's public names. A text may be a placeholder such as `{{gate}}`.",
    examples: [{ eventName: "Summer Night Festival" }],
  }),
  nfc: nfcDesign.optional(),
  apple: jsonObject.optional().meta({
    description: "Members of pass.json that only Apple Wallet knows. Known ones are checked, unknown ones passed on.",
    examples: [{ suppressStripShine: true }],
  }),
} as const;

/** The design as one strict object; an unknown member is refused. */
export const templateDesign = z.strictObject(designMembers);

export type TemplateDesign = z.output<typeof templateDesign>;
export type FieldDesign = z.output<typeof fieldDesign>;
export type BarcodeDesign = z.output<typeof barcodeDesign>;
export type RelevantDateDesign = z.output<typeof relevantDateDesign>;
export type ExpirationDesign = z.output<typeof expirationDesign>;
