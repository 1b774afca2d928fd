import { Hono } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import { secureHeaders } from "hono/secure-headers";
import { buildContext } from "./context";
import { adminOnly, authenticated } from "./http/auth";
import type { AppEnv } from "./http/env";
import { limitBody, readBody } from "./http/body-limit";
import { withLimitHeaders } from "./http/limit-headers";
import { logFault, problem, toServiceError } from "./http/problems";
import { requestLog } from "./http/request-log";
import { traced } from "./http/trace";
import { httpsOnly, strictByDefault } from "./http/transport";
import { account } from "./routes/account";
import { adminAuditLog } from "./routes/admin-audit-log";
import { adminDeployment } from "./routes/admin-deployment";
import { adminTenants } from "./routes/admin-tenants";
import { apiKeys } from "./routes/api-keys";
import { apple } from "./routes/apple";
import { appleCertificateRequests } from "./routes/apple-certificate-requests";
import { appleCertificates, appleSandboxCertificates } from "./routes/apple-certificates";
import { appleDoctor } from "./routes/apple-doctor";
import { appleLogs } from "./routes/apple-logs";
import { auditLog } from "./routes/audit-log";
import { docsRoutes } from "./routes/docs";
import { events } from "./routes/events";
import { googleAccount } from "./routes/google-account";
import { googleCallbacks } from "./routes/google-callbacks";
import { googleSignup } from "./routes/google-signup";
import { googleSimulator } from "./routes/google-simulator";
import { liveness, readiness } from "./routes/health";
import { home } from "./routes/home";
import { imageLibrary } from "./routes/image-library";
import { images } from "./routes/images";
import { links } from "./routes/links";
import { passFiles } from "./routes/pass-files";
import { passes } from "./routes/passes";
import { publicLinks } from "./routes/public-links";
import { requestLogs } from "./routes/request-logs";
import { templates } from "./routes/templates";
import { ServiceError } from "./services/errors";

/** Middleware in order, then each router at its path. */
export function createApp(): Hono<AppEnv> {
  const app = new Hono<AppEnv>();

  app.use(traced());
  app.use(requestLog());
  app.use(secureHeaders({ strictTransportSecurity: false, crossOriginResourcePolicy: "cross-origin" }));
  app.use(strictByDefault());
  app.use(methodNotAllowed({ app, onMethodNotAllowed: (c, allow) => problem(c, wrongMethod(allow)) }));
  app.use(httpsOnly());
  app.route("/", liveness);
  app.use(async function contextMiddleware(c, next) {
    const address = c.req.header("cf-connecting-ip") ?? null;
    const { cache } = c.executionCtx as ExecutionContext;
    c.set("base", buildContext(c.env, c.get("requestId"), Date.now(), { address, cache, trace: c.get("trace") }));
    await next();
  });
  app.route("/", docsRoutes(app));
  app.use(readBody());
  app.use("/v2/*", withLimitHeaders());
  app.use("/v2/*", authenticated());
  app.use(limitBody());

  app.route("/", home);
  app.route("/p", publicLinks);
  app.route("/apple/:code/v1", apple);
  app.route("/api/:tenantId/passes/google", googleCallbacks);
  app.route("/api/:tenantId/passes/google/signup", googleSignup);
  app.route("/images", images);
  app.route("/simulator/google", googleSimulator);

  app.route("/v2/account", account);
  app.route("/v2/api-keys", apiKeys);
  app.route("/v2/templates", templates);
  app.route("/v2/passes", passFiles);
  app.route("/v2/passes", passes);
  app.route("/v2/images", imageLibrary);
  app.route("/v2/links", links);
  app.route("/v2/events", events);
  app.route("/v2/audit-log", auditLog);
  app.route("/v2/request-logs", requestLogs);
  app.route("/v2/apple/doctor", appleDoctor);
  app.route("/v2/apple/certificate-requests", appleCertificateRequests);
  app.route("/v2/apple/certificates", appleCertificates);
  app.route("/v2/apple/sandbox-certificates", appleSandboxCertificates);
  app.route("/v2/apple/logs", appleLogs);
  app.route("/v2/google/account", googleAccount);

  app.route("/", readiness);
  app.use("/admin/*", adminOnly());
  app.route("/admin", adminDeployment);
  app.route("/admin/tenants", adminTenants);
  app.route("/admin/tenants", adminAuditLog);

  app.notFound((c) => problem(c, new ServiceError("not_found", "There is nothing at this path.")));
  app.onError((thrown, c) => {
    const error = toServiceError(thrown);
    logFault(c, error);
    return problem(c, error);
  });
  return app;
}

const wrongMethod = (allow: string[]) =>
  new ServiceError("method_not_allowed", `This path takes ${allow.join(", ")}.`, { extra: { allow } });
