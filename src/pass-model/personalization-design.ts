import * as z from "zod";
import { fieldKey } from "./field-design";
import { personalizationFields } from "./vocabulary";

const shownBy = (what: string, example: string) =>
  fieldKey.optional().meta({ description: `Key of the field that shows ${what}.`, examples: [example] });

/** Rewards enrolment: what Wallet asks of a person when the pass is added (Apple, personalization.json). */
export const personalizationDesign = z
  .strictObject({
    description: z
      .string()
      .min(1)
      .max(500)
      .meta({
        description: "What the person signs up for.",
        examples: ["Join Fern & Finch and collect points."],
      }),
    requiredFields: z
      .array(z.enum(personalizationFields))
      .min(1)
      .max(personalizationFields.length)
      .refine((fields) => new Set(fields).size === fields.length, "each field is asked for once")
      .meta({ description: "What is asked for.", examples: [["name", "emailAddress"]] }),
    termsAndConditions: z
      .string()
      .min(1)
      .max(20_000)
      .optional()
      .meta({ description: "What the person agrees to.", examples: ["We write to you once a month at most."] }),
    values: z
      .strictObject({
        name: shownBy("the full name", "member"),
        givenName: shownBy("the given name", "member"),
        familyName: shownBy("the family name", "member"),
        emailAddress: shownBy("the e-mail address", "email"),
        phoneNumber: shownBy("the phone number", "phone"),
        postalCode: shownBy("the postal code", "postalCode"),
        countryCode: shownBy("the country of the postal code, ISO 3166", "country"),
      })
      .optional()
      .meta({ description: "Which fields show what the person entered.", examples: [{ name: "member" }] }),
  })
  .meta({
    id: "Personalization",
    description:
      "Rewards enrolment (Apple): Wallet asks the person before it adds the pass. Needs `nfc`, an image `personalizationLogo`, and an NFC-enabled pass type certificate.",
    examples: [
      {
        description: "Join Fern & Finch and collect points.",
        requiredFields: ["name", "emailAddress"],
        values: { name: "member" },
      },
    ],
  });

export type PersonalizationDesign = z.output<typeof personalizationDesign>;
