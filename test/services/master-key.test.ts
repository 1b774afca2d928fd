import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clearIsolateCaches } from "../../src/db/isolate-cache";
import { createVault, toBase64 } from "../../src/db/vault";
import { adminToken, call, newPass, newTemplate, newTenant } from "../support/api";

const otherKey = toBase64(new Uint8Array(32).fill(9));
const wrong = { ...env, MASTER_KEY: otherKey } as Cloudflare.Env;
const rotated = { ...env, MASTER_KEY: otherKey, MASTER_KEY_PREVIOUS: env.MASTER_KEY } as Cloudflare.Env;

beforeEach(() => clearIsolateCaches());
afterEach(() => clearIsolateCaches());

describe("another master key", () => {
  it("R227 stores the private keys of a tenant sealed only", async () => {
    const tenant = await newTenant();
    await newTemplate(tenant);
    const row = await env.DATA_DB.prepare("select private_key from apple_identities where tenant_id = ?")
      .bind(tenant.id)
      .first<{ private_key: string }>();
    const vault = createVault(env.MASTER_KEY);
    const opened = await vault.open(row!.private_key);
    expect(JSON.parse(row!.private_key)).toMatchObject({ kid: await vault.keyId() });
    expect(row!.private_key).not.toContain(toBase64(opened.slice(0, 30)));
    await expect(
      crypto.subtle.importKey("pkcs8", opened, { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, false, ["sign"]),
    ).resolves.toBeDefined();
  });

  it("R227 is told from a broken database, at the first use of a secret and by the status of the deployment", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    await call("GET", "/admin/status", { token: adminToken });
    clearIsolateCaches();
    const file = await tenant.get(`/v2/passes/${pass.id}/pkpass`, { env: wrong });
    expect(file.status).toBe(500);
    expect(file.body.code).toBe("master_key_mismatch");
    const status = await call("GET", "/admin/status", { token: adminToken, env: wrong });
    expect(status.status).toBe(500);
    expect(status.body.code).toBe("master_key_mismatch");
    expect(status.body.detail).toContain(await createVault(env.MASTER_KEY).keyId());
    expect((await tenant.get(`/v2/passes/${pass.id}`, { env: wrong })).status).toBe(200);
  });

  it("R227 with the previous one beside it opens what was sealed before", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    clearIsolateCaches();
    expect((await tenant.get(`/v2/passes/${pass.id}/pkpass`, { env: rotated })).status).toBe(200);
    expect((await call("GET", "/admin/status", { token: adminToken, env: rotated })).body).toMatchObject({
      masterKeyId: await createVault(otherKey).keyId(),
    });
    expect((await call("GET", new URL(pass.links.apple).pathname, { env: rotated })).status).toBe(200);
  });

  it("R227 does not make tenants sign in anew: key secrets are hashes", async () => {
    const tenant = await newTenant();
    clearIsolateCaches();
    expect((await tenant.get("/v2/account", { env: wrong })).status).toBe(200);
  });
});
