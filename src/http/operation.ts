import { createMiddleware } from "hono/factory";
import { resolver, uniqueSymbol } from "hono-openapi";
import type * as z from "zod";
import { ServiceError, type ErrorCode } from "../services/errors";
import type { Scope } from "../services/scopes";
import type { AppEnv } from "./env";
import { problemTable } from "./problem-table";
import { problemMediaType } from "./problems";
import { schemaOptions } from "./validate";

interface OperationResponse {
  description: string;
  /** JSON by default. */
  schema?: z.ZodType;
  example?: unknown;
  /** For answers that are not JSON: one, or one for each kind of agent. */
  mediaType?: string | string[];
  headers?: Record<string, { description: string; schema: { type: string } }>;
}

export interface Operation {
  id: string;
  tag:
    | "Account"
    | "API keys"
    | "Templates"
    | "Images"
    | "Passes"
    | "Distribution"
    | "Updates"
    | "Events"
    | "Admin"
    | "Wallets"
    | "Apple"
    | "Google"
    | "PassKit web service";
  summary: string;
  description: string;
  /** What the credential needs; `admin` is the operator's token, `public` none at all. */
  access: Scope | "admin" | "public";
  /** Whether it makes wallets, queues or others act: it is refused while nobody can say how much of that is asked for. */
  fansOut?: boolean;
  requestExample?: unknown;
  /** Media types of a file that may come as the body itself, beside JSON (`validateUpload`). */
  uploads?: string[];
  responses: Record<number, OperationResponse>;
  /** Codes beyond those that every operation of this kind of access has. */
  errors?: ErrorCode[];
}

/** Codes that any operation behind an API key can answer. */
const keyErrors: ErrorCode[] = [
  "missing_token",
  "malformed_token",
  "unknown_key",
  "revoked_key",
  "expired_key",
  "key_environment_mismatch",
  "insufficient_scope",
  "tenant_suspended",
  "https_required",
  "rate_limited",
  "internal_error",
];

const accessErrors = {
  admin: ["missing_token", "invalid_admin_token", "https_required", "internal_error"],
  public: ["internal_error"],
} satisfies Record<string, ErrorCode[]>;

const overloadSeconds = 5;

/** Describes an operation for the OpenAPI document, and checks that the credential has its scope. */
export function operation(spec: Operation) {
  const middleware = createMiddleware<AppEnv>(async function scopeMiddleware(c, next) {
    const { access, fansOut = false } = spec;
    if (access !== "public" && access !== "admin" && !c.get("scopes").includes(access)) {
      throw new ServiceError("insufficient_scope", `This needs the scope ${access}, which the key does not have.`, {
        extra: { requiredScopes: [access] },
      });
    }
    if (fansOut && c.get("limits") === null) {
      throw new ServiceError("temporarily_unavailable", "There is too much going on to do this now.", {
        retryAfterSeconds: overloadSeconds,
      });
    }
    await next();
  });
  return Object.assign(middleware, { [uniqueSymbol]: { spec: documentation(spec) } });
}

function documentation(spec: Operation) {
  const { access, fansOut = false } = spec;
  const common = access === "admin" || access === "public" ? accessErrors[access] : keyErrors;
  const overload: ErrorCode[] = fansOut ? ["temporarily_unavailable"] : [];
  const codes = [...new Set([...common, ...overload, ...(spec.errors ?? [])])];
  return {
    operationId: spec.id,
    tags: [spec.tag],
    summary: spec.summary,
    description: `${spec.description}${scopeSentence(access)}`,
    security: access === "public" ? [] : [access === "admin" ? { adminToken: [] } : { apiKey: [] }],
    ...(access !== "public" && access !== "admin" && { "x-required-scopes": [access] }),
    "x-error-codes": codes,
    ...(spec.requestExample !== undefined && { "x-request-example": spec.requestExample }),
    ...(spec.uploads && { requestBody: { required: true, content: fileContent(spec.uploads) } }),
    responses: { ...successes(spec.responses), ...failures(codes) },
  };
}

function fileContent(mediaTypes: string[]) {
  const schema = { type: "string" as const, format: "binary", description: "The file." };
  return Object.fromEntries(mediaTypes.map((type) => [type, { schema }]));
}

function scopeSentence(access: Operation["access"]): string {
  if (access === "public") return "";
  return access === "admin" ? "\n\nTakes the operator's admin token." : `\n\nNeeds the scope \`${access}\`.`;
}

function successes(responses: Operation["responses"]) {
  return Object.fromEntries(
    Object.entries(responses).map(([status, { description, schema, example, mediaType = [], headers }]) => {
      const types = schema ? ["application/json"] : [mediaType].flat();
      const media = {
        schema: schema ? resolver(schema, { options: schemaOptions }) : { type: "string" as const, description },
        ...(example !== undefined && { example }),
      };
      const content = Object.fromEntries(types.map((type) => [type, media]));
      return [status, { description, ...(headers && { headers }), ...(types.length > 0 && { content }) }];
    }),
  );
}

/** Adds codes, with their responses, to an operation of the document. */
export function addFailures(operation: Record<string, unknown>, codes: ErrorCode[]): void {
  const all = [...new Set([...(operation["x-error-codes"] as ErrorCode[]), ...codes])];
  operation["x-error-codes"] = all;
  Object.assign(operation.responses as object, failures(all));
}

/** One response per status, with an example per code. */
function failures(codes: ErrorCode[]) {
  const statuses = [...new Set(codes.map((code) => problemTable[code].status))].sort();
  return Object.fromEntries(
    statuses.map((status) => {
      const here = codes.filter((code) => problemTable[code].status === status);
      const description = here.map((code) => `\`${code}\`: ${problemTable[code].title}.`).join("\n\n");
      const examples = Object.fromEntries(here.map((code) => [code, { value: problemExample(code) }]));
      const content = { [problemMediaType]: { schema: { $ref: "#/components/schemas/Problem" }, examples } };
      return [status, { description, content }];
    }),
  );
}

function problemExample(code: ErrorCode) {
  const { status, title, meaning } = problemTable[code];
  return {
    type: `https://api.example.com/problems/${code.replaceAll("_", "-")}`,
    title,
    status,
    code,
    detail: meaning,
    instance: "urn:wepass:request:req_01JGFJJZ001KX9D4T7CQ0VBM3H",
    requestId: "req_01JGFJJZ001KX9D4T7CQ0VBM3H",
    ...(code === "rate_limited" && { violatedPolicies: ["burst"] }),
    ...(code === "validation_error" && {
      errors: [{ pointer: "#/values/points", code: "wrong_type", detail: "expected a number" }],
    }),
  };
}
