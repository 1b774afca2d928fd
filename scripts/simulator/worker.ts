import type { GoogleSimulator } from "../../src/durable-objects/google-simulator.ts";

export { GoogleSimulator } from "../../src/durable-objects/google-simulator.ts";

interface Env {
  GOOGLE_SIMULATOR: DurableObjectNamespace<GoogleSimulator>;
  PUBLIC_URL: string;
}

export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    return pathname === "/" ? overview(env.PUBLIC_URL) : env.GOOGLE_SIMULATOR.getByName("google").fetch(request);
  },
} satisfies ExportedHandler<Env>;

function overview(publicUrl: string): Response {
  const base = `${publicUrl}/simulator/google`;
  return Response.json({
    name: "Google Wallet simulator",
    api: `${base}/walletobjects/v1/`,
    rootUrl: `${base}/`,
    serviceAccounts: `${base}/service-accounts`,
    token: `${base}/token`,
    batch: `${base}/batch`,
    save: `${base}/gp/v/save/{jwt}`,
    keys: `${base}/gp/m/issuer/keys`,
  });
}
