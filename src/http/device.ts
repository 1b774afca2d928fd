import type { Context, MiddlewareHandler } from "hono";
import { uniqueSymbol } from "hono-openapi";
import type * as z from "zod";
import type { Seen } from "../services/devices/fetch-pass";
import type { AppEnv } from "./env";
import { validate } from "./validate";

/** What requests of devices (PassKit web service) have in common. */

/** The token of `Authorization: ApplePass …`; null under any other scheme. Schemes have no case (RFC 9110 §11.1). */
export function applePassToken(c: Context<AppEnv>): string | null {
  return /^ApplePass +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? null;
}

export const revisionTag = (revision: number): string => `W/"${revision}"`;

/** RFC 9110 §13.2.2: If-None-Match alone decides if it is there. A date that is none, or still to come, is ignored. */
export function seenBefore(c: Context<AppEnv>): Seen {
  const tags = c.req.header("if-none-match")?.trim();
  if (tags === "*") return { by: "anyRevision" };
  if (tags !== undefined) {
    // Weakly compared, so W/ is passed over. No device sends more than a few.
    const revisions = [...tags.matchAll(/"(\d{1,15})"/g)].slice(0, 10).map(([, revision]) => Number(revision));
    return { by: "revisions", revisions };
  }
  const since = c.req.header("if-modified-since")?.trim() ?? "";
  const milliseconds = httpDate.test(since) ? Date.parse(since) : Number.NaN;
  return milliseconds <= c.get("base").now
    ? { by: "second", epochSeconds: Math.floor(milliseconds / 1000) }
    : { by: "nothing" };
}

/** IMF-fixdate, the one form that may be sent (RFC 9110 §5.6.7). */
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** As `validate("json", …)`, whatever type the body is said to have. */
export function validateDeviceBody<Schema extends z.ZodType>(schema: Schema) {
  const json = validate("json", schema);
  const middleware: MiddlewareHandler = async (c, next) => {
    const headers = new Headers(c.req.raw.headers);
    headers.set("content-type", "application/json");
    c.req.raw = new Request(c.req.raw, { headers });
    return json(c as never, next);
  };
  // Keeps what the document needs of the validator.
  return Object.assign(middleware, json as object) as unknown as typeof json;
}

/** Tells the document of a part of the request that is taken whatever it is. */
export function describe(target: "json" | "query", schema: z.ZodType): MiddlewareHandler {
  const described = validate(target, schema) as unknown as { [uniqueSymbol]: object };
  const middleware: MiddlewareHandler = (_, next) => next();
  return Object.assign(middleware, { [uniqueSymbol]: described[uniqueSymbol] });
}
