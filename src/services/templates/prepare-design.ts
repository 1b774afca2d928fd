import type { BatchStatement } from "../../db/client";
import { checkDesign } from "../../pass-model/check-design";
import type { CompiledDesign } from "../../pass-model/compile-design";
import type { TemplateDesign } from "../../pass-model/design";
import type { JsonObject, ResolvedImages, Warning } from "../../pass-model/resolved-pass";
import type { ImageDensity, ImageSlot } from "../../pass-model/vocabulary";
import { checkAppleKeys } from "../../pkpass/apple-keys";
import { imageFileName } from "../../pkpass/image-path";
import { imageSizeWarnings } from "../../pkpass/image-sizes";
import { passStrings } from "../../pkpass/strings";
import type { TenantContext } from "../context";
import { refuseIssues } from "../errors";
import { readImageSources, storeImages, type ImageSource, type StoredImage } from "../images/store";
import { designBytesMax, sizeIssues } from "../size";
import { specimenWarnings } from "./specimen";
import { storePack } from "./packs";

export interface PreparedDesign {
  /** With ids in place of image bytes. */
  design: TemplateDesign;
  images: ResolvedImages;
  packHash: string;
  warnings: Warning[];
  /** Rows of new images, for the batch that stores the version. */
  statements: BatchStatement[];
}

/**
 * Checks a design whole, stores its images, and prepares its pack. Throws `validation_error` with every
 * issue at once; nothing is stored then.
 */
export async function prepareDesign(ctx: TenantContext, design: TemplateDesign): Promise<PreparedDesign> {
  const checked = checkDesign(design);
  const apple = checkAppleKeys((design.apple ?? {}) as JsonObject, appleContext(design));
  const sources = imageSources(design);
  const { found, added, issues } = await readImageSources(ctx, sources);
  const large = sizeIssues({ ...design, images: null }, designBytesMax, "#");
  refuseIssues([...checked.issues, ...apple.issues, ...issues, ...large], "template");
  const withIds = { ...design, ...(design.images && { images: idsOf(sources, found) }) } as TemplateDesign;
  const images = imagesOf(sources, found);
  const statements = await storeImages(ctx, added);
  const packHash = await storePack(ctx, packFiles(withIds, sources, found));
  const compiled: CompiledDesign = { ...checked.compiled!, design: withIds };
  const warnings = [
    ...checked.warnings,
    ...apple.warnings,
    ...imageSizeWarnings(images),
    ...specimenWarnings(compiled, images, ctx.tenant),
  ];
  return { design: withIds, images, packHash, warnings, statements };
}

/** The same warnings for a version that is already stored. */
export function designWarnings(ctx: TenantContext, compiled: CompiledDesign, images: ResolvedImages): Warning[] {
  const { design } = compiled;
  return [
    ...checkDesign(design).warnings,
    ...checkAppleKeys((design.apple ?? {}) as JsonObject, appleContext(design)).warnings,
    ...imageSizeWarnings(images),
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

type Place = ImageSource & { slot: ImageSlot; density: ImageDensity };

function imageSources(design: TemplateDesign): Place[] {
  return Object.entries(design.images ?? {}).flatMap(([slot, densities]) =>
    Object.entries(densities ?? {}).flatMap(([density, source]) =>
      source === undefined
        ? []
        : [
            {
              slot: slot as ImageSlot,
              density: density as ImageDensity,
              source,
              pointer: `#/images/${slot}/${density}`,
            },
          ],
    ),
  );
}

function idsOf(places: Place[], found: Map<string, StoredImage>): Record<string, Record<string, string>> {
  const ids: Record<string, Record<string, string>> = {};
  for (const { slot, density, pointer } of places) (ids[slot] ??= {})[density] = found.get(pointer)!.id;
  return ids;
}

function imagesOf(places: Place[], found: Map<string, StoredImage>): ResolvedImages {
  const images: ResolvedImages = {};
  for (const { slot, density, pointer } of places) {
    const { id, width, height, sha256 } = found.get(pointer)!;
    (images[slot] ??= {})[density] = { id, width, height, sha256 };
  }
  return images;
}

function packFiles(
  design: TemplateDesign,
  places: Place[],
  found: Map<string, StoredImage>,
): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const { slot, density, pointer } of places) files[imageFileName(slot, density)] = found.get(pointer)!.bytes;
  // Wallet opens no pass without icon.png; one that came at other densities only stands in for it.
  const icons = places.filter(({ slot }) => slot === "icon").sort((a, b) => (a.density < b.density ? -1 : 1));
  if (icons[0]) files[imageFileName("icon", "1x")] ??= found.get(icons[0].pointer)!.bytes;
  for (const [language, table] of Object.entries(design.localizations ?? {})) {
    files[`${language}.lproj/pass.strings`] = passStrings(table);
  }
  return files;
}
