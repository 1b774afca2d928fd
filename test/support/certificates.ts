import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { readCertificate, type CertificateFacts } from "../../src/pkpass/certificate";
import { adminToken, asTenant, call, type TestTenant } from "./api";
import { fileBytes, fileDer, fileText, type AppleFile } from "./apple-files";

/** Production as far as certificates go: the authority of the test files stands where Apple's intermediate does. */

export const toBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

export const base64Of = (name: AppleFile): string => toBase64(fileBytes(name));

export async function factsOf(der: Uint8Array): Promise<CertificateFacts> {
  const read = await readCertificate(der);
  expect(read.ok).toBe(true);
  return (read as { certificate: CertificateFacts }).certificate;
}

const authorities = await Promise.all((["wwdr.pem", "expiredWwdr.pem"] as const).map((name) => factsOf(fileDer(name))));

export const liveEnv = {
  ...env,
  ENVIRONMENT: "production",
  PUBLIC_URL: "https://api.example.com",
  APPLE_WWDR_SHA256: authorities.map(({ fingerprint }) => fingerprint).join(","),
  // Nothing is there, so that no test waits for the network.
  APPLE_WWDR_URL: "https://localhost/AppleWWDRCAG4.cer",
} as unknown as Cloudflare.Env;

/** A tenant of a production deployment, whose verbs go there. */
export async function newLiveTenant(name = "Fern & Finch Coffee"): Promise<TestTenant> {
  const { body } = await call("POST", "/admin/tenants", { token: adminToken, body: { name }, env: liveEnv });
  const tenant = asTenant(body.id, body.code, body.apiKey.token, body.apiKey.id);
  return {
    ...tenant,
    get: (path, options) => tenant.get(path, { env: liveEnv, ...options }),
    post: (path, body_, options) => tenant.post(path, body_, { env: liveEnv, ...options }),
    put: (path, body_, options) => tenant.put(path, body_, { env: liveEnv, ...options }),
    patch: (path, body_, options) => tenant.patch(path, body_, { env: liveEnv, ...options }),
    delete: (path, options) => tenant.delete(path, { env: liveEnv, ...options }),
  };
}

/** What imports one of the test certificates. */
export const importOf = (certificate: AppleFile, key: AppleFile = "pkcs8.pem"): Record<string, string> => ({
  certificate: fileText(certificate),
  privateKey: fileText(key),
  issuerCertificate: fileText("wwdr.pem"),
});

export async function importInto(tenant: TestTenant, certificate: AppleFile, key?: AppleFile): Promise<any> {
  const { status, body, text } = await tenant.post("/v2/apple/certificates", importOf(certificate, key));
  expect(status, text).toBe(201);
  return body;
}

/** What the sandbox's portal answers for a request. */
export async function sandboxCertificate(tenant: TestTenant, csr: string, members: object = {}): Promise<Uint8Array> {
  const input = { csr, passTypeIdentifier: "pass.com.example.fern", ...members };
  const { status, bytes, text } = await tenant.post("/v2/apple/sandbox-certificates", input);
  expect(status, text).toBe(201);
  return bytes;
}

export const codesOf = (body: { errors?: { code: string }[] }): string[] =>
  (body.errors ?? []).map(({ code }) => code).toSorted();

/** Newest first. */
export async function eventsOf(tenant: TestTenant, type: string): Promise<{ type: string; data: any }[]> {
  const { body } = await tenant.get("/v2/events?limit=100");
  return body.data.filter((event: { type: string }) => event.type === type);
}
