import { env } from "cloudflare:workers";
import { strToU8, unzipSync, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { newTenant, newPass, newTemplate, call, type TestTenant } from "../support/api";
import { fileBytes } from "../support/apple-files";
import { encryptedKey, pkcs12OfKeys, slowEncryption, slowMac } from "../support/hostile-keys";
import { clearIsolateCaches } from "../../src/db/isolate-cache";
import { makePass } from "../pkpass/doctor/passes";
// @ts-expect-error: plain JavaScript, as the demo is seeded by it.
import { demoTemplates } from "../../scripts/seed/templates.mjs";

const path = "/v2/apple/doctor";
const octets = { headers: { "content-type": "application/octet-stream" } };

const codes = ({ body }: { body: any }): string[] => body.findings.map(({ code }: { code: string }) => code);
const base64 = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

async function downloaded(tenant: TestTenant, passId: string): Promise<Uint8Array> {
  const { status, bytes } = await tenant.get(`/v2/passes/${passId}/pkpass`);
  expect(status).toBe(200);
  return bytes;
}

describe("POST /v2/apple/doctor", () => {
  it("R222 finds nothing in our own passes, one of each business of the demo, alone and in one bundle", async () => {
    const tenant = await newTenant();
    const ids: string[] = [];
    for (const { template, pass } of demoTemplates() as { template: any; pass: any }[]) {
      const made = await tenant.post("/v2/templates", template);
      expect(made.status, made.text).toBe(201);
      const issued = await tenant.post("/v2/passes", { ...pass, templateId: made.body.id });
      expect(issued.status, issued.text).toBe(201);
      ids.push(issued.body.id);
      const { status, body } = await tenant.post(path, await downloaded(tenant, issued.body.id), octets);
      expect(status).toBe(200);
      expect(body.findings, template.name).toEqual([]);
      expect(body).toMatchObject({
        object: "examination",
        kind: "pkpass",
        ok: true,
        facts: { serialNumber: issued.body.id, style: template.style, organizationName: template.organizationName },
      });
    }
    expect(ids).toHaveLength(5);
    const bundle = await tenant.post("/v2/passes/pkpasses", { passIds: ids });
    const { body } = await tenant.post(path, bundle.bytes, octets);
    expect(body).toMatchObject({ kind: "pkpasses", ok: true, findings: [], facts: { passes: 5 } });
  });

  it("R222 takes the same pass as bytes and as base64 in JSON", async () => {
    const tenant = await newTenant();
    const { id } = await newPass(tenant);
    const bytes = await downloaded(tenant, id);
    const raw = await tenant.post(path, bytes, octets);
    const inJson = await tenant.post(path, { file: base64(bytes) });
    expect(raw.status).toBe(200);
    expect(inJson.body).toEqual(raw.body);
    // A picture of one pixel, which is enough for other tests.
    expect(codes(raw).toSorted()).toEqual(["icon_2x_missing", "image_density_missing", "image_size_odd"]);
    expect(raw.body.ok).toBe(true);
  });

  it("R222 says what a voided pass is", async () => {
    const tenant = await newTenant();
    const { id } = await newPass(tenant);
    await tenant.delete(`/v2/passes/${id}`);
    expect(codes(await tenant.post(path, await downloaded(tenant, id), octets))).toContain("pass_voided");
  });

  it("R222 names what was spoiled in one of our passes, and is not ok then", async () => {
    const tenant = await newTenant();
    const { id } = await newPass(tenant);
    const files = unzipSync(await downloaded(tenant, id));
    const answer = await tenant.post(path, zipSync({ ...files, "icon.png": strToU8("<svg/>") }), octets);
    expect(answer.body.ok).toBe(false);
    expect(codes(answer)).toContain("manifest_mismatch");
  });

  it("R222 tells a pass of another sandbox by one error, and hides what only a sandbox does", async () => {
    const tenant = await newTenant();
    const { material, sandboxAuthority } = await import("../pkpass/doctor/certificates");
    const bytes = await makePass({
      material: await material(
        { notBefore: Date.now() - 86_400_000, notAfter: Date.now() + 99 * 86_400_000 },
        sandboxAuthority,
      ),
      json: (pass) => {
        pass.webServiceURL = "http://127.0.0.1:8787/apple/K7X2M9QA";
        delete pass.expirationDate;
      },
      sign: async (by, manifest) => {
        const { buildSignedData } = await import("../../src/pkpass/sign");
        return buildSignedData(by, manifest, new Date());
      },
    });
    const answer = await tenant.post(path, bytes, octets);
    expect(codes(answer)).toEqual(["issuer_sandbox"]);
    expect(answer.body.ok).toBe(false);
  });

  it("R222 holds the type of the body, or the one that is named, against the file", async () => {
    const tenant = await newTenant();
    const { id } = await newPass(tenant);
    const bytes = await downloaded(tenant, id);
    const as = (type: string) => tenant.post(path, bytes, { headers: { "content-type": type } });
    expect(codes(await as("application/vnd.apple.pkpasses"))).toContain("media_type_bundle_for_pass");
    expect(codes(await as("application/vnd.apple.pkpass"))).not.toContain("media_type_bundle_for_pass");
    const named = await tenant.post(path, { file: base64(bytes), mediaType: "application/zip" });
    expect(codes(named)).toContain("media_type_wrong");
  });

  it("R222 opens a .p12 with its password, and repeats neither that nor the key", async () => {
    const tenant = await newTenant();
    const file = base64(fileBytes("modern.p12"));
    const answer = await tenant.post(path, { file, password: "geheim" });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ kind: "pkcs12", facts: { passTypeIdentifier: "pass.com.example.fern" } });
    expect(answer.text).not.toContain("geheim");
    expect(codes(await tenant.post(path, { file }))).toEqual(["pkcs12_password_missing"]);
    expect(codes(await tenant.post(path, { file: base64(fileBytes("legacy.p12")) }))).toEqual(["legacy_pkcs12"]);
  });

  it("R222 trusts Apple's intermediate alone in production", async () => {
    const production = { ...env, ENVIRONMENT: "production" } as unknown as Cloudflare.Env;
    const created = await call("POST", "/admin/tenants", {
      token: "wpa_test_admin_token",
      body: { name: "Live" },
      env: production,
    });
    const sandbox = await newTenant();
    const bytes = await downloaded(sandbox, (await newPass(sandbox, { templateId: await newTemplate(sandbox) })).id);
    const answer = await call("POST", path, {
      token: created.body.apiKey.token,
      body: bytes,
      ...octets,
      env: production,
    });
    expect(codes(answer)).toContain("issuer_sandbox");
  });

  it("R222 refuses what is no base64, an empty body, a form and a body without end", async () => {
    const tenant = await newTenant();
    const refused = async (body: unknown, type = "application/json") => {
      const answer = await tenant.post(path, body, { headers: { "content-type": type } });
      return [answer.status, answer.body.code, answer.body.errors?.[0]?.pointer];
    };
    expect(await refused({ file: "not base64!" })).toEqual([400, "validation_error", "#/file"]);
    expect(await refused({ file: "" })).toEqual([400, "validation_error", "#/file"]);
    expect(await refused({ file: "AAAA", extra: 1 })).toEqual([400, "validation_error", "#/extra"]);
    expect(await refused(new Uint8Array(), "application/octet-stream")).toEqual([400, "validation_error", "#"]);
    expect(await refused("--x--", "multipart/form-data; boundary=x")).toEqual([
      415,
      "unsupported_media_type",
      undefined,
    ]);
    const large = new Uint8Array(12 * 1024 * 1024 + 1);
    expect(await refused(large, "application/octet-stream")).toEqual([413, "body_too_large", undefined]);
  });

  it("R222 refuses a zip bomb quickly", async () => {
    const tenant = await newTenant();
    const bomb = zipSync({ "pass.json": new Uint8Array(100_000_000) }, { level: 9 });
    const answer = await tenant.post(path, bomb, octets);
    expect(codes(answer)).toEqual(["archive_too_large"]);
  });

  it.each(Object.entries(slowEncryption))("R222 refuses to work for minutes on a key: %s", async (_, encryption) => {
    const tenant = await newTenant();
    const answer = await tenant.post(path, { file: base64(encryptedKey(encryption)), password: "geheim" });
    expect(answer.body).toMatchObject({ kind: "private_key", ok: false, findings: [{ code: "key_unreadable" }] });
    expect(answer.body.findings[0].seen).toContain("openssl pkcs8 -topk8");
  });

  it("R222 refuses to work for minutes on a .p12", async () => {
    const tenant = await newTenant();
    for (const file of [slowMac(), pkcs12OfKeys(1, slowEncryption.pbkdf2), pkcs12OfKeys(300, slowEncryption.pbkdf2)]) {
      expect(codes(await tenant.post(path, { file: base64(file), password: "geheim" }))).toEqual([
        "pkcs12_unsupported",
      ]);
    }
  });

  it("R222 reads its own authority once, and opens no key for it again", async () => {
    const tenant = await newTenant();
    const file = base64(fileBytes("pass.cer"));
    clearIsolateCaches();
    const sandbox = { ...env, ENVIRONMENT: "sandbox" } as unknown as Cloudflare.Env;
    expect((await tenant.post(path, { file })).status).toBe(200);
    const other = { ...sandbox, MASTER_KEY: "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=" };
    expect((await tenant.post(path, { file }, { env: other })).status).toBe(200);
  });

  it("R222 needs the scope apple:read", async () => {
    const tenant = await newTenant();
    const { body } = await tenant.post("/v2/api-keys", { name: "Passes only", scopes: ["passes:read"] });
    const answer = await call("POST", path, { token: body.token, body: { file: "AAAA" } });
    expect([answer.status, answer.body.code]).toEqual([403, "insufficient_scope"]);
  });
});
