import { createMiddleware } from "hono/factory";
import { secretsMatch } from "../db/tokens";
import { authenticate } from "../services/credentials/authenticate";
import { ServiceError } from "../services/errors";
import type { AppEnv } from "./env";

function bearer(header: string | undefined, what: string): string {
  const match = /^Bearer +(\S+)\s*$/i.exec(header ?? "");
  if (match) return match[1]!;
  throw new ServiceError("missing_token", `Send ${what} in the header: Authorization: Bearer …`);
}

/** Lets API keys in, and puts tenant and scopes into the context. */
export function authenticated() {
  return createMiddleware<AppEnv>(async function authenticatedMiddleware(c, next) {
    const token = bearer(c.req.header("authorization"), "your API key");
    const { ctx, scopes } = await authenticate(c.get("base"), token, c.req.header("cf-connecting-ip") ?? null);
    c.set("tenant", ctx);
    c.set("scopes", scopes);
    await next();
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
