import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { idempotent } from "../http/idempotency";
import { listResponse } from "../http/lists";
import { operation } from "../http/operation";
import { exampleId, listOf, pageQuery, pathId } from "../http/schemas";
import { validateUpload } from "../http/upload";
import { validate } from "../http/validate";
import { deleteImage } from "../services/images/delete";
import { listImages, readImage } from "../services/images/read";
import { uploadImage, type Upload } from "../services/images/upload";
import { acceptedImages, imageJson, imageSchema, uploadBody, uploadExample, uploadQuery } from "./image-library.schema";

const imageId = pathId("img", "image");

/** One shape for a file that is the body and for JSON that holds or names it. */
const upload = uploadBody.transform(({ data, url, personal }): { upload: Upload; personal: boolean } => ({
  upload: data === undefined ? { url: url! } : { data },
  personal,
}));

export const imageLibrary = new Hono<AppEnv>()
  .post(
    "/",
    operation({
      id: "uploadImage",
      tag: "Images",
      summary: "Upload an image",
      description: `Takes an image as the body itself, in base64 inside JSON, or from an https URL. The same picture twice is one image.\n\n${acceptedImages}`,
      access: "images:write",
      requestExample: uploadExample,
      uploads: ["image/png", "image/jpeg", "image/svg+xml"],
      responses: {
        200: { description: "The image was there before.", schema: imageSchema },
        201: { description: "The image.", schema: imageSchema },
      },
      errors: [
        "validation_error",
        "malformed_json",
        "unsupported_media_type",
        "body_too_large",
        "images_not_configured",
        "temporarily_unavailable",
      ],
    }),
    validate("query", uploadQuery),
    validateUpload(upload, (file) => ({ upload: { file }, personal: false })),
    idempotent(),
    async (c) => {
      const { upload: sent, personal } = c.req.valid("json");
      const options = { personal: personal || c.req.valid("query").personal === "true" };
      const { image, isNew } = await uploadImage(c.get("tenant"), sent, options);
      return c.json(imageJson(image), isNew ? 201 : 200);
    },
  )
  .get(
    "/",
    operation({
      id: "listImages",
      tag: "Images",
      summary: "List images",
      description: "Lists the images of the account in the order of their ids, which says nothing of their age.",
      access: "images:read",
      responses: { 200: { description: "One page.", schema: listOf(imageSchema, "ImageList", "/v2/images") } },
      errors: ["validation_error"],
    }),
    validate("query", z.strictObject(pageQuery(exampleId("img")))),
    async (c) => {
      const page = await listImages(c.get("tenant"), c.req.valid("query"));
      return c.json(listResponse(c, page, imageJson));
    },
  )
  .get(
    "/:id",
    operation({
      id: "getImage",
      tag: "Images",
      summary: "Read an image",
      description: "Answers what is known of an image, with the addresses of its pictures.",
      access: "images:read",
      responses: { 200: { description: "The image.", schema: imageSchema } },
      errors: ["not_found"],
    }),
    validate("param", imageId),
    async (c) => c.json(imageJson(await readImage(c.get("tenant"), c.req.valid("param").id))),
  )
  .delete(
    "/:id",
    operation({
      id: "deleteImage",
      tag: "Images",
      summary: "Delete an image",
      description:
        "Erases an image that nothing shows, with all that was made of it. Copies in browsers and in caches of others last: five minutes of a personal image, up to a year of another.",
      access: "images:write",
      responses: { 204: { description: "The image is gone." } },
      errors: ["not_found", "image_in_use"],
    }),
    validate("param", imageId),
    async (c) => {
      await deleteImage(c.get("tenant"), c.req.valid("param").id);
      return c.body(null, 204);
    },
  );
