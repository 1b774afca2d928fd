import type { ResolvedPass } from "../../../pass-model/resolved-pass";
import type { PassStyle } from "../../../pass-model/vocabulary";
import type { GoogleTypes } from "../../fields/types";
import { present } from "../present";
import type { VerticalProjection } from "../vertical";

/** Google, GenericClass and GenericObject: the kind that demands nothing of a pass. */
export const generic: VerticalProjection<"generic"> = {
  needs: [],
  headKeys: ({ pass }) => [pass.layout.find(({ position }) => position === "primary")?.key],
  class: () => ({}),
  object: (source) => {
    const { pass, texts, pictures, image, localize } = source;
    const first = firstPrimary(pass);
    const header = first ? texts.value(first) : null;
    return present({
      genericType: typeOf(pass),
      cardTitle: localize(texts.of(pass.logoText || pass.organizationName)),
      header: localize(header?.plain ? header : texts.of(pass.description)),
      subheader: header?.plain && first?.label ? localize(texts.of(first.label)) : null,
      logo: image(pictures.logo),
      wideLogo: image(pictures.wideLogo),
      heroImage: image(pictures.hero),
    });
  },
};

/** The first of the design, for the class leaves its place to the head of the card. */
function firstPrimary({ layout, fields }: ResolvedPass): ResolvedPass["fields"][number] | null {
  const key = layout.find(({ position }) => position === "primary")?.key;
  return fields.find((field) => field.key === key) ?? null;
}

type GenericType = NonNullable<GoogleTypes["GenericObject"]["genericType"]>;

/** By which Google sorts passes: the style says it, and of generic ones what they are called. */
function typeOf({ style, description }: ResolvedPass): GenericType {
  const called = style === "generic" ? words.find(([word]) => word.test(description)) : undefined;
  return called?.[1] ?? styleTypes[style];
}

const words: readonly (readonly [RegExp, GenericType])[] = [
  [/\b(gym|fitness)\b/i, "GENERIC_GYM_MEMBERSHIP"],
  [/\blibrary\b/i, "GENERIC_LIBRARY_MEMBERSHIP"],
  [/\bseason (pass|ticket)\b/i, "GENERIC_SEASON_PASS"],
  [/\bparking\b/i, "GENERIC_PARKING_PASS"],
  [/\bstudent\b/i, "GENERIC_STUDENT_CARD"],
  [/\b(auto|car|vehicle) insurance\b/i, "GENERIC_AUTO_INSURANCE"],
  [/\bhome insurance\b/i, "GENERIC_HOME_INSURANCE"],
  [/\bvehicle registration\b/i, "GENERIC_VEHICLE_REGISTRATION"],
  [/\breservation\b/i, "GENERIC_RESERVATIONS"],
  [/\breceipt\b/i, "GENERIC_RECEIPT"],
  [/\bvoucher\b/i, "GENERIC_VOUCHER"],
  [/\bbusiness card\b/i, "GENERIC_BUSINESS_CARD"],
  [/\bmember(ship)?\b/i, "GENERIC_MEMBERSHIP_CARD"],
];

const styleTypes: Record<PassStyle, GenericType> = {
  boardingPass: "GENERIC_TRANSIT_PASS",
  coupon: "GENERIC_VOUCHER",
  eventTicket: "GENERIC_ENTRY_TICKET",
  generic: "GENERIC_OTHER",
  storeCard: "GENERIC_LOYALTY_CARD",
};
