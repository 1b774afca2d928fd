import type { ImageRow } from "../../db/data-schema";
import type { TenantContext } from "../context";
import { imagePath } from "./paths";

export interface ImageView {
  row: ImageRow;
  /** Address of the picture as PNG. */
  url: string;
  variants: { slot: string; density: string; width: number; height: number; url: string }[];
}

export function viewImage({ tenant, publicUrl }: TenantContext, row: ImageRow): ImageView {
  const urlOf = (variant: string | null) => `${publicUrl}${imagePath(tenant.code, row.id, variant)}`;
  const derived = Object.entries(row.variants).flatMap(([slot, densities]) =>
    Object.entries(densities).map(([density, { width, height }]) => ({
      slot,
      density,
      width,
      height,
      url: urlOf(`${slot}@${density}`),
    })),
  );
  const variants = derived.sort((a, b) => (a.url < b.url ? -1 : 1));
  return { row, url: urlOf(null), variants };
}
