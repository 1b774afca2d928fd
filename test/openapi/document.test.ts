import { Validator } from "@cfworker/json-schema";
import { describe, expect, it } from "vitest";
import { allScopes } from "../../src/services/scopes";
import { errorCodes } from "../../src/services/errors";
import { apiDocument, app, call } from "../support/api";
import { allOperations, isWalletCall, parametersOf, resolved } from "./operations";

const document = (await apiDocument()) as any;
const operations = await allOperations();
const { schemas } = document.components as { schemas: Record<string, any> };

/** Serves the document, and so is not in it. */
const undescribed = ["GET /v2/openapi.json"];

type Schema = any;

const isObject = (value: unknown): value is Record<string, any> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Values that only look like schemas. */
const literals = new Set(["example", "examples", "default", "const", "enum"]);

/** Visits every object of the document that is not an example, with its JSON path. */
function* nodes(value: unknown, at = "#"): Generator<{ at: string; node: Record<string, any> }> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* nodes(item, `${at}/${index}`);
  } else if (isObject(value)) {
    yield { at, node: value };
    for (const [key, item] of Object.entries(value)) {
      // Names of properties are the product's: one of them is `default`.
      if (key === "properties" && isObject(item))
        for (const name of Object.keys(item)) yield* nodes(item[name], `${at}/properties/${name}`);
      else if (!literals.has(key)) yield* nodes(item, `${at}/${key}`);
    }
  }
}

/** Properties of schemas, wherever in the document. */
function* properties(): Generator<{ at: string; schema: Schema }> {
  for (const { at, node } of nodes({ paths: document.paths, schemas })) {
    if (node.type !== "object" || !isObject(node.properties)) continue;
    for (const [name, schema] of Object.entries(node.properties)) yield { at: `${at}/properties/${name}`, schema };
  }
}

/** Whether the schema, what it refers to, or each of its branches but null has `member`. */
async function has(schema: Schema, test: (schema: Schema) => boolean): Promise<boolean> {
  if (test(schema)) return true;
  if (schema.$ref) return has(await resolved(schema), test);
  const branches = ((schema.anyOf ?? schema.oneOf ?? []) as Schema[]).filter(({ type }) => type !== "null");
  if (branches.length === 0) return false;
  return (await Promise.all(branches.map((branch) => has(branch, test)))).every(Boolean);
}

const described = (schema: Schema) =>
  has(schema, ({ description }) => typeof description === "string" && description.length > 0);

const exemplified = (schema: Schema) =>
  has(
    schema,
    (one) =>
      one.example !== undefined ||
      (Array.isArray(one.examples) && one.examples.length > 0) ||
      "const" in one ||
      "enum" in one,
  );

/** By schema as text, for most are references to a few, and each reads all components of the document. */
const validators = new Map<string, Validator>();

function violations(schema: Schema, value: unknown): string[] {
  const name = JSON.stringify(schema);
  const validator =
    validators.get(name) ?? new Validator({ ...schema, components: document.components }, "2020-12", false);
  validators.set(name, validator);
  return validator.validate(value).errors.map(({ instanceLocation, error }) => `${instanceLocation} ${error}`);
}

describe("the OpenAPI document", () => {
  it("is OpenAPI 3.1 and is what /v2/openapi.json answers", async () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.jsonSchemaDialect ?? "https://spec.openapis.org/oas/3.1/dialect/base").toMatch(/^https:/);
    const { status, body } = await call("GET", "/v2/openapi.json");
    expect(status).toBe(200);
    expect(body).toEqual(document);
  });

  it("holds every route of the API, and no route that is not there", () => {
    const routed = app.routes
      .filter(
        ({ method, path }) => method !== "ALL" && /^\/(v2|admin|p|images|apple|api|healthz|readyz)(\/|$)/.test(path),
      )
      .map(
        ({ method, path }) => `${method} ${path.replace(/:([A-Za-z]+)(\{.*?\})?(?=\/|$)/g, "{$1}").replace(/\/$/, "")}`,
      );
    const documented = operations.map(({ method, path }) => `${method} ${path}`);
    const expected = [...new Set(routed)].filter((route) => !undescribed.includes(route));
    expect(documented.toSorted()).toEqual(expected.toSorted());
  });

  it("R008 groups the API in its components", () => {
    const groups = ["Templates", "Passes", "Distribution", "Updates"];
    const used = new Set(operations.flatMap(({ spec }) => spec.tags as string[]));
    const declared = (document.tags as { name: string; description: string }[]).map(({ name }) => name);
    for (const group of groups) {
      expect(declared).toContain(group);
      expect(used).toContain(group);
    }
    expect([...used].toSorted()).toEqual(declared.toSorted());
    for (const { description } of document.tags) expect(description.length).toBeGreaterThan(5);
  });

  it("gives every operation an id of its own", () => {
    const ids = operations.map(({ id }) => id);
    expect(ids.every((id) => /^[a-z][A-Za-z]+$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(operations.map((operation) => [operation.id, operation] as const))(
    "describes %s whole",
    (_, { path, access, spec }) => {
      expect(spec.summary).toMatch(/^[A-Z].{5,}[^.]$/);
      expect(spec.description).toMatch(/^.{15,}/);
      expect(spec.tags).toHaveLength(1);
      expect(Object.keys(spec.responses).length).toBeGreaterThan(1);
      expect(Object.keys(spec.responses).some((status) => /^[23]/.test(status))).toBe(true);
      expect(spec["x-error-codes"].length).toBeGreaterThan(0);
      for (const code of spec["x-error-codes"]) expect(errorCodes).toContain(code);
      for (const { description } of Object.values<any>(spec.responses)) expect(description.length).toBeGreaterThan(5);
      const inPath = (path.match(/\{[^}]+\}/g) ?? []).map((name) => name.slice(1, -1));
      const parameters = (spec.parameters ?? []) as any[];
      expect(parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name)).toEqual(inPath);
      for (const parameter of parameters) {
        expect(parameter.description, parameter.name).toMatch(/.{5,}/);
        expect(parameter.schema.examples, parameter.name).toBeDefined();
      }
      if (access === "key") {
        expect(spec["x-required-scopes"]).toHaveLength(1);
        for (const scope of spec["x-required-scopes"]) expect(allScopes).toContain(scope);
      } else {
        expect(spec).not.toHaveProperty("x-required-scopes");
      }
    },
  );

  it("uses every scope that keys can have, but for those of issues to come", () => {
    const used = new Set(operations.flatMap(({ spec }) => (spec["x-required-scopes"] ?? []) as string[]));
    const unused = allScopes.filter((scope) => !used.has(scope));
    expect(unused).toEqual([]);
  });

  it("describes every property and gives an example of it", async () => {
    const lacking: string[] = [];
    let seen = 0;
    for (const { at, schema } of properties()) {
      seen += 1;
      if (!(await described(schema))) lacking.push(`${at} has no description`);
      if (!(await exemplified(schema))) lacking.push(`${at} has no example`);
    }
    expect(lacking).toEqual([]);
    expect(seen).toBeGreaterThan(150);
  });

  it("gives an example of every request body and every JSON answer", async () => {
    const lacking: string[] = [];
    for (const { id, spec } of operations) {
      // A file is its own example.
      const { "application/json": json, ...others } = (spec.requestBody?.content ?? {}) as Record<string, any>;
      const forms = Object.entries(others).filter(([type]) => /form/.test(type));
      const bodies = forms.length > 0 ? forms.map(([, body]) => body) : [json];
      if (spec.requestBody && bodies.some((body) => body?.example === undefined)) lacking.push(`${id} request`);
      for (const [status, response] of Object.entries<any>(spec.responses)) {
        const json = response.content?.["application/json"];
        if (!json || Number(status) >= 300) continue;
        if (json.example === undefined && !(await exemplified(json.schema))) lacking.push(`${id} ${status}`);
      }
    }
    expect(lacking).toEqual([]);
  });

  it("gives only examples that its own schemas accept", () => {
    const wrong: string[] = [];
    let checked = 0;
    const check = (at: string, schema: Schema, value: unknown) => {
      checked += 1;
      const [first] = violations(schema, value);
      if (first !== undefined) wrong.push(`${at}: ${first}`);
    };
    for (const { at, node } of nodes({ paths: document.paths, components: document.components })) {
      if (Array.isArray(node.examples)) for (const value of node.examples) check(at, node, value);
      if (!isObject(node.schema)) continue;
      if (node.example !== undefined) check(at, node.schema, node.example);
      if (isObject(node.examples)) for (const { value } of Object.values(node.examples)) check(at, node.schema, value);
    }
    expect(wrong).toEqual([]);
    expect(checked).toBeGreaterThan(500);
  });

  it("gives an example of every error code an operation can answer, under its status", () => {
    for (const { id, spec } of operations) {
      const shown = Object.entries<any>(spec.responses).flatMap(([status, { content }]) =>
        Object.entries<any>(content?.["application/problem+json"]?.examples ?? {}).map(([code, { value }]) => {
          expect(value, `${id} ${code}`).toMatchObject({ code, status: Number(status) });
          return code;
        }),
      );
      expect(shown.toSorted(), id).toEqual([...spec["x-error-codes"]].toSorted());
    }
  });

  it("R217 tells of the Idempotency-Key at each POST and PATCH of /v2, and at every refusal whether to repeat", () => {
    const keyed = operations.filter(({ method, path }) => path.startsWith("/v2/") && /^(POST|PATCH)$/.test(method));
    expect(keyed.length).toBeGreaterThan(10);
    for (const operation of operations) {
      const takesKey = parametersOf(operation.spec, "header").some(({ name }) => name === "Idempotency-Key");
      expect(takesKey, operation.id).toBe(keyed.includes(operation));
      for (const [status, { content, headers }] of Object.entries<any>(operation.spec.responses)) {
        const where = `${operation.id} ${status}`;
        const isProblem = "application/problem+json" in (content ?? {});
        expect(Object.hasOwn(headers ?? {}, "X-Should-Retry"), where).toBe(isProblem);
        const isSuccess = Number(status) < 300;
        if (isSuccess) expect(Object.hasOwn(headers ?? {}, "Idempotent-Replayed"), where).toBe(takesKey);
      }
    }
  });

  it("has no leftovers of its generation", () => {
    for (const { at, node } of nodes(document)) {
      expect(node, at).not.toHaveProperty("$schema");
      expect(node, at).not.toHaveProperty("$defs");
      expect(node, at).not.toHaveProperty("x-request-example");
      if (typeof node.$ref === "string") {
        expect(node.$ref, at).toMatch(/^#\/components\/(schemas|parameters|headers)\/[A-Z][A-Za-z-]+$/);
        expect(document.components, at).toHaveProperty(node.$ref.split("/").slice(2));
      }
    }
    expect(Object.keys(schemas).filter((name) => !/^[A-Z][A-Za-z]+$/.test(name))).toEqual([]);
  });

  it("refuses unknown members in the schema of every request body", async () => {
    const open: string[] = [];
    const visit = async (schema: Schema, at: string, seen: Set<Schema>): Promise<void> => {
      const target = await resolved(schema);
      if (seen.has(target)) return;
      seen.add(target);
      for (const { at: below, node } of nodes(target, at)) {
        if (isObject(node.properties) && node.type === "object" && node.additionalProperties !== false)
          open.push(below);
        if (typeof node.$ref === "string") await visit(node, `${below} → ${node.$ref}`, seen);
      }
    };
    for (const { id, spec } of operations.filter((operation) => !isWalletCall(operation))) {
      if (spec.requestBody) await visit(spec.requestBody.content["application/json"].schema, id, new Set());
    }
    expect(open).toEqual([]);
  });
});
