import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { exampleId } from "../../src/http/schemas";
import { fileExamples } from "../../src/routes/apple-certificates.schema";
import { adminToken, apiDocument, call, newTenant, type Answer, type TestTenant } from "../support/api";
import { fileText } from "../support/apple-files";
import { base64Of, sandboxCertificate, toBase64 } from "../support/certificates";

/**
 * The operations of the OpenAPI document, and requests that are made of their own examples: what stands in
 * the document is what is sent, with ids of objects that exist.
 */

export interface Operation {
  id: string;
  method: string;
  /** As in the document: `/v2/passes/{id}`. */
  path: string;
  access: "key" | "admin" | "public";
  spec: any;
}

export async function allOperations(): Promise<Operation[]> {
  const { paths, components } = (await apiDocument()) as any;
  const parameterOf = ({ $ref, ...own }: any) => ($ref ? components.parameters[$ref.split("/").at(-1)] : own);
  return Object.entries<Record<string, any>>(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, spec]) => ({
      id: spec.operationId,
      method: method.toUpperCase(),
      path,
      access: accessOf(spec),
      spec: { ...spec, ...(spec.parameters && { parameters: spec.parameters.map(parameterOf) }) },
    })),
  );
}

function accessOf(spec: any): Operation["access"] {
  const [security] = spec.security as Record<string, unknown>[];
  if (!security) return "public";
  return "adminToken" in security ? "admin" : "key";
}

/** What the ids in the document's examples stand for. */
export interface Ids {
  tenant: string;
  code: string;
  key: string;
  tmpl: string;
  pass: string;
  img: string;
  evt: string;
  aud: string;
  /** A request of the tenant's. */
  req: string;
  link: string;
  /** Pass type identifier of the tenant's certificate. */
  type: string;
  log: string;
  csr: string;
}

const linkExample = "K7X2M9QAh4nT0pQ2wX8yZ6bV";

/** As they stand in the document; the link comes before the code, which is a part of it. */
export const placeholders: Record<keyof Ids, string> = {
  link: linkExample,
  code: linkExample.slice(0, 8),
  tenant: exampleId("tenant"),
  key: exampleId("key"),
  tmpl: exampleId("tmpl"),
  pass: exampleId("pass"),
  img: exampleId("img"),
  evt: exampleId("evt"),
  aud: exampleId("aud"),
  req: exampleId("req"),
  type: `pass.sandbox.wepass.${linkExample.slice(0, 8).toLowerCase()}`,
  log: exampleId("log"),
  csr: exampleId("csr"),
};

/** Well-formed ids behind which there is nothing. */
export const ghostIds: Ids = {
  link: "00000000zzzzzzzzzzzzzzzz",
  code: "00000000",
  tenant: "tenant_00000000000000000000000000",
  key: "key_00000000000000000000000000",
  tmpl: "tmpl_00000000000000000000000000",
  pass: "pass_00000000000000000000000000",
  img: "img_00000000000000000000000000",
  evt: "evt_00000000000000000000000000",
  aud: "aud_00000000000000000000000000",
  req: "req_00000000000000000000000000",
  type: "pass.sandbox.wepass.00000000",
  log: "log_00000000000000000000000000",
  csr: "csr_00000000000000000000000000",
};

export function filledIn(text: string, ids: Ids, files: World["files"] = {}): string {
  const filled = Object.entries(files).reduce((before, [example, file]) => before.replaceAll(example, file), text);
  return Object.entries(placeholders).reduce(
    (before, [kind, example]) => before.replaceAll(example, ids[kind as keyof Ids]),
    filled,
  );
}

/** A tenant that has one of everything. */
export interface World {
  tenant: TestTenant;
  ids: Ids;
  /** Of the tenant's own, in place of those in the document's examples. */
  files?: Record<string, string>;
}

export async function newWorld(options: { externalId?: string; env?: Cloudflare.Env } = {}): Promise<World> {
  const settings = options.env ? { env: options.env } : {};
  // One world serves the requests of many tests.
  const tenant = await newTenant({ limits: { requestsPerMinute: 1_000_000 } });
  return fillWorld(tenant, options.externalId ?? "card-1", settings);
}

let shared: Promise<World> | undefined;

/** For requests that are refused: they change nothing, so one world serves them all. */
export const sharedWorld = (): Promise<World> => (shared ??= newWorld().then(addCertificates));

/** A tenant of a production deployment: live keys, and no certificate until one is added. */
export async function newProductionWorld(): Promise<World> {
  const created = await call("POST", "/admin/tenants", {
    token: adminToken,
    body: { name: "Live" },
    env: productionEnv,
  });
  expect(created.status, created.text).toBe(201);
  const { id, code, apiKey } = created.body;
  const token: string = apiKey.token;
  const post = (path: string, body?: unknown) => call("POST", path, { token, body, env: productionEnv });
  const get = (path: string) => call("GET", path, { token, env: productionEnv });
  const tenant = { id, code, token, keyId: apiKey.id, post, get } as TestTenant;
  return fillWorld(tenant, "card-1", { env: productionEnv });
}

export const productionEnv = { ...env, ENVIRONMENT: "production" } as unknown as Cloudflare.Env;

async function fillWorld(tenant: TestTenant, externalId: string, options: { env?: Cloudflare.Env }): Promise<World> {
  const template = await tenant.post("/v2/templates", await exampleBody("createTemplate"), options);
  expect(template.status, template.text).toBe(201);
  const issue = { ...((await exampleBody("issuePass")) as object), templateId: template.body.id, externalId };
  const pass = await tenant.post("/v2/passes", issue, options);
  expect(pass.status, pass.text).toBe(201);
  const key = await tenant.post("/v2/api-keys", { name: "Second key", scopes: ["passes:read"] }, options);
  const events = await tenant.get("/v2/events", options);
  const audited = await tenant.get("/v2/audit-log", options);
  const ids: Ids = {
    tenant: tenant.id,
    code: tenant.code,
    key: key.body.id,
    tmpl: template.body.id,
    pass: pass.body.id,
    img: template.body.images.icon["1x"],
    evt: events.body.data[0].id,
    aud: audited.body.data[0].id,
    req: audited.headers.get("x-request-id")!,
    link: pass.body.links.page.split("/").at(-1),
    type: `pass.sandbox.wepass.${tenant.code.toLowerCase()}`,
    log: await newLog(tenant, pass.body.id, options),
    csr: ghostIds.csr,
  };
  return { tenant, ids };
}

/** A request for a certificate, and files that the sandbox's portal made: for the request, and for a key of the tests. */
export async function addCertificates(world: World): Promise<World> {
  const { tenant } = world;
  const { body } = await tenant.post("/v2/apple/certificate-requests", {});
  world.ids.csr = body.id;
  world.files = {
    [fileExamples.certificate]: toBase64(await sandboxCertificate(tenant, body.csr)),
    [fileExamples.imported]: toBase64(await sandboxCertificate(tenant, fileText("pass.csr"))),
    [fileExamples.privateKey]: base64Of("pkcs8.der"),
  };
  return world;
}

/** A device complains; who has no certificate hears of none. */
export async function newLog(tenant: TestTenant, passId: string, options: SendOptions = {}): Promise<string> {
  const body = { logs: [`Get pass task (serial number ${passId}) encountered error: Authentication failure`] };
  await call("POST", `/apple/${tenant.code}/v1/log`, { body, ...options });
  const { data } = (await tenant.get("/v2/apple/logs", options)).body;
  return data[0]?.id ?? ghostIds.log;
}

export async function exampleBody(operationId: string): Promise<unknown> {
  const operation = (await allOperations()).find(({ id }) => id === operationId)!;
  return operation.spec.requestBody.content["application/json"].example;
}

/** The examples of a request body's schema, beside the operation's own. */
export async function schemaExamples({ spec }: Operation): Promise<unknown[]> {
  const schema = spec.requestBody?.content["application/json"]?.schema;
  return schema ? ((await resolved(schema)).examples ?? []) : [];
}

/** The schema that a `$ref` names, or the schema itself. */
export async function resolved(schema: any): Promise<any> {
  const { components } = await apiDocument();
  return schema.$ref ? components.schemas[schema.$ref.split("/").at(-1)] : schema;
}

export interface ApiRequest {
  method: string;
  path: string;
  token: string | null;
  body?: unknown;
  headers?: Record<string, string>;
}

const formType = "application/x-www-form-urlencoded";

/** The operation's example as a request of `world`. */
export function exampleRequest(operation: Operation, world: World, ids = world.ids): ApiRequest {
  const { method, spec, access } = operation;
  const path = pathExample(operation);
  const content = spec.requestBody?.content;
  const body = content?.["application/json"]?.example;
  const form = content?.[formType]?.example;
  const token = { key: world.tenant.token, admin: adminToken, public: null }[access];
  return {
    method,
    path: filledIn(path, ids),
    token,
    ...(body !== undefined && { body: JSON.parse(filledIn(JSON.stringify(body), ids, world.files)) }),
    ...(form && { body: new URLSearchParams(form).toString(), headers: { "content-type": formType } }),
  };
}

/** The path with the examples of its parameters. */
export function pathExample({ path, spec }: Operation): string {
  return parametersOf(spec, "path").reduce(
    (filled, { name, schema }) => filled.replace(`{${name}}`, schema.examples[0]),
    path,
  );
}

export interface Parameter {
  name: string;
  in: string;
  description?: string;
  schema: any;
}

export const parametersOf = (spec: any, where: "path" | "query" | "header"): Parameter[] =>
  ((spec.parameters ?? []) as Parameter[]).filter((parameter) => parameter.in === where);

export type SendOptions = NonNullable<Parameters<typeof call>[2]>;

export async function send(request: ApiRequest, options: SendOptions = {}): Promise<Answer> {
  const { method, path, token, body } = request;
  const headers = { ...(await holderHeaders(path)), ...request.headers, ...options.headers };
  return call(method, path, { token, body, ...options, headers });
}

/** Calls of devices are Apple's, and keep to Apple's rules. */
/** Wallets call these by their own protocols, and people's browsers after them. */
export const isWalletCall = ({ path, spec }: Operation): boolean =>
  spec.tags.includes("PassKit web service") || /\/passes\/google(\/signup)?$/.test(path);

/** A device proves that it holds the pass in the path by the token that stands in the pass. */
async function holderHeaders(path: string): Promise<Record<string, string>> {
  const serial = path.startsWith("/apple/") ? /pass_[0-9A-Z]{26}/.exec(path)?.[0] : undefined;
  if (serial === undefined) return {};
  const held = await env.DATA_DB.prepare("select authentication_token as token from passes where id = ?")
    .bind(serial)
    .first<{ token: string }>();
  return held ? { authorization: `ApplePass ${held.token}` } : {};
}
