import type { ResolvedImage, ResolvedPass } from "../../pass-model/resolved-pass";
import type { TenantContext } from "../context";
import { imagePath } from "../images/paths";
import { readPass, resolveFile, type PassFile } from "./read";

export interface PreviewInput {
  pass: ResolvedPass;
  language: string;
  now: number;
  imageUrl: (image: Pick<ResolvedImage, "id" | "variant">) => string;
}

/** What a page needs to draw a pass. The page itself projects it. */
export async function previewInput(ctx: TenantContext, id: string, language?: string): Promise<PreviewInput> {
  return previewOf(ctx, await readPass(ctx, id), language);
}

export function previewOf(ctx: TenantContext, file: PassFile, language?: string): PreviewInput {
  return {
    pass: resolveFile(ctx, file),
    language: language ?? ctx.tenant.locale,
    now: ctx.now,
    imageUrl: ({ id, variant }) => imagePath(ctx.tenant.code, id, variant),
  };
}
