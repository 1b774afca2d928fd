import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { newTenant, type TestTenant } from "../support/api";
import { fileText } from "../support/apple-files";
import { codesOf, eventsOf, newLiveTenant, sandboxCertificate, toBase64 } from "../support/certificates";

const path = "/v2/apple/certificate-requests";
const cer = { headers: { "content-type": "application/pkix-cert" } };

async function newRequest(tenant: TestTenant, body: object = {}): Promise<any> {
  const answer = await tenant.post(path, body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

describe("a certificate request", () => {
  it("is made with a key that stays here", async () => {
    const tenant = await newLiveTenant();
    const request = await newRequest(tenant);
    expect(request).toMatchObject({
      object: "certificateRequest",
      status: "pending",
      passTypeIdentifier: null,
      completedAt: null,
    });
    expect(request.id).toMatch(/^csr_/);
    expect(request.csr).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n/);
    expect(request.instructions).toContain(`/v2/apple/certificate-requests/${request.id}/certificate`);
    expect((await tenant.get(`${path}/${request.id}`)).body).toEqual(request);
    expect((await tenant.get(path)).body.data).toEqual([request]);
    const file = await tenant.get(`${path}/${request.id}/csr`);
    expect(file.text).toBe(request.csr);
    expect(file.headers.get("content-type")).toBe("application/pkcs10");
    expect(file.headers.get("content-disposition")).toBe(`attachment; filename="${request.id}.certSigningRequest"`);
    const { results } = await env.DATA_DB.prepare("select * from apple_certificate_requests where tenant_id = ?")
      .bind(tenant.id)
      .all();
    expect(results).toHaveLength(1);
    expect(String(results[0]!.private_key)).toMatch(/^\{"kid":/);
  });

  it("refuses names that a certificate cannot have", async () => {
    const tenant = await newLiveTenant();
    const { status, body } = await tenant.post(path, { commonName: "x".repeat(65), emailAddress: "nobody" });
    expect(status).toBe(400);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(["#/commonName", "#/emailAddress"]);
  });

  it("takes the account's name even if that is longer than a certificate's may be", async () => {
    await newRequest(await newLiveTenant("ナ".repeat(200)));
  });

  it("is deleted with its key while it is pending", async () => {
    const tenant = await newLiveTenant();
    const { id } = await newRequest(tenant);
    expect((await tenant.delete(`${path}/${id}`)).status).toBe(204);
    expect((await tenant.get(`${path}/${id}`)).status).toBe(404);
    expect((await tenant.delete(`${path}/${id}`)).status).toBe(404);
  });

  it("needs its scopes, and is another tenant's business", async () => {
    const [tenant, stranger] = [await newLiveTenant(), await newLiveTenant()];
    const { id } = await newRequest(tenant);
    for (const one of [`${path}/${id}`, `${path}/${id}/csr`]) expect((await stranger.get(one)).status).toBe(404);
    expect((await stranger.delete(`${path}/${id}`)).status).toBe(404);
    expect((await stranger.put(`${path}/${id}/certificate`, "x", cer)).status).toBe(404);
    const { body } = await tenant.post("/v2/api-keys", { name: "Reader", scopes: ["apple:read"] });
    const reader = { token: body.token };
    expect((await tenant.get(`${path}/${id}`, reader)).status).toBe(200);
    expect((await tenant.post(path, {}, reader)).body.code).toBe("insufficient_scope");
    expect((await tenant.put(`${path}/${id}/certificate`, "x", { ...cer, ...reader })).body.code).toBe(
      "insufficient_scope",
    );
    expect((await tenant.delete(`${path}/${id}`, reader)).body.code).toBe("insufficient_scope");
  });
});

describe("the certificate of a request", () => {
  let tenant: TestTenant;
  let request: any;
  let certificate: Uint8Array;
  beforeAll(async () => {
    tenant = await newTenant();
    request = await newRequest(tenant);
    certificate = await sandboxCertificate(tenant, request.csr);
  });

  it("is refused if it was made for another key, and the request goes on waiting", async () => {
    const other = await sandboxCertificate(tenant, fileText("pass.csr"));
    const { status, body } = await tenant.put(`${path}/${request.id}/certificate`, other, cer);
    expect([status, codesOf(body)]).toEqual([400, ["key_mismatch"]]);
    const request_ = await tenant.put(`${path}/${request.id}/certificate`, request.csr, cer);
    expect(codesOf(request_.body)).toEqual(["certificate_request_given"]);
    expect((await tenant.get(`${path}/${request.id}`)).body.status).toBe("pending");
  });

  it("is taken into use, once, however often and however many at once it is sent", async () => {
    const send = () => tenant.put(`${path}/${request.id}/certificate`, certificate, cer);
    const answers = await Promise.all([send(), send(), send()]);
    for (const { status, body, text } of answers) {
      expect(status, text).toBe(200);
      expect(body).toMatchObject({ passTypeIdentifier: "pass.com.example.fern", default: true, nfc: true });
    }
    const again = await tenant.put(`${path}/${request.id}/certificate`, { certificate: toBase64(certificate) });
    expect([again.status, again.body]).toEqual([200, answers[0]!.body]);
    expect(await eventsOf(tenant, "certificate.activated")).toHaveLength(1);
    const completed = (await tenant.get(`${path}/${request.id}`)).body;
    expect(completed).toMatchObject({
      status: "completed",
      passTypeIdentifier: "pass.com.example.fern",
      instructions: null,
    });
    const row = await env.DATA_DB.prepare("select private_key from apple_certificate_requests where id = ?")
      .bind(request.id)
      .first();
    expect(row).toEqual({ private_key: null });
  });

  it("is not replaced by another one", async () => {
    const other = await sandboxCertificate(tenant, request.csr, { days: 30 });
    const { status, body } = await tenant.put(`${path}/${request.id}/certificate`, other, cer);
    expect([status, body.code]).toEqual([409, "certificate_request_completed"]);
    expect((await tenant.delete(`${path}/${request.id}`)).body.code).toBe("certificate_request_completed");
  });

  it("goes in with whichever of two comes first", async () => {
    const twice = await newRequest(tenant);
    const made = await Promise.all(
      ["pass.a", "pass.b"].map((passTypeIdentifier) => sandboxCertificate(tenant, twice.csr, { passTypeIdentifier })),
    );
    const answers = await Promise.all(made.map((one) => tenant.put(`${path}/${twice.id}/certificate`, one, cer)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const { data } = (await tenant.get("/v2/apple/certificates")).body;
    expect(data).toHaveLength(2);
  });

  it("renews one that is there, with a new key", async () => {
    const renewal = await newRequest(tenant);
    const made = await sandboxCertificate(tenant, renewal.csr);
    const { status, body } = await tenant.put(`${path}/${renewal.id}/certificate`, { certificate: toBase64(made) });
    expect(status).toBe(200);
    expect((await tenant.get("/v2/apple/certificates/pass.com.example.fern")).body.fingerprint).toBe(body.fingerprint);
    expect((await eventsOf(tenant, "certificate.activated"))[0]).toMatchObject({ data: { renewal: true } });
  });
});
