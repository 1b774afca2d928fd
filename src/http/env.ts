import type { BaseContext, TenantContext } from "../services/context";
import type { Scope } from "../services/scopes";

/** Hono's environment in every router. */
export interface AppEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    base: BaseContext;
    /** Set behind `authenticated()`. */
    tenant: TenantContext;
    scopes: Scope[];
    /** Code of the problem that was answered, for the log. */
    errorCode: string;
  };
}
