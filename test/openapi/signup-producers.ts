import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { adminToken, call, type TestTenant } from "../support/api";
import { encodeProfile, postSignup, prefillOf, site, zoe } from "../support/signup";
import { exampleRequest, newWorld, send, type Operation, type World } from "./operations";
import type { Producer } from "./producers";

/** How the error codes of the sign-up redirect are provoked. */

export async function addSite({ id }: TestTenant, settings: object = {}): Promise<void> {
  const body = { publicUri: site, ...settings };
  const { status, text } = await call("PATCH", `/admin/tenants/${id}`, { token: adminToken, body });
  expect(status, text).toBe(200);
}

/** A token of the tenant's in place of the one in the document. */
export async function addPrefill(world: World): Promise<void> {
  await addSite(world.tenant, { signupPrefill: "token" });
  const opened = await postSignup(world.tenant, { userProfile: encodeProfile(zoe) });
  world.files = { [exampleToken]: prefillOf(opened)! };
}

const exampleToken = "3vR8kQ0ZtLx5WcYb7NfHs2DgJm9PaEu4";

const onSite = async (operation: Operation) => {
  const world = await newWorld();
  await addSite(world.tenant);
  return exampleRequest(operation, world);
};

export const signupProducers: Record<string, Producer> = {
  "openGoogleSignup validation_error": async (operation) => {
    const request = await onSite(operation);
    return send({ ...request, path: `${request.path}?url=//other.example` });
  },
  "postGoogleSignup validation_error": async (operation) =>
    send({ ...(await onSite(operation)), body: "userProfile=W10%3D" }),
  "postGoogleSignup unsupported_media_type": async (operation) =>
    send(await onSite(operation), { headers: { "content-type": "application/json" } }),
  "redeemSignupPrefill master_key_mismatch": async (operation) => {
    const world = await newWorld();
    await addPrefill(world);
    const bindings = { ...env, MASTER_KEY: "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=" } as Cloudflare.Env;
    return send(exampleRequest(operation, world), { env: bindings });
  },
};
