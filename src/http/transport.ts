import { createMiddleware } from "hono/factory";
import { ServiceError } from "../services/errors";
import type { AppEnv } from "./env";

const apiPaths = /^\/(v2|admin|apple|readyz)(\/|$)/;

/**
 * In production, nothing is served over plain HTTP: pages and links redirect, the API refuses, for a key
 * must never travel in clear. Every answer over HTTPS carries HSTS (RFC 6797).
 */
export function httpsOnly() {
  return createMiddleware<AppEnv>(async function httpsOnlyMiddleware(c, next) {
    if ((c.env.ENVIRONMENT as string) !== "production") return next();
    const url = new URL(c.req.url);
    if (url.protocol === "http:") {
      const readable = c.req.method === "GET" || c.req.method === "HEAD";
      if (!readable || apiPaths.test(url.pathname)) {
        throw new ServiceError("https_required", "This API is served over HTTPS only.");
      }
      return c.redirect(`${new URL(c.env.PUBLIC_URL).origin}${url.pathname}${url.search}`, 308);
    }
    await next();
    c.header("strict-transport-security", "max-age=63072000; includeSubDomains");
  });
}

const pagePolicy =
  "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Nothing is cached, and no page loads or runs anything, unless its route says so. */
export function strictByDefault() {
  return createMiddleware<AppEnv>(async function strictMiddleware(c, next) {
    await next();
    const { headers } = c.res;
    if (!headers.has("cache-control")) c.header("cache-control", "no-store");
    const page = (headers.get("content-type") ?? "").startsWith("text/html");
    if (page && !headers.has("content-security-policy")) c.header("content-security-policy", pagePolicy);
  });
}
