import { describe, expect, it } from "vitest";
import { exampleId } from "../../src/http/schemas";
import { apiDocument, call, newPass, newTemplate, newTenant } from "../support/api";

describe("the shape of the API", () => {
  it("R001 answers JSON in camelCase to each method of REST", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const pass = await newPass(tenant, { templateId });
    const answers = [
      await tenant.get(`/v2/passes/${pass.id}`),
      await tenant.patch(`/v2/passes/${pass.id}`, { values: { points: 1 } }),
      await tenant.put(`/v2/passes/${pass.id}`, { values: { points: 2 } }),
      await tenant.delete(`/v2/passes/${pass.id}`),
      await tenant.post("/v2/passes", { templateId }),
    ];
    for (const { headers, body } of answers) {
      expect(headers.get("content-type")).toMatch(/^application\/json/);
      for (const name of Object.keys(body)) expect(name).toMatch(/^[a-z][A-Za-z0-9]*$/);
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 201]);
  });

  it("R003 R004 makes templates and passes by POST with 201, and reads them by GET", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const pass = await newPass(tenant, { templateId });
    expect((await tenant.get(`/v2/templates/${templateId}`)).body.id).toBe(templateId);
    expect((await tenant.get(`/v2/passes/${pass.id}`)).body.id).toBe(pass.id);
    expect((await tenant.get("/v2/passes")).body.data).toHaveLength(1);
  });

  it("R009 keeps the blueprint apart from its instances", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const [first, second] = [
      await newPass(tenant, { templateId, values: { points: 1 } }),
      await newPass(tenant, { templateId, values: { points: 2 } }),
    ];
    expect([first.templateId, second.templateId]).toEqual([templateId, templateId]);
    expect([first.values.points, second.values.points]).toEqual([1, 2]);
    expect((await tenant.get(`/v2/templates/${templateId}`)).body.fields[0].default).toBe(0);
  });

  it("R016 R017 carries the major version in the path and the whole one in the document", async () => {
    const document = (await apiDocument()) as unknown as { info: { version: string }; paths: Record<string, unknown> };
    expect(document.info.version).toMatch(/^2\.\d+\.\d+$/);
    // What phones call has Apple's version; what Google calls has a fixed form.
    const versioned =
      /^\/((v2|admin|p|images)\/|healthz$|readyz$|apple\/\{code\}\/v1\/|api\/\{tenantId\}\/passes\/google(\/|$))/;
    const unversioned = Object.keys(document.paths).filter((path) => !versioned.test(path));
    expect(unversioned).toEqual([]);
    expect((await call("GET", "/v1/passes")).status).toBe(404);
  });

  it("R078 leads a pass through its life: issued, read, listed, changed, expired, voided", async () => {
    const tenant = await newTenant();
    const pass = await newPass(tenant);
    const path = `/v2/passes/${pass.id}`;
    expect(pass.status).toBe("active");
    expect((await tenant.get("/v2/passes?status=active")).body.data[0].id).toBe(pass.id);
    const past = { overrides: { expiresAt: "2020-01-01T00:00:00Z" } };
    expect((await tenant.patch(path, past)).body.status).toBe("expired");
    expect((await tenant.get("/v2/passes?status=expired")).body.data[0].id).toBe(pass.id);
    expect((await tenant.patch(path, { overrides: { expiresAt: null } })).body.status).toBe("active");
    expect((await tenant.delete(path)).body.status).toBe("voided");
    expect((await tenant.get("/v2/passes?status=voided")).body.data[0].id).toBe(pass.id);
  });

  it("R219 ties answer, problem and event together by one request id, which is ours whatever the caller sends", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    for (const given of ["checkout-4711", exampleId("req"), "a b<script>"]) {
      const headers = { "x-request-id": given };
      const issued = await tenant.post("/v2/passes", { templateId }, { headers });
      const id = issued.headers.get("x-request-id")!;
      expect(id).toMatch(/^req_[0-9A-HJKMNP-TV-Z]{26}$/);
      expect(id).not.toBe(given);
      expect((await tenant.get("/v2/events?limit=1")).body.data[0].requestId).toBe(id);
      const refused = await tenant.get("/v2/passes/nothing", { headers });
      const refusedId = refused.headers.get("x-request-id");
      expect(refused.body).toMatchObject({ requestId: refusedId, instance: `urn:wepass:request:${refusedId}` });
      expect(refused.text).not.toContain(given);
    }
  });
});

describe("API keys", () => {
  it("R024 R025 R027 are many per account, each with a name, a public id and a secret", async () => {
    const tenant = await newTenant();
    const made = [];
    for (const name of ["Till", "Website", "Nightly job"]) {
      made.push((await tenant.post("/v2/api-keys", { name, scopes: ["passes:read"] })).body);
    }
    const { body } = await tenant.get("/v2/api-keys");
    expect(body.data.map(({ name }: { name: string }) => name)).toEqual([
      "Nightly job",
      "Website",
      "Till",
      "First key",
    ]);
    for (const { keyId, token } of made) {
      expect(token.startsWith(`wp_test_${keyId}_`)).toBe(true);
      expect(keyId).toMatch(new RegExp(`^${tenant.code}[0-9A-Z]{10}$`));
      expect((await call("GET", "/v2/account", { token: `wp_test_${keyId}` })).status).toBe(401);
    }
  });
});
