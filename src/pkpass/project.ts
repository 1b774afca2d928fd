import { overflowWarnings } from "../pass-model/front-limits";
import type { JsonObject, ResolvedBarcode, ResolvedPass, Warning } from "../pass-model/resolved-pass";
import type { ImageSlot, PassStyle } from "../pass-model/vocabulary";
import { normalizeAppleKeys, normalizeSemantics } from "./apple-key-normalize";
import { appleBarcodes, appleFieldGroups, appleTransitTypes } from "./apple-names";
import { appleColor } from "./color";
import { appleDate } from "./dates";
import { projectField } from "./project-field";

/** What a pass is on Apple's side: never changes once it was issued. */
export interface AppleIdentity {
  passTypeIdentifier: string;
  teamIdentifier: string;
  /** Without `/v1`, which the device adds. */
  webServiceUrl: string;
  authenticationToken: string;
}

/** Turns a resolved pass into the content of pass.json, with a warning for all that Apple drops or maps. */
export function projectPassJson(
  pass: ResolvedPass,
  identity: AppleIdentity,
): { output: JsonObject; warnings: Warning[] } {
  const warnings: Warning[] = [...overflowWarnings(pass), ...imageWarnings(pass)];
  const output: JsonObject = {
    formatVersion: 1,
    passTypeIdentifier: identity.passTypeIdentifier,
    serialNumber: pass.serialNumber,
    teamIdentifier: identity.teamIdentifier,
    organizationName: pass.organizationName,
    description: pass.description,
    webServiceURL: identity.webServiceUrl,
    authenticationToken: identity.authenticationToken,
  };
  if (pass.logoText !== null) output.logoText = pass.logoText;
  setColors(output, pass);
  if (pass.expiresAt !== null) output.expirationDate = appleDate(pass.expiresAt);
  if (pass.voided) output.voided = true;
  setBarcodes(output, pass.barcode, warnings);
  setRelevance(output, pass, warnings);
  if (pass.groupingIdentifier !== null) output.groupingIdentifier = pass.groupingIdentifier;
  if (pass.sharingProhibited) output.sharingProhibited = true;
  if (pass.associatedStoreIdentifiers.length > 0) output.associatedStoreIdentifiers = pass.associatedStoreIdentifiers;
  if (pass.appLaunchUrl !== null) output.appLaunchURL = pass.appLaunchUrl;
  if (pass.userInfo !== null) output.userInfo = pass.userInfo;
  if (pass.nfc) output.nfc = { ...pass.nfc };
  if (Object.keys(pass.semantics).length > 0) output.semantics = normalizeSemantics(pass.semantics);
  Object.assign(output, normalizeAppleKeys(pass.apple));
  setFields(output, pass);
  return { output, warnings };
}

function setColors(output: JsonObject, { colors }: ResolvedPass): void {
  if (colors.background !== null) output.backgroundColor = appleColor(colors.background);
  if (colors.foreground !== null) output.foregroundColor = appleColor(colors.foreground);
  if (colors.label !== null) output.labelColor = appleColor(colors.label);
}

function setFields(output: JsonObject, pass: ResolvedPass): void {
  const style: JsonObject = {};
  if (pass.transitType !== null) style.transitType = appleTransitTypes[pass.transitType];
  const footer: JsonObject[] = [];
  for (const field of pass.fields) {
    const projected = projectField(field);
    if (field.position === "footer") footer.push(projected);
    else ((style[appleFieldGroups[field.position]] ??= []) as JsonObject[]).push(projected);
  }
  output[pass.style] = style;
  if (footer.length > 0) {
    output.posterGeneric = { ...(output.posterGeneric as JsonObject | undefined), footerFields: footer };
  }
}

/**
 * The system shows the first entry that it can draw, so a format of iOS 27 goes first and Code 128, which
 * says the same, after it. `barcode` is for iOS 8 (Apple, Pass.barcode).
 */
function setBarcodes(output: JsonObject, barcode: ResolvedBarcode | null, warnings: Warning[]): void {
  if (!barcode) return;
  const apple = appleBarcodes[barcode.format];
  if (!apple) {
    const detail = `Wallet has no ${barcode.format} barcode; the pass is made without one`;
    warnings.push({ code: "barcode_unsupported", pointer: "#/barcode/format", detail });
    return;
  }
  const message = barcode.format === "upcA" ? `0${barcode.message}` : barcode.message;
  const entry: JsonObject = { format: apple.format, message, messageEncoding: barcode.encoding };
  if (barcode.altText !== null) entry.altText = barcode.altText;
  if (apple.era === "recent") {
    output.barcodes = [entry, { ...entry, format: "PKBarcodeFormatCode128", message: barcode.message }];
    const detail = `Wallet draws ${barcode.format} from iOS 27 on; older systems show the message as Code 128`;
    warnings.push({ code: "barcode_fallback", pointer: "#/barcode/format", detail });
    return;
  }
  output.barcodes = [entry];
  if (barcode.format !== "code128") output.barcode = entry;
}

function setRelevance(output: JsonObject, pass: ResolvedPass, warnings: Warning[]): void {
  if (pass.locations.length > 0) {
    output.locations = pass.locations.map(({ latitude, longitude, altitude, relevantText }) => ({
      latitude,
      longitude,
      ...(altitude !== null && { altitude }),
      ...(relevantText !== null && { relevantText }),
    }));
    const radii = pass.locations.flatMap(({ radius }) => (radius === null ? [] : [radius]));
    if (radii.length > 0) {
      output.maxDistance = Math.max(...radii);
      const detail = `Apple has one distance per pass: ${output.maxDistance} m is used for all places, or Wallet's own if that is smaller`;
      warnings.push({ code: "radius_pass_wide", pointer: "#/locations", detail });
    }
  }
  if (pass.beacons.length > 0) {
    output.beacons = pass.beacons.map(({ proximityUuid, major, minor, relevantText }) => ({
      proximityUUID: proximityUuid,
      ...(major !== null && { major }),
      ...(minor !== null && { minor }),
      ...(relevantText !== null && { relevantText }),
    }));
  }
  if (pass.relevantDates.length > 0) {
    // iOS 18 reads `relevantDate` inside an entry, iOS 26 `date`; older systems the top-level member.
    output.relevantDates = pass.relevantDates.map((entry) => {
      if (!("date" in entry)) return { startDate: appleDate(entry.startDate), endDate: appleDate(entry.endDate) };
      const date = appleDate(entry.date);
      return { date, relevantDate: date };
    });
    const first = pass.relevantDates[0]!;
    output.relevantDate = appleDate("date" in first ? first.date : first.startDate);
  }
}

/** Which pictures each classic style shows (Apple, "Pass Design and Creation", images). */
export const styleImages: Record<PassStyle, ImageSlot[]> = {
  boardingPass: ["icon", "logo", "footer"],
  coupon: ["icon", "logo", "strip"],
  eventTicket: ["icon", "logo", "strip", "background", "thumbnail"],
  generic: ["icon", "logo", "thumbnail"],
  storeCard: ["icon", "logo", "strip"],
};

/** Pictures of the poster layouts, shown only where `apple` asks for one. */
export const posterImages: ImageSlot[] = ["artwork", "primaryLogo", "secondaryLogo", "venueMap", "background"];

function imageWarnings({ style, images, apple, personalization }: ResolvedPass): Warning[] {
  const poster = apple.preferredStyleSchemes !== undefined || apple.posterGeneric !== undefined;
  const warnings: Warning[] = [];
  for (const slot of Object.keys(images) as ImageSlot[]) {
    if (styleImages[style].includes(slot) || (poster && posterImages.includes(slot))) continue;
    if (slot === "personalizationLogo" && personalization) continue;
    const detail = `Wallet shows no ${slot} image on a ${style}`;
    warnings.push({ code: "image_not_shown", pointer: `#/images/${slot}`, detail });
  }
  if (style === "eventTicket" && images.strip && images.background && !poster) {
    const detail = "an event ticket shows a strip or a background; with a strip Wallet drops background and thumbnail";
    warnings.push({ code: "image_not_shown", pointer: "#/images/background", detail });
  }
  return warnings;
}
