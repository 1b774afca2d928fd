import { Hono, type MiddlewareHandler } from "hono";
import { Scalar } from "@scalar/hono-api-reference";
import type { AppEnv } from "../http/env";
import { problemTable } from "../http/problem-table";
import { openApiDocument } from "../http/openapi";
import { problemPage } from "../pages/problem-page";
import { ServiceError, errorCodes } from "../services/errors";

/** The docs of the API: the document, its viewer (served from here, loading nothing from other hosts), and a page per error code. */
export function docsRoutes(api: Hono<AppEnv>) {
  let document: Promise<string> | undefined;
  return new Hono<AppEnv>()
    .get("/v2/openapi.json", async (c) => {
      // The schemas are the same for the life of the isolate.
      document ??= openApiDocument(api).then((made) => JSON.stringify(made));
      return c.body(await document, 200, {
        "content-type": "application/json",
        "cache-control": "public, max-age=300",
      });
    })
    .get("/docs", async (c, next) => {
      c.header("content-security-policy", viewerPolicy);
      return viewer(c, next);
    })
    .get("/docs/scalar.js", async (c) => {
      const file = await c.env.ASSETS.fetch(new Request(new URL("/docs/scalar.js", c.req.url)));
      if (!file.ok) throw new ServiceError("not_found", "The viewer is missing; run npm run build:assets.");
      return c.body(file.body as ReadableStream, 200, {
        "content-type": "text/javascript; charset=utf-8",
        "cache-control": "public, max-age=86400",
      });
    })
    .get("/favicon.ico", (c) => {
      c.header("cache-control", "public, max-age=86400");
      return c.body(favicon, 200, { "content-type": "image/svg+xml" });
    })
    .get("/problems/:slug", (c) => {
      const code = errorCodes.find((candidate) => candidate === c.req.param("slug").replaceAll("-", "_"));
      if (!code) throw new ServiceError("not_found", "There is no such error code.");
      c.header("cache-control", "public, max-age=300");
      return c.html(problemPage({ code, ...problemTable[code] }));
    });
}

const favicon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="5" y="2" width="22" height="28" rx="4" fill="#1d5f4d"/><path d="M9 9h14M9 14h8" stroke="#fff" stroke-width="2.5"/><path d="M10 20h12v6H10z" fill="#fff"/></svg>';

const viewerPolicy = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
].join("; ");

const viewer = Scalar({
  url: "/v2/openapi.json",
  cdn: "/docs/scalar.js",
  pageTitle: "WePass API",
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: "never",
  mcp: { disabled: true },
  agent: { disabled: true },
  defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
}) as unknown as MiddlewareHandler<AppEnv>;
