import { describe, expect, it } from "vitest";
import { idPattern } from "../../src/db/ids";
import type { ErrorCode } from "../../src/services/errors";
import { baseUrl, call, newTemplate, newTenant, type Answer } from "../support/api";
import {
  allOperations,
  exampleRequest,
  isWalletCall,
  parametersOf,
  send,
  sharedWorld,
  type Operation,
} from "./operations";
import { faultText, genericProducer, specificProducers, type Producer } from "./producers";

const operations = await allOperations();

/** The requirement behind each status. */
const rows: Record<number, string> = { 400: "R204", 401: "R205", 403: "R206", 404: "R207", 429: "R208", 500: "R209" };

interface Case {
  operation: Operation;
  code: ErrorCode;
  status: number;
  producer: Producer | undefined;
}

const cases = operations.flatMap((operation) =>
  (operation.spec["x-error-codes"] as ErrorCode[]).map((code): Case => ({
    operation,
    code,
    status: documentedProblem(operation, code).status,
    producer: specificProducers[`${operation.id} ${code}`] ?? genericProducer(operation, code),
  })),
);

function documentedProblem({ id, spec }: Operation, code: string): { status: number; title: string; type: string } {
  for (const { content } of Object.values<any>(spec.responses)) {
    const example = content?.["application/problem+json"]?.examples[code];
    if (example) return example.value;
  }
  throw new Error(`${id} has no example of ${code}`);
}

describe("every documented error code is really answered", { timeout: 20_000 }, () => {
  it("has a producer for each operation and code", () => {
    const lacking = cases.filter(({ producer }) => !producer).map(({ operation, code }) => `${operation.id} ${code}`);
    expect(lacking).toEqual([]);
  });

  it("has no producer for what is not documented", () => {
    const documented = new Set(cases.map(({ operation, code }) => `${operation.id} ${code}`));
    expect(Object.keys(specificProducers).filter((name) => !documented.has(name))).toEqual([]);
  });

  it.each(
    cases.flatMap(({ operation, code, status, producer }) =>
      producer
        ? [
            [
              [rows[status], operation.id, "answers", status, code].filter(Boolean).join(" "),
              operation,
              code,
              producer,
            ] as const,
          ]
        : [],
    ),
  )("%s", async (_, operation, code, producer) => {
    const answer = await producer(operation);
    await assertProblem(answer, operation, code);
  });
});

/** RFC 9457, RFC 6750 §3, RFC 9110 §10.2.3. */
async function assertProblem(answer: Answer, operation: Operation, code: ErrorCode): Promise<void> {
  const { headers, body, text } = answer;
  expect(body.code, text.slice(0, 500)).toBe(code);
  const documented = documentedProblem(operation, code);
  expect(answer.status).toBe(documented.status);
  expect(headers.get("content-type")).toBe("application/problem+json");
  expect(headers.get("cache-control")).toBe("no-store");
  const { title, status } = documented;
  const type = new URL(new URL(documented.type).pathname, baseUrl).href;
  expect(body).toMatchObject({ type, title, status, code, instance: `urn:wepass:request:${body.requestId}` });
  expect(body.detail).toMatch(/^[A-Z0-9].{10,}[.…]$/);
  expect(body.requestId).toMatch(idPattern("req"));
  expect(headers.get("x-request-id")).toBe(body.requestId);
  expect(text).not.toContain(faultText);

  const challenge = headers.get("www-authenticate");
  if (code === "device_unauthorized") expect(challenge).toBe("ApplePass");
  else if (code === "invalid_callback_signature" || code === "callback_expired")
    expect(challenge).toBe("ECv2SigningOnly");
  else if (code === "missing_token") expect(challenge).toBe('Bearer realm="wepass"');
  else if (status === 401) expect(challenge).toBe('Bearer realm="wepass", error="invalid_token"');
  else if (code === "insufficient_scope") {
    const scopes: string[] = operation.spec["x-required-scopes"];
    expect(challenge).toBe(`Bearer realm="wepass", error="insufficient_scope", scope="${scopes.join(" ")}"`);
    expect(body.requiredScopes).toEqual(scopes);
  } else expect(challenge).toBeNull();

  const retryAfter = headers.get("retry-after");
  const isWorthRetrying = status === 429 || (status >= 500 && code !== "master_key_mismatch");
  expect(headers.get("x-should-retry")).toBe(String(isWorthRetrying || code === "idempotency_in_progress"));
  if (status === 429 || status === 503 || code === "idempotency_in_progress") {
    expect(retryAfter).toMatch(/^\d+$/);
    expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
    expect(Number(retryAfter)).toBeLessThanOrEqual(60);
  } else expect(retryAfter).toBeNull();

  if (code === "validation_error") {
    expect(body.errors.length).toBeGreaterThan(0);
    for (const { pointer, code: reason, detail } of body.errors) {
      expect(pointer).toMatch(/^#\//);
      expect(reason).toMatch(/^[a-z_]+$/);
      expect(detail).toMatch(/.{5,}/);
    }
  }
}

describe("the page of each error code", () => {
  const codes = [...new Set(cases.map(({ code }) => code))];

  it.each([...codes, "method_not_allowed"].map((code) => [code]))("explains %s", async (code) => {
    const { status, headers, text } = await call("GET", `/problems/${code.replaceAll("_", "-")}`);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toMatch(/^text\/html/);
    expect(text).toContain(code);
  });

  it("R207 answers 404 for a code that does not exist", async () => {
    expect((await call("GET", "/problems/no-such-code")).status).toBe(404);
  });
});

describe("methods", { timeout: 20_000 }, () => {
  const paths = [...new Set(operations.map(({ path }) => path))];

  it.each(paths.map((path) => [path]))("%s answers 405 with Allow to methods that it does not take", async (path) => {
    const operation = operations.find((one) => one.path === path)!;
    const request = exampleRequest(operation, await sharedWorld());
    const { pathname } = new URL(request.path, baseUrl);
    // A literal path such as /v2/passes/pkpasses is a /v2/passes/{id} as well.
    const matching = operations.filter((one) =>
      new RegExp(`^${one.path.replace(/\{[^}]+\}/g, "[^/]+")}$`).test(pathname),
    );
    const taken = new Set(matching.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method])));
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((one) => !taken.has(one))) {
      const { status, headers, body } = await call(method, request.path, { token: request.token });
      expect(status, method).toBe(405);
      expect(new Set(headers.get("allow")!.split(", "))).toEqual(taken);
      expect(body).toMatchObject({ code: "method_not_allowed", status: 405, requestId: headers.get("x-request-id") });
      expect(headers.get("content-type")).toBe("application/problem+json");
      expect(new Set(body.allow)).toEqual(taken);
    }
  });

  // A device is told nothing of which ids there are.
  const withIds = operations.filter((operation) => operation.path.includes("{") && !isWalletCall(operation));

  it.each(withIds.map((operation) => [operation.id, operation] as const))(
    "R207 %s answers 404 to any text in place of an id",
    async (_, operation) => {
      const request = exampleRequest(operation, await sharedWorld());
      const anyTexts = [
        "x",
        "x".repeat(3000),
        "%00",
        "%20",
        "%ff",
        "%2F",
        "%F0%9F%98%80",
        "';--",
        "__proto__",
        "undefined",
        "*",
        "pass_",
        "..%2F..",
      ];
      for (const text of anyTexts) {
        const path = operation.path.replace(/\{[^}]+\}/g, text);
        const { status, text: answered } = await send({ ...request, path });
        expect(status, `${path.slice(0, 80)} ${answered.slice(0, 200)}`).toBe(404);
      }
    },
  );

  it("R207 answers 404 where there is no path at all", async () => {
    const { token } = await newTenant();
    for (const path of ["/v2", "/v2/nothing", "/nothing", "/v2/passes/x/nothing"]) {
      const { status, body } = await call("GET", path, { token });
      expect(status, path).toBe(404);
      expect(body.code).toBe("not_found");
    }
  });
});

describe("what is wrong is named", { timeout: 20_000 }, () => {
  it("R221 names every field that does not fit the template", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant, {
      fields: [
        { key: "points", label: "Points", type: "number", position: "header" },
        { key: "since", label: "Since", type: "date", position: "secondary" },
        { key: "member", label: "Member", type: "text", position: "secondary", required: true },
      ],
    });
    const values = { points: "many", since: "yesterday", tier: "gold" };
    const { status, body } = await tenant.post("/v2/passes", { templateId, values });
    expect(status).toBe(400);
    expect(body.code).toBe("validation_error");
    const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted();
    expect(pointers).toEqual(["#/values/member", "#/values/points", "#/values/since", "#/values/tier"]);
  });

  it("R204 R221 names all that is wrong at once, unknown members and values alike", async () => {
    const tenant = await newTenant();
    const templateId = await newTemplate(tenant);
    const { status, body } = await tenant.post("/v2/passes", { templateId, values: { points: "many" }, colour: "red" });
    expect(status).toBe(400);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
      "#/colour",
      "#/values/points",
    ]);
  });

  it("R204 names a parameter of the query as such", async () => {
    const tenant = await newTenant();
    const { status, body } = await tenant.get("/v2/passes?limit=0&status=lost");
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      { pointer: "#/limit", in: "query" },
      { pointer: "#/status", in: "query" },
    ]);
  });

  const lists = operations.filter(({ spec }) =>
    parametersOf(spec, "query").some(({ name }) => name === "startingAfter"),
  );

  it.each(lists.map((operation) => [operation.id, operation] as const))(
    "R204 %s refuses limits and cursors that are none",
    async (_, operation) => {
      const request = exampleRequest(operation, await sharedWorld());
      const limits = ["limit=0", "limit=101", "limit=-1", "limit=1.5", "limit=ten", "limit=", "limit=1&limit=2"];
      const cursors = ["startingAfter=", "startingAfter=nothing", "endingBefore=nothing", "endingBefore=99"];
      for (const query of [...limits, ...cursors, "startingAfter=1&endingBefore=1"]) {
        const { status, body } = await send({ ...request, path: `${request.path}?${query}` });
        expect(status, query).toBe(400);
        expect(body.code).toBe("validation_error");
        expect(["#/limit", "#/startingAfter", "#/endingBefore"]).toContain(body.errors[0].pointer);
      }
    },
  );

  // Wallets may say more than is known today, and in any media type.
  const writes = operations.filter((operation) => operation.spec.requestBody && !isWalletCall(operation));

  it.each(writes.map((operation) => [operation.id, operation] as const))(
    "R204 %s refuses a member that it does not know",
    async (_, operation) => {
      const request = exampleRequest(operation, await sharedWorld());
      const { status, body } = await send({ ...request, body: { ...(request.body as object), noSuchMember: true } });
      expect(status).toBe(400);
      expect(body.errors).toEqual([
        { pointer: "#/noSuchMember", code: "unknown_member", detail: "there is no such member" },
      ]);
    },
  );

  it.each(writes.map((operation) => [operation.id, operation] as const))(
    "R204 %s takes a JSON object and nothing else",
    async (_, operation) => {
      const request = exampleRequest(operation, await sharedWorld());
      for (const body of ["[]", "null", '"text"', "7"]) {
        const answer = await send(request, { body });
        expect(answer.status, body).toBe(400);
        expect(answer.body.code, body).toBe("validation_error");
      }
    },
  );

  it.each(writes.map((operation) => [operation.id, operation] as const))(
    "R204 %s refuses a body that is nested without end",
    async (_, operation) => {
      const request = exampleRequest(operation, await sharedWorld());
      const nested = `${'{"a":['.repeat(50_000)}${"]}".repeat(50_000)}`;
      for (const member of ["overrides", "values", "userInfo", "semantics"]) {
        const { status, body } = await send(request, {
          body: JSON.stringify(request.body).replace(/\}$/, `,"${member}":${nested}}`),
        });
        expect(status, member).toBe(400);
        expect(body.errors).toEqual([
          { pointer: "#", code: "invalid_value", detail: "the body may be nested 64 levels deep at most" },
        ]);
      }
    },
  );

  it.each(writes.map((operation) => [operation.id, operation] as const))(
    "%s takes JSON by every spelling of its media type",
    async (_, operation) => {
      const request = exampleRequest(operation, await sharedWorld());
      for (const type of [
        "Application/JSON",
        "application/json;charset=UTF-8",
        "application/json ; charset=utf-8",
        "application/merge-patch+json",
      ]) {
        const { body } = await send(request, { body: "{", headers: { "content-type": type } });
        expect(body.code, type).toBe("malformed_json");
      }
      // Where a file may be the body, whatever is no JSON is one; but never a form.
      const takesFiles = Object.keys(operation.spec.requestBody.content).length > 1;
      const others = takesFiles ? [] : ["text/json", "application/jsonx", "application/json, text/plain"];
      for (const type of [...others, "multipart/form-data; boundary=x"]) {
        const { body } = await send(request, { body: "{}", headers: { "content-type": type } });
        expect(body.code, type).toBe("unsupported_media_type");
      }
    },
  );

  it.each(writes.map((operation) => [operation.id, operation] as const))(
    "%s refuses a large body by its announced length, too",
    async (_, operation) => {
      const request = exampleRequest(operation, await sharedWorld());
      const { body } = await send(request, { headers: { "content-length": String(12 * 1024 * 1024 + 1) } });
      expect(body.code).toBe("body_too_large");
    },
  );
});
