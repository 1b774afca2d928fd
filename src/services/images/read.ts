import { idPattern } from "../../db/ids";
import type { BaseContext } from "../context";
import { notFound } from "../errors";
import { imageKey } from "./paths";

const imageId = idPattern("img");
const tenantCodePattern = /^[0-9A-HJKMNP-TV-Z]{8}$/;

/** The bytes of an image, by its public path. No database is read: the path is the name of the object. */
export async function readImage(ctx: BaseContext, tenantCode: string, id: string): Promise<R2ObjectBody> {
  const known = imageId.test(id) && tenantCodePattern.test(tenantCode);
  const object = known ? await ctx.files.get(imageKey(tenantCode, id)) : null;
  if (!object) throw notFound("image");
  return object;
}

export { imagePath } from "./paths";
