import type { BatchStatement } from "../../db/client";
import { checkGoogleKeys, type GoogleKeys } from "../../google-wallet/check-google-keys";
import { checkDesign } from "../../pass-model/check-design";
import { missingPersonalizationLogo } from "../../pass-model/check-personalization";
import type { CompiledDesign } from "../../pass-model/compile-design";
import type { TemplateDesign } from "../../pass-model/design";
import type { Issue } from "../../pass-model/issue";
import type { JsonObject, ResolvedImages, Warning } from "../../pass-model/resolved-pass";
import { imageDensities, type ImageSlot } from "../../pass-model/vocabulary";
import { checkAppleKeys } from "../../pkpass/apple-keys";
import { slotFiles } from "../../pkpass/image-path";
import { imageSizeWarnings } from "../../pkpass/image-sizes";
import { passStrings } from "../../pkpass/strings";
import type { TenantContext } from "../context";
import { refuseIssues } from "../errors";
import { imageIdsFor, imageSources, placeImages, type PlacedImages } from "../images/slots";
import { takeImages } from "../images/take";
import { designBytesMax, sizeIssues } from "../size";
import { passTypeUnknown, readChosenIdentity } from "./identity";
import { specimenWarnings } from "./specimen";
import { storePack } from "./packs";

export interface PreparedDesign {
  /** With ids in place of image bytes. */
  design: TemplateDesign;
  images: ResolvedImages;
  packHash: string;
  warnings: Warning[];
  /** What was made of its images, for the batch that stores the version. */
  statements: BatchStatement[];
}

/**
 * Checks a design whole, stores its images, and prepares its pack. Throws `validation_error` with every
 * issue at once; nothing is stored then.
 */
export async function prepareDesign(ctx: TenantContext, design: TemplateDesign): Promise<PreparedDesign> {
  const checked = checkDesign(design);
  const apple = checkAppleKeys((design.apple ?? {}) as JsonObject, appleContext(design));
  const google = checkGoogleKeys((design.google ?? {}) as GoogleKeys, design);
  const sources = design.images ?? {};
  const [{ found, issues }, chosen] = await Promise.all([
    takeImages(ctx, imageSources(sources, "#/images")),
    readChosenIdentity(ctx, design),
  ]);
  const large = sizeIssues({ ...design, images: null }, designBytesMax, "#");
  refuseIssues(
    [...checked.issues, ...apple.issues, ...google.issues, ...issues, ...chosen.issues, ...large],
    "template",
  );
  const withIds = { ...design, ...(design.images && { images: imageIdsFor(sources, "#/images", found) }) };
  const { images, bytes, statements } = await placeImages(ctx, sources, "#/images", found);
  refuseIssues(personalizationLogoIssues(design, images), "template");
  const packHash = await storePack(ctx, packFiles(withIds, bytes));
  const compiled: CompiledDesign = { ...checked.compiled!, design: withIds };
  const warnings = [
    ...checked.warnings,
    ...apple.warnings,
    ...google.warnings,
    ...surroundingWarnings(ctx, compiled, images, chosen.known),
  ];
  return { design: withIds, images, packHash, statements, warnings };
}

/** The same warnings for a version that is already stored. `passTypeKnown` says whether the account has a certificate of the design's pass type. */
export function designWarnings(
  ctx: TenantContext,
  compiled: CompiledDesign,
  images: ResolvedImages,
  passTypeKnown: boolean,
): Warning[] {
  const { design } = compiled;
  return [
    ...checkDesign(design).warnings,
    ...checkAppleKeys((design.apple ?? {}) as JsonObject, appleContext(design)).warnings,
    ...checkGoogleKeys((design.google ?? {}) as GoogleKeys, design).warnings,
    ...surroundingWarnings(ctx, compiled, images, passTypeKnown),
  ];
}

/** Of what only the account and the pictures tell. */
function surroundingWarnings(
  ctx: TenantContext,
  compiled: CompiledDesign,
  images: ResolvedImages,
  passTypeKnown: boolean,
): Warning[] {
  const { passTypeIdentifier } = compiled.design;
  return [
    ...imageSizeWarnings(images),
    ...(passTypeIdentifier !== undefined && !passTypeKnown ? [passTypeUnknown(passTypeIdentifier)] : []),
    ...specimenWarnings(compiled, images, ctx.tenant),
  ];
}

function appleContext(design: TemplateDesign): Parameters<typeof checkAppleKeys>[1] {
  return {
    style: design.style,
    nfc: design.nfc !== undefined,
    nfcRequiresAuthentication: design.nfc?.requiresAuthentication ?? false,
    barcode: design.barcode !== undefined,
    semantics: (design.semantics ?? {}) as JsonObject,
    associatedStoreIdentifiers: (design.associatedStoreIdentifiers?.length ?? 0) > 0,
    images: Object.keys(design.images ?? {}) as ImageSlot[],
    // A position that does not go with the style is refused where the field stands.
    fieldPositions: (design.fields ?? [])
      .map((field) => field.position)
      .filter((position) => position !== "additionalInfo" && position !== "footer"),
    legacyStyle: true,
  };
}

/** Of one picture that is too small, some densities are missing. */
function personalizationLogoIssues({ personalization }: TemplateDesign, images: ResolvedImages): Issue[] {
  const logo = images.personalizationLogo;
  if (!personalization || !logo) return [];
  const missing = imageDensities.filter((density) => !logo[density]);
  return missing.length > 0 ? [missingPersonalizationLogo(missing)] : [];
}

function packFiles({ localizations = {} }: TemplateDesign, bytes: PlacedImages["bytes"]): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const [slot, pictures] of Object.entries(bytes) as [
    ImageSlot,
    NonNullable<PlacedImages["bytes"][ImageSlot]>,
  ][]) {
    // It is for enrolment alone, so each pass brings it for as long as it is asked for.
    if (slot !== "personalizationLogo") Object.assign(files, slotFiles(slot, pictures));
  }
  for (const [language, table] of Object.entries(localizations)) {
    files[`${language}.lproj/pass.strings`] = passStrings(table);
  }
  return files;
}
