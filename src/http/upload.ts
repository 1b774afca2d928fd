import type { Context, MiddlewareHandler } from "hono";
import type * as z from "zod";
import { ServiceError } from "../services/errors";
import type { AppEnv } from "./env";
import { validate } from "./validate";

/**
 * A file that comes as the body itself, or in base64 inside JSON. The handler sees one shape, the output of
 * `schema`: `fromBytes` makes it of a body that is no JSON. What the file is, its bytes say, so the content
 * type is not looked at; `operation({ uploads })` names those that the document tells of.
 */
export function validateUpload<Schema extends z.ZodType>(
  schema: Schema,
  fromBytes: (bytes: Uint8Array, c: Context<AppEnv>) => z.output<Schema>,
) {
  const json = validate("json", schema);
  const middleware: MiddlewareHandler = async (c, next) => {
    const type = c.req.header("content-type") ?? "";
    if (/^application\/([a-z-.]+\+)?json\s*(;|$)/i.test(type)) return json(c as never, next);
    if (/^multipart\//i.test(type)) {
      const detail =
        "Send the file as the body itself (curl --data-binary @file), or in base64 inside JSON; not a form.";
      throw new ServiceError("unsupported_media_type", detail);
    }
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    if (bytes.length === 0) {
      const errors = [{ pointer: "#", code: "empty_body", detail: "expected a file as the body" }];
      throw new ServiceError("validation_error", "The body is empty.", { errors });
    }
    c.req.addValidatedData("json", fromBytes(bytes, c as Context<AppEnv>) as object);
    await next();
  };
  // Keeps what the document needs of the validator.
  return Object.assign(middleware, json as object) as unknown as typeof json;
}
