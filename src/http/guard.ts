import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { refuseBeyond, type GuardKeys } from "../services/guards";
import type { AppEnv } from "./env";

/** Refuses what is beyond the guards of a public route, before anything is read. `keysOf` says what of the request is counted. */
export function guarded(keysOf: (c: Context<AppEnv>) => GuardKeys) {
  return createMiddleware<AppEnv>(async function guardMiddleware(c, next) {
    await refuseBeyond(c.get("base"), keysOf(c));
    await next();
  });
}
