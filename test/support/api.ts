import { Validator } from "@cfworker/json-schema";
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { createApp } from "../../src/app";
import { openApiDocument } from "../../src/http/openapi";

/**
 * The API as its users see it. Every answer that passes through here is held against the OpenAPI document:
 * its status and, for a refusal, its code must be documented, and its body must match the schema.
 */

export const baseUrl = "https://api.example.com";
export const adminToken = "wpa_test_admin_token";
export const app = createApp();

export interface Answer<T = any> {
  status: number;
  headers: Headers;
  body: T;
  text: string;
  bytes: Uint8Array;
}

interface CallOptions {
  token?: string | null | undefined;
  /** Sent as JSON unless it is a string or bytes. */
  body?: unknown;
  headers?: Record<string, string>;
  env?: Cloudflare.Env;
  url?: string;
}

export async function call<T = any>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
  const headers = new Headers(options.headers);
  if (options.token) headers.set("authorization", `Bearer ${options.token}`);
  let body: BodyInit | null = null;
  if (typeof options.body === "string" || options.body instanceof Uint8Array) body = options.body as BodyInit;
  else if (options.body !== undefined) body = JSON.stringify(options.body);
  if (body !== null && !headers.has("content-type")) headers.set("content-type", "application/json");
  const request = new Request(options.url ?? `${baseUrl}${path}`, { method, headers, body });
  const ctx = createExecutionContext();
  const response = await app.fetch(request, options.env ?? env, ctx);
  await waitOnExecutionContext(ctx);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  const json = text !== "" && /json/.test(response.headers.get("content-type") ?? "");
  const answer = {
    status: response.status,
    headers: response.headers,
    body: json ? JSON.parse(text) : text,
    text,
    bytes,
  };
  await assertDocumented(method, path, answer);
  return answer as Answer<T>;
}

export interface TestTenant {
  id: string;
  code: string;
  token: string;
  keyId: string;
  get: <T = any>(path: string, options?: CallOptions) => Promise<Answer<T>>;
  post: <T = any>(path: string, body?: unknown, options?: CallOptions) => Promise<Answer<T>>;
  put: <T = any>(path: string, body?: unknown, options?: CallOptions) => Promise<Answer<T>>;
  patch: <T = any>(path: string, body?: unknown, options?: CallOptions) => Promise<Answer<T>>;
  delete: <T = any>(path: string, options?: CallOptions) => Promise<Answer<T>>;
}

/** A tenant of the test's own. */
export async function newTenant(settings: Record<string, unknown> = {}): Promise<TestTenant> {
  const { status, body } = await call("POST", "/admin/tenants", {
    token: adminToken,
    body: { name: "Test", timeZone: "Europe/Berlin", ...settings },
  });
  expect(status).toBe(201);
  return asTenant(body.id, body.code, body.apiKey.token, body.apiKey.id);
}

export function asTenant(id: string, code: string, token: string, keyId: string): TestTenant {
  const verb =
    (method: string) =>
    (path: string, body?: unknown, options: CallOptions = {}) =>
      call(method, path, { token, body, ...options });
  return {
    id,
    code,
    token,
    keyId,
    get: (path, options = {}) => call("GET", path, { token, ...options }),
    post: verb("POST"),
    put: verb("PUT"),
    patch: verb("PATCH"),
    delete: (path, options = {}) => call("DELETE", path, { token, ...options }),
  };
}

/** A 1×1 picture: enough wherever any picture will do. */
export const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export function storeCard(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: "Loyalty card",
    style: "storeCard",
    organizationName: "Fern & Finch Coffee",
    description: "Loyalty card",
    images: { icon: { "1x": pixel } },
    fields: [
      { key: "points", label: "Points", type: "number", position: "header", default: 0 },
      { key: "member", label: "Member", type: "text", position: "secondary" },
    ],
    barcode: { format: "qr", message: "{{pass.id}}" },
    ...overrides,
  };
}

export async function newTemplate(tenant: TestTenant, overrides: Record<string, unknown> = {}): Promise<string> {
  const { status, body, text } = await tenant.post("/v2/templates", storeCard(overrides));
  expect(status, text).toBe(201);
  return body.id;
}

export async function newPass(tenant: TestTenant, body: Record<string, unknown> = {}): Promise<any> {
  const templateId = body.templateId ?? (await newTemplate(tenant));
  const answer = await tenant.post("/v2/passes", { values: { member: "Zoë" }, ...body, templateId });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

type Document = {
  paths: Record<string, Record<string, any>>;
  components: { schemas: Record<string, any> };
};

let cached: Promise<Document> | undefined;

export function apiDocument(): Promise<Document> {
  return (cached ??= openApiDocument(app) as unknown as Promise<Document>);
}

export async function findOperation(method: string, path: string) {
  const { paths } = await apiDocument();
  const { pathname } = new URL(path, baseUrl);
  const candidates = Object.entries(paths)
    .filter(([template]) => pathPattern(template).test(pathname))
    // A literal segment wins over a parameter, as in the router.
    .sort(([a], [b]) => a.split("{").length - b.split("{").length);
  for (const [template, item] of candidates) {
    const operation = item[method.toLowerCase()];
    if (operation) return { template, operation };
  }
  return null;
}

function pathPattern(template: string): RegExp {
  const escaped = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]+\}/g, "[^/]+");
  return new RegExp(`^${escaped}$`);
}

/** By schema as text, for most are references to a few: each reads all components of the document, which takes time and memory. */
const validators = new Map<string, Validator>();

async function validatorOf(schema: object): Promise<Validator> {
  const { components } = await apiDocument();
  const name = JSON.stringify(schema);
  const known = validators.get(name) ?? new Validator({ ...schema, components } as never, "2020-12", false);
  validators.set(name, known);
  return known;
}

async function assertDocumented(method: string, path: string, answer: Answer): Promise<void> {
  const found = await findOperation(method, path);
  if (!found || answer.status === 405) return;
  const where = `${method} ${found.template} → ${answer.status}`;
  const response = found.operation.responses[String(answer.status)];
  expect(response, `${where} is not documented: ${answer.text.slice(0, 300)}`).toBeDefined();
  const type = (answer.headers.get("content-type") ?? "").split(";")[0]!;
  if (type === "application/problem+json") {
    expect(found.operation["x-error-codes"], `${where} ${answer.body.code}`).toContain(answer.body.code);
  }
  const schema = response.content?.[type]?.schema;
  if (!schema || !type.includes("json")) return;
  const result = (await validatorOf(schema)).validate(answer.body);
  expect(result.errors.slice(0, 5), `${where}\n${answer.text.slice(0, 800)}`).toEqual([]);
}
