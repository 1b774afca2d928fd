import type { ResolvedPass, Warning } from "../../pass-model/resolved-pass";
import type { GoogleVertical } from "../../pass-model/vocabulary";
import type { GoogleTypes } from "../fields/types";
import { barcodeOf } from "./barcode";
import { objectColors } from "./class";
import { startOfDay, zonedDateTime } from "./dates";
import { photoId } from "./layout";
import { modulesOf } from "./modules";
import { present, presentOrNull } from "./present";
import type { Source } from "./source";

type Members = Partial<GoogleTypes["EventTicketObject"]>;

/** Google refuses more (Google, merchantLocations). */
export const merchantLocationsMax = 10;

/** What objects of every kind have; a colour only where the kind has it in the object. */
export function objectMembers(
  source: Source,
  vertical: GoogleVertical,
  ownMembers: object,
): { members: Members; warnings: Warning[] } {
  const { pass, options, texts, pictures, ownPictures, image } = source;
  const { modules, uris } = modulesOf(pass.fields, texts);
  const { barcode, warnings } = barcodeOf(pass, texts, ownMembers);
  const photo = image(pictures.photo);
  const members: Members = present({
    id: `${options.issuerId}.${pass.id}`,
    state: stateOf(pass, options.now),
    hexBackgroundColor: objectColors.has(vertical) ? pass.colors.background : null,
    heroImage: image(ownPictures.hero),
    barcode,
    textModulesData: modules.length > 0 ? modules : null,
    linksModuleData: uris.length > 0 ? { uris } : null,
    imageModulesData: photo && [{ id: photoId, mainImage: photo }],
    validTimeInterval: validityOf(source),
    merchantLocations: placesOf(pass),
    groupingInfo: pass.groupingIdentifier ? { groupingId: pass.groupingIdentifier } : null,
  });
  return { members, warnings };
}

function stateOf({ voided, expiresAt }: ResolvedPass, now: number): NonNullable<Members["state"]> {
  if (voided) return "INACTIVE";
  return expiresAt !== null && Date.parse(expiresAt) <= now ? "EXPIRED" : "ACTIVE";
}

function validityOf({ pass, facts }: Source): GoogleTypes["TimeInterval"] | null {
  const end = pass.expiresAt;
  const field = facts.field("validFrom");
  const start =
    field?.type === "date" ? startOfDay(String(field.value), pass.timeZone) : facts.date("validFrom")?.instant;
  // An interval that ends before it starts would void the save.
  const isInOrder = start != null && (end === null || Date.parse(start) < Date.parse(end));
  return presentOrNull({
    start: isInOrder ? { date: zonedDateTime(start, null, pass.timeZone) } : null,
    end: end === null ? null : { date: zonedDateTime(end, null, pass.timeZone) },
  });
}

function placesOf({ locations }: ResolvedPass): GoogleTypes["MerchantLocation"][] | null {
  const places = locations.slice(0, merchantLocationsMax);
  return places.length > 0 ? places.map(({ latitude, longitude }) => ({ latitude, longitude })) : null;
}
