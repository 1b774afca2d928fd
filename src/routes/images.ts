import { Hono, type Context } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { guarded } from "../http/guard";
import { holdsEtag, knownEtags } from "../http/etag";
import { operation } from "../http/operation";
import { exampleId } from "../http/schemas";
import { validate } from "../http/validate";
import { networkKey } from "../services/guards";
import { headPublicImage, readPublicImage, type PublicPlace } from "../services/images/read";

const code = z.string().meta({ description: "Code of the tenant.", examples: ["K7X2M9QA"] });

const cachedSentence =
  "The path names its content and cannot be guessed, so it needs no key and may be kept for ever, by browsers and by Cloudflare's cache, which forgets it when the image is deleted; a picture of one person for five minutes. `HEAD` answers the headers, `If-None-Match` with the `ETag` a 304.";

const fetchOperation = (id: string, summary: string, what: string) =>
  operation({
    id,
    tag: "Images",
    summary,
    description: `Answers ${what}. ${cachedSentence}`,
    access: "public",
    responses: {
      200: {
        description: "The picture.",
        mediaType: "image/png",
        headers: {
          ETag: { description: "Names this content.", schema: { type: "string" } },
          "Cache-Control": { description: "How long it may be kept.", schema: { type: "string" } },
        },
      },
      304: { description: "The caller has it already." },
    },
    errors: ["not_found", "rate_limited"],
  });

const guard = guarded((c) => ({ image: networkKey(c.get("base")) }));

/** Pictures by their public paths. */
export const images = new Hono<AppEnv>()
  .get(
    "/:code{[0-9A-HJKMNP-TV-Z]{8}}/:file{img_[0-9A-HJKMNP-TV-Z]{26}\\.png}",
    fetchOperation("getImageFile", "Fetch an image", "an image as PNG"),
    validate(
      "param",
      z.object({
        code,
        file: z.string().meta({ description: "Id of the image and `.png`.", examples: [`${exampleId("img")}.png`] }),
      }),
    ),
    guard,
    async (c) => {
      const { code: tenantCode, file } = c.req.valid("param");
      return sendImage(c, { code: tenantCode, id: withoutExtension(file) });
    },
  )
  .get(
    "/:code{[0-9A-HJKMNP-TV-Z]{8}}/:id{img_[0-9A-HJKMNP-TV-Z]{26}}/:file{[A-Za-z]{1,40}@[123]x\\.png}",
    fetchOperation(
      "getImageVariantFile",
      "Fetch a picture made for a slot",
      "what was made of an image for one slot of a pass, at one density",
    ),
    validate(
      "param",
      z.object({
        code,
        id: z.string().meta({ description: "Id of the image.", examples: [exampleId("img")] }),
        file: z.string().meta({ description: "Slot, `@`, density and `.png`.", examples: ["icon@2x.png"] }),
      }),
    ),
    guard,
    async (c) => {
      const { code: tenantCode, id, file } = c.req.valid("param");
      return sendImage(c, { code: tenantCode, id, variant: withoutExtension(file) });
    },
  );

const withoutExtension = (file: string): string => file.slice(0, -".png".length);

async function sendImage(c: Context<AppEnv>, place: PublicPlace): Promise<Response> {
  const base = c.get("base");
  const isHead = c.req.method === "HEAD";
  const object = await (isHead ? headPublicImage(base, place) : readPublicImage(base, place, knownEtags(c)));
  const { body = null } = object as Partial<R2ObjectBody>;
  const headers = cacheHeaders(object, place);
  // An object comes without its content if the caller has it.
  const isKnown = isHead ? holdsEtag(c, object.httpEtag) : body === null;
  if (isKnown) return c.body(null, 304, headers);
  const all = { ...headers, "content-type": "image/png", "content-length": String(object.size) };
  return body === null ? c.body(null, 200, all) : c.body(body, 200, all);
}

/**
 * How long it may be cached stands with the object; those of earlier versions lack it, and show no person. By its tag
 * it is purged when the image is deleted.
 */
const cacheHeaders = ({ httpEtag, httpMetadata }: R2Object, { id }: PublicPlace) => ({
  etag: httpEtag,
  "cache-control": httpMetadata?.cacheControl ?? "public, max-age=31536000, immutable",
  "cache-tag": id,
});
