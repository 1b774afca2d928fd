import type { BatchStatement } from "../../db/client";
import type { PassRow } from "../../db/data-schema";
import type { ImagesDesign } from "../../pass-model/image-design";
import type { Issue } from "../../pass-model/issue";
import type { PassOverrides } from "../../pass-model/overrides";
import type { ResolvedImages } from "../../pass-model/resolved-pass";
import type { ImageSlot } from "../../pass-model/vocabulary";
import type { TenantContext } from "../context";
import { imageIdsFor, imageSources, placeImages } from "../images/slots";
import { takeImages, type TakenImage } from "../images/take";
import { shownImages } from "../images/uses";
import { sameJson } from "../merge-patch";

/** Pictures of one pass alone, in place of its template's. */

const base = "#/overrides/images";

/** What was read or fetched for a request, by source: a second round of it asks nobody again. */
export type TakenSources = Map<string, TakenImage>;

export interface OwnImages {
  issues: Issue[];
  /** Stores what is new. Everything else of the pass must have been checked before, and `issues` be none. */
  place: () => Promise<PlacedOwnImages>;
  /** Whether `place` has anything to do. */
  changed: boolean;
}

export interface PlacedOwnImages {
  /** The overrides with ids in place of what was sent. */
  overrides: PassOverrides;
  /** Null for a pass without pictures of its own. */
  images: PassRow["images"];
  statements: BatchStatement[];
}

/** A slot that is as the pass has it already costs nothing. */
export async function takeOwnImages(
  ctx: TenantContext,
  overrides: PassOverrides,
  pass: Pick<PassRow, "overrides" | "images">,
  earlier: TakenSources = new Map(),
): Promise<OwnImages> {
  const wanted = overrides.images ?? {};
  const stored = (pass.overrides as PassOverrides).images ?? {};
  const facts = ownImagesOf(pass);
  const kept: ResolvedImages = {};
  const changed: ImagesDesign = {};
  for (const [slot, design] of Object.entries(wanted) as [ImageSlot, ImagesDesign[ImageSlot]][]) {
    if (facts[slot] && sameJson(design, stored[slot])) kept[slot] = facts[slot];
    else changed[slot] = design;
  }
  const sources = imageSources(changed, base);
  const unread = sources.filter(({ source }) => !earlier.has(source));
  const { found, issues } = unread.length > 0 ? await takeImages(ctx, unread, { personal: true }) : nothing;
  for (const { pointer, source } of unread) if (found.has(pointer)) earlier.set(source, found.get(pointer)!);
  const all = new Map(
    sources.flatMap(({ pointer, source }) => (earlier.has(source) ? [[pointer, earlier.get(source)!]] : [])),
  );
  const place = async (): Promise<PlacedOwnImages> => {
    const placed = await placeImages(ctx, changed, base, all);
    const images = { ...kept, ...placed.images };
    const ids = { ...wanted, ...imageIdsFor(changed, base, all) };
    return {
      overrides: overrides.images ? { ...overrides, images: ids } : overrides,
      images: Object.keys(images).length > 0 ? (images as PassRow["images"]) : null,
      statements: placed.statements,
    };
  };
  return { issues, place, changed: Object.keys(changed).length > 0 };
}

const nothing: Awaited<ReturnType<typeof takeImages>> = { found: new Map(), issues: [] };

export const ownImagesOf = ({ images }: Pick<PassRow, "images">): ResolvedImages => (images ?? {}) as ResolvedImages;

/** Images that `next` shows and `pass` did not, and the other way round. */
export function changedUses(
  pass: Pick<PassRow, "images">,
  next: Pick<PassRow, "images">,
): { added: string[]; removed: string[] } {
  const [before, after] = [pass, next].map((row) => shownImages(ownImagesOf(row))) as [string[], string[]];
  return {
    added: after.filter((id) => !before.includes(id)),
    removed: before.filter((id) => !after.includes(id)),
  };
}
