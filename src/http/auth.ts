import { createMiddleware } from "hono/factory";
import { secretsMatch } from "../db/tokens";
import { actorName } from "../services/context";
import { authenticate } from "../services/credentials/authenticate";
import { reportUsage } from "../services/credentials/report-usage";
import { ServiceError } from "../services/errors";
import type { AppEnv } from "./env";

function bearer(header: string | undefined, what: string): string {
  const match = /^Bearer +(\S+)\s*$/i.exec(header ?? "");
  if (match) return match[1]!;
  throw new ServiceError("missing_token", `Send ${what} in the header: Authorization: Bearer …`);
}

/** Lets API keys in, and puts tenant, scopes and limits into the context. Whose key it is stands there for a refusal as well. */
export function authenticated() {
  return createMiddleware<AppEnv>(async function authenticatedMiddleware(c, next) {
    const token = bearer(c.req.header("authorization"), "your API key");
    const { ctx, scopes, limits, notices, refusal } = await authenticate(c.get("base"), token);
    c.set("tenant", ctx);
    c.set("scopes", scopes);
    c.set("caller", { tenantId: ctx.tenant.id, keyId: actorName(ctx.actor) });
    c.set("limits", limits && { ...limits, at: ctx.clock() });
    try {
      if (refusal) throw refusal;
      await next();
    } finally {
      if (notices.length > 0) c.executionCtx.waitUntil(reportUsage(ctx, notices));
    }
  });
}

/** Lets the operator in. */
export function adminOnly() {
  return createMiddleware<AppEnv>(async function adminMiddleware(c, next) {
    const token = bearer(c.req.header("authorization"), "the admin token");
    if (!c.env.ADMIN_TOKEN || !(await secretsMatch(token, c.env.ADMIN_TOKEN))) {
      throw new ServiceError("invalid_admin_token", "This is not the admin token of this deployment.");
    }
    await next();
  });
}
