import type { ResolvedImage, ResolvedPass, ResolvedSlot } from "../../pass-model/resolved-pass";
import { imageDensities, type ImageDensity, type ImageSlot } from "../../pass-model/vocabulary";
import { imageFileName, slotFiles } from "../../pkpass/image-path";
import { asksHolder, personalizationFile, personalizationFileName } from "../../pkpass/personalization";
import type { BaseContext, TenantContext } from "../context";
import { imageKey, variantKey } from "../images/paths";
import { ownImagesOf } from "./own-images";
import type { PassFile } from "./read";

/** What a pass has beside or in place of its template's pack. */
export interface OwnFiles {
  /** Paths of the template's pictures that give way. */
  replaced: Set<string>;
  files: Record<string, Uint8Array>;
}

type FilesContext = Pick<BaseContext, "files"> & Pick<TenantContext, "tenant">;

/** Null for the pass that has nothing of its own, as most have. */
export async function loadOwnFiles(
  ctx: FilesContext,
  { pass, version }: Pick<PassFile, "pass" | "version">,
  resolved: ResolvedPass,
): Promise<OwnFiles | null> {
  const asked = asksHolder(resolved) ? resolved.personalization : null;
  if (pass.images === null && !asked) return null;
  const { personalizationLogo: ownLogo, ...own } = ownImagesOf(pass);
  const found: OwnFiles = { replaced: new Set(), files: {} };
  const [slots, logo] = await Promise.all([
    Promise.all((Object.entries(own) as [ImageSlot, ResolvedSlot][]).map((slot) => loadSlot(ctx, ...slot))),
    asked ? loadFirst(ctx, "personalizationLogo", [ownLogo, version.images.personalizationLogo]) : null,
  ]);
  for (const [index, slot] of (Object.keys(own) as ImageSlot[]).entries()) {
    // A picture that was erased leaves the slot to the template.
    const files = slots[index];
    if (!files) continue;
    for (const density of imageDensities) found.replaced.add(imageFileName(slot, density));
    Object.assign(found.files, files);
  }
  if (asked) Object.assign(found.files, { [personalizationFileName]: personalizationFile(asked) }, logo);
  return found;
}

async function loadFirst(ctx: FilesContext, slot: ImageSlot, candidates: (ResolvedSlot | undefined)[]) {
  for (const candidate of candidates) {
    const files = candidate && (await loadSlot(ctx, slot, candidate));
    if (files) return files;
  }
  return null;
}

/** All pictures of a slot as files, or null if one of them is gone. */
async function loadSlot(
  ctx: FilesContext,
  slot: ImageSlot,
  pictures: ResolvedSlot,
): Promise<Record<string, Uint8Array> | null> {
  const given = imageDensities.filter((density) => pictures[density]);
  const loaded = await Promise.all(given.map((density) => loadPicture(ctx, pictures[density]!)));
  const bytes: Partial<Record<ImageDensity, Uint8Array>> = {};
  for (const [index, density] of given.entries()) {
    const picture = loaded[index];
    if (!picture) return null;
    bytes[density] = picture;
  }
  return slotFiles(slot, bytes);
}

async function loadPicture(
  { files, tenant }: FilesContext,
  { id, variant }: ResolvedImage,
): Promise<Uint8Array | null> {
  const key = variant === undefined ? imageKey(tenant.code, id) : variantKey(tenant.code, id, variant);
  const object = await files.get(key);
  return object && new Uint8Array(await object.arrayBuffer());
}
