import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import type { AppEnv } from "./env";

/** One structured line per request: ids, route, status, milliseconds. Never a path, a query, a token or a value. */
export function requestLog() {
  return createMiddleware<AppEnv>(async function requestLogMiddleware(c, next) {
    const startedAt = Date.now();
    await next();
    const tenant = c.get("tenant") as AppEnv["Variables"]["tenant"] | undefined;
    console.log({
      msg: "request",
      requestId: c.get("requestId"),
      rayId: c.req.header("cf-ray"),
      traceId: traceIdOf(c.req.header("traceparent")),
      tenantId: tenant?.tenant.id,
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      durationMs: Date.now() - startedAt,
      outcome: c.res.status < 400 ? "ok" : c.res.status < 500 ? "refused" : "failed",
      errorCode: c.get("errorCode"),
    });
  });
}

/** The trace that the caller is in (W3C Trace Context, §3.2.2). */
function traceIdOf(traceparent: string | undefined): string | undefined {
  return /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/.exec(traceparent ?? "")?.[1];
}
