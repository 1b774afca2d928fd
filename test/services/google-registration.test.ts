import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { GoogleSimulator } from "../../src/durable-objects/google-simulator";
import { checkGoogleAccount } from "../../src/services/google/check-account";
import { newTenant } from "../support/api";
import { connectGoogle, contextOf, newIssuerId, serviceAccountFile } from "../support/google-account";

it("R041 a sandbox tells the simulator once more of an account that it does not know any more", async () => {
  const tenant = await newTenant();
  const client_email = `wallet@${crypto.randomUUID()}.iam.gserviceaccount.com`;
  const serviceAccount = serviceAccountFile("pkcs8.pem", { client_email });
  const { issuerId } = await connectGoogle(tenant, { issuerId: newIssuerId(), serviceAccount });
  const ctx = await contextOf(tenant);
  const findings = async () => {
    const { ok, findings: found } = await checkGoogleAccount(ctx);
    return ok ? [] : found.filter(({ severity }) => severity === "error").map(({ code }) => code);
  };
  expect(await findings()).toEqual([]);
  const simulator = env.GOOGLE_SIMULATOR!.getByName("google") as DurableObjectStub<GoogleSimulator>;
  await simulator.erase(issuerId);
  expect(await findings()).toHaveLength(1);
  expect(await findings()).toEqual([]);
});
