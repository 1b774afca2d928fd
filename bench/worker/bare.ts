import { Hono, type Handler, type MiddlewareHandler } from "hono";
import { createApp } from "../../src/app";
import type { AppEnv } from "../../src/http/env";
import { forTenant } from "../../src/services/context";
import { allScopes } from "../../src/services/scopes";
import { readTenant, type Tenant } from "../../src/services/tenants/read";

export * from "../../src/index";

/**
 * The real Worker without authentication, limits and Idempotency-Keys: the same routes and middleware, but those that stand for
 * them. Who asks is told by a header. Local only: `bench/trust.mjs` measures it beside the real one.
 */
const left = new Set(["limitHeadersMiddleware", "idempotentMiddleware"]);

const tenants = new Map<string, Tenant>();

/** What `authenticated()` leaves behind, of a tenant that the isolate knows. */
const preset: MiddlewareHandler<AppEnv> = async (c, next) => {
  const base = c.get("base");
  const id = c.req.header("x-bench-tenant") ?? "";
  const tenant = tenants.get(id) ?? (await readTenant(base, id));
  tenants.set(id, tenant);
  const keyId = "key_00000000000000000000000000";
  c.set("tenant", forTenant(base, tenant, { type: "key", id: keyId }));
  c.set("scopes", [...allScopes]);
  c.set("caller", { tenantId: id, keyId });
  await next();
};

const replaced = new Set<string>();
const app = new Hono<AppEnv>();
for (const { method, path, handler } of createApp().routes) {
  const isLeft = left.has(handler.name);
  const isKey = handler.name === "authenticatedMiddleware";
  if (isLeft || isKey) replaced.add(handler.name);
  if (!isLeft) app.on(method, path, (isKey ? preset : handler) as Handler<AppEnv>);
}
if (replaced.size !== left.size + 1) throw new Error(`not all of it was found: ${[...replaced].join(", ")}`);

export default app;
