import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { adminToken, call, newTemplate, newTenant, storeCard } from "../support/api";

const production = {
  ...env,
  ENVIRONMENT: "production",
  PUBLIC_URL: "https://api.example.com",
} as unknown as Cloudflare.Env;

async function newLiveToken(): Promise<string> {
  const { body } = await call("POST", "/admin/tenants", { token: adminToken, body: { name: "Live" }, env: production });
  return body.apiKey.token;
}

describe("production", () => {
  it("R032 R040 gives keys that are told apart, and refuses those of the sandbox", async () => {
    const token = await newLiveToken();
    expect(token).toMatch(/^wp_live_/);
    const sandbox = await newTenant();
    expect(sandbox.token).toMatch(/^wp_test_/);
    const refused = await call("GET", "/v2/account", { token: sandbox.token, env: production });
    expect(refused).toMatchObject({ status: 401, body: { code: "key_environment_mismatch" } });
    const other = await call("GET", "/v2/account", { token });
    expect(other).toMatchObject({ status: 401, body: { code: "key_environment_mismatch" } });
  });

  it("R041 issues passes without an Apple certificate, and says what is missing", async () => {
    const token = await newLiveToken();
    const template = await call("POST", "/v2/templates", { token, body: storeCard(), env: production });
    expect(template.status).toBe(201);
    const pass = await call("POST", "/v2/passes", { token, body: { templateId: template.body.id }, env: production });
    expect(pass.status).toBe(201);
    expect(pass.body.links.apple).toBeNull();
    expect(pass.body.links.page).toMatch(/^https:\/\/api\.example\.com\/p\//);
    const codes = pass.body.warnings.map((warning: { code: string }) => warning.code);
    expect(codes).toContain("apple_not_configured");
    expect(codes).toContain("google_not_configured");
    expect(pass.body.links.google).toBeNull();
    const google = await call("GET", `${new URL(pass.body.links.page).pathname}/google`, { env: production });
    expect([google.status, google.headers.get("location")]).toEqual([302, pass.body.links.page]);
    const file = await call("GET", `/v2/passes/${pass.body.id}/pkpass`, { token, env: production });
    expect(file).toMatchObject({ status: 409, body: { code: "apple_not_configured" } });
    const page = await call("GET", new URL(pass.body.links.page).pathname, { env: production });
    expect(page.status).toBe(200);
  });

  it("R039 shows no showcase and no sandbox authority", async () => {
    expect((await call("GET", "/sandbox/authority.pem", { env: production })).status).toBe(404);
    const home = await call("GET", "/", { env: production });
    expect([home.status, home.headers.get("location")]).toEqual([302, "/docs"]);
  });
});

describe("the sandbox", () => {
  it("R039 signs under its own authority and says so in the certificate", async () => {
    const tenant = await newTenant();
    await newTemplate(tenant);
    const pem = await call("GET", "/sandbox/authority.pem");
    expect(pem.text).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
  });

  it("R043 holds several accounts of one business apart", async () => {
    const [first, second] = [await newTenant({ name: "Staging" }), await newTenant({ name: "Development" })];
    const templateId = await newTemplate(first);
    expect((await second.get(`/v2/templates/${templateId}`)).status).toBe(404);
  });

  it("R038 builds every lasting URL from PUBLIC_URL and never from the Host header", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const answer = await tenant.post("/v2/passes", { templateId }, { url: "https://evil.example/v2/passes" });
    expect(answer.body.links.page).toMatch(/^https:\/\/api\.example\.com\//);
  });
});
