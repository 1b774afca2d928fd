import { createMiddleware } from "hono/factory";
import type { Context } from "hono";
import { matchedRoutes } from "hono/route";
import type { LoggedRequest } from "../services/request-logs/list";
import { noteRequest } from "../services/request-logs/note";
import type { AppEnv } from "./env";

type Variables = Partial<AppEnv["Variables"]>;

/**
 * One structured line per request: ids, route, status, milliseconds. Never a path, a query, a token or a value. Of a request that
 * an API key made, its tenant can read the same (`GET /v2/request-logs`); that is noted after the answer.
 */
export function requestLog() {
  return createMiddleware<AppEnv>(async function requestLogMiddleware(c, next) {
    const startedAt = Date.now();
    await next();
    const { requestId, trace, base, tenant, caller, errorCode }: Variables = c.var;
    const request = {
      method: c.req.method,
      route: routeOf(c),
      status: c.res.status,
      durationMs: Date.now() - startedAt,
    };
    console.log({
      msg: "request",
      requestId,
      rayId: rayIdOf(c.req.header("cf-ray")),
      traceId: trace?.traceId,
      tenantId: caller?.tenantId ?? tenant?.tenant.id,
      ...request,
      outcome: request.status < 400 ? "ok" : request.status < 500 ? "refused" : "failed",
      errorCode,
    });
    if (!base || !caller) return;
    const noted: LoggedRequest = {
      ...request,
      requestId: c.get("requestId"),
      at: startedAt,
      keyId: caller.keyId,
      errorCode: errorCode ?? null,
      traceId: c.get("trace").traceId,
      replayed: c.res.headers.get("idempotent-replayed") === "true",
    };
    c.executionCtx.waitUntil(noteRequest(base, caller.tenantId, noted));
  });
}

/** Cloudflare writes it; whatever has another form is somebody else's text. */
const rayIdOf = (header: string | undefined): string | undefined =>
  /^[\da-f]{16}(-[A-Z]{3})?$/.test(header ?? "") ? header : undefined;

/** Template of the path; of one that leads nowhere, the part of the API that it lies in. */
const routeOf = (c: Context<AppEnv>): string => matchedRoutes(c).findLast(({ path }) => path !== "/*")?.path ?? "/*";
