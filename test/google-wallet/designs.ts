// @ts-expect-error The seed is plain JavaScript.
import { demoTemplates } from "../../scripts/seed/templates.mjs";
import { projectGooglePass, type GoogleOptions } from "../../src/google-wallet/project";
import type { PassOverrides } from "../../src/pass-model/overrides";
import type { TenantIdentity } from "../../src/pass-model/resolve";
import type { ResolvedImages, ResolvedPass } from "../../src/pass-model/resolved-pass";
import type { ImageSlot } from "../../src/pass-model/vocabulary";
import { berlin, passOf, resolveOf, type DesignInput } from "../pass-model/make";

/** Designs of every kind of pass at Google, with a pass of each: those of the seed, and of what it has none. */

export const now = Date.parse("2026-05-01T12:00:00Z");

export const googleOptions: GoogleOptions = {
  issuerId: "3388000000012345678",
  vertical: null,
  imageUrl: ({ id, variant }) => `https://api.example.com/i/${id}${variant ? `/${variant}` : ""}.png`,
  callbackUrl: "https://api.example.com/api/tnt_1/passes/google",
  homepageUrl: "https://fernfinch.example/",
  now,
};

/** Pixels at density 1x. */
const sizes: Partial<Record<ImageSlot, [number, number]>> = {
  icon: [38, 38],
  logo: [50, 50],
  strip: [375, 144],
  background: [345, 505],
  thumbnail: [90, 90],
  footer: [286, 15],
};

export function fakeImages(...slots: ImageSlot[]): ResolvedImages {
  return Object.fromEntries(
    slots.map((slot) => {
      const [width, height] = sizes[slot] ?? [100, 100];
      const at = (density: number) => ({
        id: `img_${slot}${density}`,
        width: width * density,
        height: height * density,
        sha256: "00",
      });
      return [slot, { "1x": at(1), "2x": at(2), "3x": at(3) }];
    }),
  );
}

export interface Sample {
  design: DesignInput;
  values?: Record<string, string | number>;
  externalId?: string | null;
  overrides?: PassOverrides;
}

export function resolvedOf(
  { design, values = {}, externalId = "ext-1", overrides = {} }: Sample,
  more: Partial<ResolvedPass> = {},
  tenant: TenantIdentity = berlin,
): ResolvedPass {
  const { images: given = { icon: {} }, ...rest } = design;
  const images = fakeImages(...(Object.keys(given) as ImageSlot[]));
  const resolved = resolveOf(rest, passOf({ values, externalId }, overrides), tenant);
  return { ...resolved, images, templateImages: images, ...more };
}

export const projectOf = (sample: Sample, more: Partial<ResolvedPass> = {}, options: Partial<GoogleOptions> = {}) =>
  projectGooglePass(resolvedOf(sample, more), { ...googleOptions, ...options });

interface Demo {
  template: DesignInput & { name: string };
  pass: { externalId: string; values: Record<string, string | number> };
}

const demos = (demoTemplates({ now }) as Demo[]).map(({ template, pass }): [string, Sample] => {
  const { name, ...design } = template;
  return [name, { design, values: pass.values, externalId: pass.externalId }];
});

const journey = (transitType: "train" | "bus" | "boat" | "generic"): Sample => ({
  design: {
    style: "boardingPass",
    transitType,
    organizationName: "Solvane Rail",
    description: "Ticket Berlin to Prague",
    logoText: "Solvane",
    images: { icon: "img", logo: "img" },
    colors: { background: "#0d2b4e" },
    fields: [
      { key: "platform", label: "Platform", type: "text", position: "header", changeMessage: "Platform %@" },
      { key: "from", label: "Berlin Hbf", type: "text", position: "primary", value: "BER" },
      { key: "to", label: "Praha hl.n.", type: "text", position: "primary", value: "PRG" },
      { key: "passenger", label: "Passenger", type: "text", position: "secondary" },
      { key: "departure", label: "Departs", type: "dateTime", position: "secondary", timeZone: "Europe/Berlin" },
      { key: "arrival", label: "Arrives", type: "dateTime", position: "auxiliary", timeZone: "Europe/Prague" },
      { key: "coach", label: "Coach", type: "number", position: "auxiliary" },
      { key: "seat", label: "Seat", type: "text", position: "auxiliary" },
      { key: "class", label: "Class", type: "text", position: "auxiliary", value: "First" },
      { key: "booking", label: "Booking", type: "text", position: "back" },
      { key: "price", label: "Price", type: "currency", currencyCode: "EUR", position: "back" },
    ],
    barcode: { format: "aztec", message: "{{booking}}" },
    semantics: { transitProvider: "Solvane Rail", vehicleName: "EC 177" },
  },
  values: {
    platform: "7",
    passenger: "Jonas Okafor",
    departure: "2026-05-02T10:05+02:00",
    arrival: "2026-05-02T14:40+02:00",
    coach: 21,
    seat: "61",
    booking: "7QK3ZD",
    price: 34.56,
  },
});

const giftCard: Sample = {
  design: {
    style: "storeCard",
    organizationName: "Fern & Finch Coffee",
    description: "Fern & Finch gift card",
    images: { icon: "img", logo: "img", strip: "img" },
    colors: { background: "#35201a" },
    fields: [
      { key: "balance", label: "Balance", type: "currency", currencyCode: "USD", position: "primary" },
      { key: "card_number", label: "Card number", type: "text", position: "secondary" },
      { key: "pin", label: "PIN", type: "text", position: "back" },
      { key: "phone", label: "Phone", type: "phone", position: "back", value: "+49 (30) 2312-5014" },
    ],
    barcode: { format: "code128", message: "{{card_number}}" },
    localizations: { de: { Balance: "Guthaben", "Card number": "Kartennummer" } },
  },
  values: { balance: 34.56, card_number: "4821 0091 7733", pin: "0417" },
};

const forced: Sample = {
  design: {
    style: "generic",
    description: "Student card",
    images: { icon: "img", logo: "img", thumbnail: "img" },
    google: {
      vertical: "loyalty",
      class: { enableSmartTap: true, redemptionIssuers: ["3388000000012345678"] },
      object: {
        smartTapRedemptionValue: "{{pass.id}}",
        rotatingBarcode: {
          type: "QR_CODE",
          valuePattern: "{{pass.id}}-{totp_value_0}",
          totpDetails: {
            algorithm: "TOTP_SHA1",
            periodMillis: "30000",
            parameters: [{ key: "3132333435363738393031323334353637383930", valueLength: 8 }],
          },
        },
      },
    },
    fields: [{ key: "stamps", label: "Stamps", type: "number", position: "primary", default: 2.5 }],
    barcode: { format: "qr", message: "{{pass.id}}" },
  },
};

const plain: Sample = { design: { style: "generic", description: "Library card", images: { icon: "img" } } };

/** By a name that tests and CI report. */
export const samples = new Map<string, Sample>([
  ...demos,
  ["gift card", giftCard],
  ["train", journey("train")],
  ["bus", journey("bus")],
  ["ferry", journey("boat")],
  ["other transit", journey("generic")],
  ["forced vertical", forced],
  ["next to nothing", plain],
]);
