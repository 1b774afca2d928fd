import type { BaseContext, TenantContext } from "../services/context";
import type { DeviceContext } from "../services/devices/authorize";
import type { Scope } from "../services/scopes";

/** Hono's environment in every router. */
export interface AppEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    base: BaseContext;
    /** Set behind `authenticated()`, and where the path of a public route names the tenant. */
    tenant: TenantContext;
    scopes: Scope[];
    /** Set where a device proved that it holds a pass. */
    device: DeviceContext;
    /** Code of the problem that was answered, for the log. */
    errorCode: string;
  };
}
