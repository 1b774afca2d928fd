import type { BaseContext, TenantContext } from "../services/context";
import type { DeviceContext } from "../services/devices/authorize";
import type { Scope } from "../services/scopes";
import type { RequestLimits } from "./limit-headers";
import type { Trace } from "./trace";

/** Hono's environment in every router. */
export interface AppEnv {
  Bindings: Env;
  Variables: {
    /** Ours, `req_…`. */
    requestId: string;
    trace: Trace;
    base: BaseContext;
    /** Set behind `authenticated()`, and where the path of a public route names the tenant. */
    tenant: TenantContext;
    scopes: Scope[];
    /** Of the account behind the API key, as its limiter answered it; null if that is out of reach, without windows if it is of another version. */
    limits: RequestLimits | null;
    /** Whose API key the request has; set where it is refused for something else, too. */
    caller: { tenantId: string; keyId: string };
    /** Set where a device proved that it holds a pass. */
    device: DeviceContext;
    /** Set where a body was read whose length was not told. */
    bodyTooLarge?: boolean;
    /** Code of the problem that was answered, for the log. */
    errorCode: string;
  };
}
