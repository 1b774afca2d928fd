import { isConstraintFailure, valueIf, type BatchStatement } from "../../db/client";
import { templateVersions } from "../../db/data-schema";
import { actorName, type TenantContext } from "../context";
import { countUses, imagesExist, shownImages } from "../images/uses";
import type { PreparedDesign } from "./prepare-design";

/** The statements that store a version with its images. They fail (`imageIsGone`) if one of these was deleted since it was read. */
export function storeVersion(
  ctx: TenantContext,
  templateId: string,
  version: number,
  prepared: PreparedDesign,
): BatchStatement[] {
  const shown = shownImages(prepared.images);
  return [
    ...prepared.statements,
    ctx.data.insert(templateVersions).values({
      tenantId: ctx.tenant.id,
      templateId,
      version,
      design: JSON.stringify(prepared.design),
      images: valueIf(imagesExist(ctx.tenant.id, shown), JSON.stringify(prepared.images)),
      packHash: prepared.packHash,
      createdAt: ctx.now,
      createdBy: actorName(ctx.actor),
    }),
    ...countUses(ctx, "templateUses", shown, 1),
  ];
}

/** After this the design is prepared again: an image that came whole is stored again, one that came by its id is refused then. */
export const imageIsGone = (error: unknown): boolean =>
  isConstraintFailure(error, "NOT NULL", "template_versions.images");
