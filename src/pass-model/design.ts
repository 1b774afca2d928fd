import * as z from "zod";
import { fieldDesign } from "./field-design";
import { imagesDesign } from "./image-design";
import { personalizationDesign } from "./personalization-design";
import { beaconDesign, expirationDesign, locationList, relevantDateList } from "./relevance-design";
import { color, json, jsonObject, languageTag } from "./scalars";
import { barcodeFormats, googleVerticals, passStyles, transitTypes } from "./vocabulary";

/**
 * The design of a template: everything about a pass but the values that differ per person. This is the
 * shape that the API takes and answers and the database keeps; rules that span members are in
 * `check-design.ts`.
 */

export const barcodeDesign = z
  .strictObject({
    format: z.enum(barcodeFormats).meta({
      description:
        "Barcode format. Every wallet draws `qr`, `pdf417`, `aztec` and `code128`; the others are legacy formats " +
        "that some wallets know.",
      examples: ["qr"],
    }),
    message: z
      .string()
      .min(1)
      .max(2000)
      .meta({
        description:
          "What the code says. Placeholders: `{{pass.id}}`, `{{pass.serialNumber}}`, `{{pass.externalId}}`, " +
          "`{{customer.id}}`, and `{{key}}` for any field.",
        examples: ["{{pass.id}}"],
      }),
    altText: z
      .string()
      .max(200)
      .optional()
      .meta({
        description: "Text below the code, for when it cannot be read. Takes the same placeholders.",
        examples: ["{{pass.externalId}}"],
      }),
    encoding: z
      .enum(["iso-8859-1", "utf-8", "us-ascii"])
      .optional()
      .meta({
        description: "Character set of the message. Default: iso-8859-1 if the message fits it, else utf-8.",
        examples: ["iso-8859-1"],
      }),
  })
  .meta({
    id: "BarcodeDesign",
    description: "Barcode of a pass.",
    examples: [{ format: "qr", message: "{{pass.id}}" }],
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
    message: z
      .string()
      .min(1)
      .max(500)
      .meta({
        description: "Payload, at most 64 bytes once filled in. Takes the placeholders of the barcode.",
        examples: ["{{pass.id}}"],
      }),
    encryptionPublicKey: z
      .base64()
      .max(1000)
      .meta({
        description: "Base64 X.509 SubjectPublicKeyInfo of a P-256 key.",
        examples: [
          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==",
        ],
      }),
    requiresAuthentication: z
      .boolean()
      .optional()
      .meta({
        description: "Whether the holder must unlock the device.",
        examples: [false],
      }),
  })
  .meta({
    id: "Nfc",
    description: "NFC payload (Apple). Needs an NFC-enabled pass type certificate.",
    examples: [
      {
        message: "{{pass.id}}",
        encryptionPublicKey:
          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==",
      },
    ],
  });

export const googleDesign = z
  .strictObject({
    vertical: z
      .enum(googleVerticals)
      .optional()
      .meta({
        description:
          "Kind of pass at Google, in place of the one that follows from the style. A pass that lacks what its kind demands becomes `generic`, with a warning.",
        examples: ["loyalty"],
      }),
    class: jsonObject.optional().meta({
      description:
        "Members of the Google class, in Google's names, in place of what WePass would write: `discoverableProgram`, `enableSmartTap`, `messages` and so on. A text takes no placeholders here, for a class is the same for every holder.",
      examples: [{ countryCode: "DE" }],
    }),
    object: jsonObject.optional().meta({
      description:
        "Members of the Google object, in Google's names, in place of what WePass would write: `rotatingBarcode`, `smartTapRedemptionValue`, `passConstraints`, `groupingInfo` and so on. A text takes the placeholders of the barcode.",
      examples: [{ passConstraints: { screenshotEligibility: "INELIGIBLE" } }],
    }),
  })
  .meta({
    id: "GoogleDesign",
    description: "What only Google Wallet knows. Each member is checked against Google's API.",
    examples: [{ object: { passConstraints: { screenshotEligibility: "INELIGIBLE" } } }],
  });

export const designMembers = {
  style: z.enum(passStyles).meta({ description: "Pass style, as Apple names them.", examples: ["storeCard"] }),
  transitType: z
    .enum(transitTypes)
    .optional()
    .meta({
      description: "Means of transport; required for `boardingPass` and refused elsewhere.",
      examples: ["air"],
    }),
  organizationName: z
    .string()
    .min(1)
    .max(200)
    .meta({
      description: "Who issues the pass; shown with its notifications.",
      examples: ["Fern & Finch Coffee"],
    }),
  description: z
    .string()
    .min(1)
    .max(500)
    .meta({
      description: "What the pass is, for accessibility.",
      examples: ["Fern & Finch loyalty card"],
    }),
  logoText: z
    .string()
    .max(200)
    .optional()
    .meta({ description: "Text beside the logo.", examples: ["Fern & Finch"] }),
  colors: colorsDesign.optional(),
  fonts: z
    .strictObject({
      heading: z
        .string()
        .max(100)
        .optional()
        .meta({ description: "Font of headings.", examples: ["Inter"] }),
      body: z
        .string()
        .max(100)
        .optional()
        .meta({ description: "Font of text.", examples: ["Inter"] }),
    })
    .optional()
    .meta({
      description: "Fonts for pages and mails. No wallet honours fonts: a warning says so.",
      examples: [{ heading: "Inter" }],
    }),
  images: imagesDesign.optional(),
  fields: z
    .array(fieldDesign)
    .max(100)
    .optional()
    .meta({
      description: "The fields, in the order in which they are shown.",
      examples: [[{ key: "points", label: "Points", type: "number", position: "header", default: 0 }]],
    }),
  barcode: barcodeDesign.optional(),
  expiration: expirationDesign.optional(),
  locations: locationList.optional().meta({
    description: "At most 10 places near which the pass comes up.",
    examples: [[{ latitude: 52.520008, longitude: 13.404954 }]],
  }),
  beacons: z
    .array(beaconDesign)
    .max(10, "a pass can have at most 10 beacons")
    .optional()
    .meta({
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
  groupingIdentifier: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({
      description: "Passes with the same identifier are stacked (boarding passes and event tickets only).",
      examples: ["festival-2026"],
    }),
  sharingProhibited: z
    .boolean()
    .optional()
    .meta({
      description: "Hides the share button. It does not protect the pass.",
      examples: [true],
    }),
  associatedStoreIdentifiers: z
    .array(z.int().positive())
    .max(20)
    .optional()
    .meta({
      description: "App Store identifiers of apps that go with the pass.",
      examples: [[284882215]],
    }),
  appLaunchUrl: z
    .string()
    .min(1)
    .max(2048)
    .optional()
    .meta({
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
  personalization: personalizationDesign.optional(),
  passTypeIdentifier: z
    .string()
    .max(200)
    .regex(/^pass\.[A-Za-z0-9.-]+$/, "expected a pass type identifier, such as pass.com.example.card")
    .optional()
    .meta({
      description:
        "The Apple pass type that passes are issued under, in place of the account's default. One that the account has no certificate of is passed by, with a warning.",
      examples: ["pass.com.example.card"],
    }),
  apple: jsonObject.optional().meta({
    description: "Members of pass.json that only Apple Wallet knows. Known ones are checked, unknown ones passed on.",
    examples: [{ suppressStripShine: true }],
  }),
  google: googleDesign.optional(),
} as const;

/** The design as one strict object; an unknown member is refused. */
export const templateDesign = z.strictObject(designMembers);

export type TemplateDesign = z.output<typeof templateDesign>;
export type BarcodeDesign = z.output<typeof barcodeDesign>;
export type { FieldDesign } from "./field-design";
export type { ExpirationDesign, RelevantDateDesign } from "./relevance-design";
