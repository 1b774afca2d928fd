import type { ResolvedPass, Warning } from "../../pass-model/resolved-pass";
import type { ImageSlot } from "../../pass-model/vocabulary";
import { isWebLink } from "./class";
import type { Decision } from "./decide";
import { merchantLocationsMax } from "./object";
import { recommendedPixels, type Picture } from "./pictures";
import type { Source } from "./source";
import { isVenueIncomplete } from "./verticals/event-ticket";
import { isClockUnknown } from "./verticals/flight";

/** One thing of a pass that Google lacks, maps or leaves out. */
interface Loss {
  code: string;
  pointer: string;
  detail: string;
  happens: (source: Source, decision: Decision) => boolean;
}

const losses: readonly Loss[] = [
  {
    code: "google_color_dropped",
    pointer: "#/colors/foreground",
    detail: "Google chooses the colour of texts by the background",
    happens: ({ pass }) => pass.colors.foreground !== null,
  },
  {
    code: "google_color_dropped",
    pointer: "#/colors/label",
    detail: "Google chooses the colour of labels by the background",
    happens: ({ pass }) => pass.colors.label !== null,
  },
  {
    code: "google_logo_text_dropped",
    pointer: "#/logoText",
    detail: "Google's card has the organisation's name beside the logo and no other text",
    happens: ({ pass, facts }, { vertical }) =>
      !!pass.logoText &&
      pass.logoText !== pass.organizationName &&
      (!logoTextKinds.has(vertical) || (vertical === "eventTicket" && facts.text("eventName") !== null)),
  },
  {
    code: "google_card_number_made_up",
    pointer: "#/google/object/cardNumber",
    detail:
      "a gift card at Google has a number: the pass's externalId or serial number stands there, until a field with the key cardNumber says another",
    happens: ({ facts }, { vertical, through }) =>
      vertical === "giftCard" && facts.text("cardNumber") === null && !("cardNumber" in through.object),
  },
  {
    code: "google_radius_dropped",
    pointer: "#/locations",
    detail: "Google decides how near a place the pass comes up",
    happens: ({ pass }) => pass.locations.some(({ radius }) => radius !== null),
  },
  {
    code: "google_relevant_text_dropped",
    pointer: "#/locations",
    detail: "Google writes the text of a notification near a place itself",
    happens: ({ pass }) => pass.locations.some(({ relevantText }) => relevantText !== null),
  },
  {
    code: "google_locations_dropped",
    pointer: `#/locations/${merchantLocationsMax}`,
    detail: `Google takes ${merchantLocationsMax} places; the others are left out`,
    happens: ({ pass }) => pass.locations.length > merchantLocationsMax,
  },
  {
    code: "google_beacons_dropped",
    pointer: "#/beacons",
    detail: "Google knows no beacons",
    happens: ({ pass }) => pass.beacons.length > 0,
  },
  {
    code: "google_relevant_dates_dropped",
    pointer: "#/relevantDates",
    detail: "Google brings a pass up by the dates of its event or journey, not by dates of its own",
    happens: ({ pass }) => pass.relevantDates.length > (pass.style === "eventTicket" ? 1 : 0),
  },
  {
    code: "google_apps_dropped",
    pointer: "#/associatedStoreIdentifiers",
    detail: "apps of the App Store do not go with a pass at Google; google.class.appLinkData names an Android app",
    happens: ({ pass }) => pass.associatedStoreIdentifiers.length > 0,
  },
  {
    code: "google_app_link_dropped",
    pointer: "#/appLaunchUrl",
    detail: "Google makes a button of an https link only; google.class.appLinkData names an Android app",
    happens: ({ pass }, { through }) =>
      pass.appLaunchUrl !== null &&
      !isWebLink(pass.appLaunchUrl) &&
      !("appLinkData" in through.class) &&
      !("appLinkData" in through.object),
  },
  {
    code: "google_sharing_not_hidden",
    pointer: "#/sharingProhibited",
    detail:
      "Google has no share button to hide; google.class.multipleDevicesAndHoldersAllowedStatus says how many can save a pass",
    happens: ({ pass }, { through }) =>
      pass.sharingProhibited && !("multipleDevicesAndHoldersAllowedStatus" in through.class),
  },
  {
    code: "google_nfc_dropped",
    pointer: "#/nfc",
    detail:
      "at Google a terminal reads google.object.smartTapRedemptionValue, with enableSmartTap and redemptionIssuers in google.class",
    happens: ({ pass }, { through }) => pass.nfc !== null && !("smartTapRedemptionValue" in through.object),
  },
  {
    code: "google_personalization_dropped",
    pointer: "#/personalization",
    detail: "Google does not ask the holder for anything when the pass is saved",
    happens: ({ pass }) => pass.personalization !== null && !pass.personalization.done,
  },
  {
    code: "google_venue_incomplete",
    pointer: "#/semantics",
    detail: "Google takes a venue with its address only: a field with the key address, or semantics.venueRegionName",
    happens: (source, { vertical, through }) =>
      vertical === "eventTicket" && !("venue" in through.class) && isVenueIncomplete(source),
  },
  {
    code: "google_one_seat",
    pointer: "#/semantics/seats",
    detail: "Google has room for one seat here; the first is shown",
    happens: ({ facts }, { vertical }) => oneSeatKinds.has(vertical) && facts.seats().length > 1,
  },
  {
    code: "google_local_time_unknown",
    pointer: "#/semantics",
    detail:
      "Google wants flights in the time of the airport; without semantics.departureLocationTimeZone a time in UTC is shown as it is",
    happens: (source, { vertical }) => vertical === "flight" && isClockUnknown(source),
  },
];

const logoTextKinds: ReadonlySet<string> = new Set(["eventTicket", "generic", "offer"]);
const oneSeatKinds: ReadonlySet<string> = new Set(["eventTicket", "flight"]);

export function lossWarnings(source: Source, decision: Decision): Warning[] {
  return losses.flatMap(({ code, pointer, detail, happens }) =>
    happens(source, decision) ? [{ code, pointer, detail }] : [],
  );
}

/** `relative` fields, which Google cannot count down. */
export function relativeWarnings({ fields, layout }: ResolvedPass): Warning[] {
  const relative = fields.filter((field) => field.relative);
  if (relative.length === 0) return [];
  const pointer = `#/fields/${layout.findIndex(({ key }) => key === relative[0]!.key)}/relative`;
  const keys = relative.map(({ key }) => key).join(", ");
  const detail = `nothing counts down at Google: the date itself is shown in ${keys}`;
  return [{ code: "google_relative_date_fixed", pointer, detail }];
}

/** Pictures that Google's card has no room for, and those that it would show blurred. */
export function pictureWarnings(source: Source, { vertical }: Decision): Warning[] {
  const { pass, pictures, ownPictures } = source;
  const { logo, wideLogo, hero, photo } = pictures;
  const shown = new Set<ImageSlot>(["icon", "personalizationLogo"]);
  for (const picture of [logo, wideLogo, hero, photo]) if (picture) shown.add(picture.slot);
  const hidden = (Object.keys(pass.images) as ImageSlot[]).filter((slot) => pass.images[slot] && !shown.has(slot));
  const warnings = hidden.map((slot) =>
    imageNotShown(slot, `Google's card has no room for the ${slot} beside the others`),
  );
  if (vertical !== "generic" && ownPictures.logo) {
    const detail = "at Google the logo is the same for every pass of a template: the template's is shown";
    warnings.push(imageNotShown(ownPictures.logo.slot, detail));
  }
  const small = [smallWarning(logo, "logo"), smallWarning(hero, "hero")];
  return [...warnings, ...small.filter((warning) => warning !== null)];
}

const imageNotShown = (slot: ImageSlot, detail: string): Warning => ({
  code: "google_image_not_shown",
  pointer: `#/images/${slot}`,
  detail,
});

function smallWarning(picture: Picture | null, use: keyof typeof recommendedPixels): Warning | null {
  if (!picture) return null;
  const { width, height } = picture.image;
  const wanted = recommendedPixels[use];
  if (width >= wanted.width && height >= wanted.height) return null;
  const detail = `Google wants ${wanted.width}×${wanted.height} pixels for the ${use} image; the ${picture.slot} has ${width}×${height}`;
  return { code: "google_image_small", pointer: `#/images/${picture.slot}`, detail };
}
