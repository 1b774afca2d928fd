import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { operation } from "../http/operation";
import { exampleId } from "../http/schemas";
import { validate } from "../http/validate";
import { readImage } from "../services/images/read";

/** Pictures by their public paths. A path names its content, so it may be cached for ever. */
export const images = new Hono<AppEnv>().get(
  "/:code{[0-9A-HJKMNP-TV-Z]{8}}/:file{img_[0-9A-HJKMNP-TV-Z]{26}\\.png}",
  operation({
    id: "getImage",
    tag: "Templates",
    summary: "Fetch an image",
    description: "Answers a picture of a template. The path cannot be guessed and needs no key.",
    access: "public",
    responses: { 200: { description: "The picture.", mediaType: "image/png" } },
    errors: ["not_found"],
  }),
  validate(
    "param",
    z.object({
      code: z.string().meta({ description: "Code of the tenant.", examples: ["K7X2M9QA"] }),
      file: z.string().meta({ description: "Id of the image and `.png`.", examples: [`${exampleId("img")}.png`] }),
    }),
  ),
  async (c) => {
    const { code, file } = c.req.valid("param");
    const image = await readImage(c.get("base"), code, file.slice(0, -".png".length));
    return c.body(image.body, 200, {
      "content-type": "image/png",
      "cache-control": "public, max-age=31536000, immutable",
      etag: image.httpEtag,
    });
  },
);
