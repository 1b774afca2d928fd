import type { Hono } from "hono";
import { generateSpecs } from "hono-openapi";
import * as z from "zod";
import { scopes } from "../services/scopes";
import type { AppEnv } from "./env";
import { addFailures } from "./operation";
import { problemMediaType } from "./problems";
import { problemSchema } from "./schemas";
import { schemaOptions } from "./validate";

const description = `
WePass issues and runs passes for Apple Wallet and Google Wallet. Describe a pass once as a **template**, issue **passes** from it,
hand out their **links**, and change them whenever something changes.

* Every request carries an API key: \`Authorization: Bearer wp_test_…\` in the sandbox, \`wp_live_…\` in production.
* JSON is camelCase and UTF-8. Times are ISO 8601 with an offset; a time without one is refused. Unknown members are refused.
* Every refusal is a problem document (RFC 9457) with a stable \`code\`; its \`type\` is a page that says what to do, and \`X-Should-Retry\` says whether a repeat as it is may help.
* Send an \`Idempotency-Key\` with a POST or PATCH, and it can be repeated without doing anything twice.
* Every answer has an id of ours, \`X-Request-Id\`, and a \`traceparent\` (W3C Trace Context) that goes on with yours, if you send one;
  \`GET /v2/request-logs\` lists the last requests by both.
* Lists are paged by \`limit\`, \`startingAfter\` and \`endingBefore\`.
* Within \`/v2\` changes only add. What will go is announced at least six months ahead by the \`Deprecation\` and \`Sunset\` headers.
`.trim();

const tags: [string, string][] = [
  ["Account", "The account and its usage."],
  ["API keys", "Credentials, their scopes and their rotation."],
  [
    "Templates",
    "Reusable blueprints of passes. A change makes a new version; passes pin the version they were issued with.",
  ],
  ["Images", "Pictures of templates and of single passes."],
  ["Passes", "Passes of one holder each."],
  ["Distribution", "Links by which people get their passes."],
  ["Updates", "Changes to passes, and their history."],
  ["Wallets", "What a pass is in each wallet: files, pictures, projections."],
  ["Apple", "Certificates for Apple Wallet, the doctor for passes and certificates, and what devices logged."],
  ["Google", "The account at Google Wallet and its check, Google's callbacks, and the way to a sign-up page."],
  ["PassKit web service", "What installed passes call by themselves, as Apple specifies it. Its `/v1` is Apple's."],
  ["Events", "What happened, in order."],
  ["Admin", "For the operator of the deployment."],
];

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document, generated from the schemas that validate. */
export async function openApiDocument(api: Hono<AppEnv>): Promise<Json> {
  const generated = (await generateSpecs(api, {
    defaultValidationErrorResponse: false,
    excludeStaticFile: false,
    documentation: {
      openapi: "3.1.0",
      info: {
        title: "WePass API",
        version: "2.0.0",
        summary: "Wallet passes for Apple Wallet and Google Wallet.",
        description,
        license: { name: "MIT", identifier: "MIT" },
      },
      servers: [{ url: "/", description: "This deployment." }],
      tags: tags.map(([name, text]) => ({ name, description: text })),
    },
  })) as unknown as Json & { paths: Record<string, Record<string, Json>>; components: { schemas: Json } };
  generated.components.schemas.Problem = problemJsonSchema();
  Object.assign(generated.components, { securitySchemes });
  Object.assign(generated.components, { parameters, headers });
  for (const [path, item] of Object.entries(generated.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      placeRequestExample(operation);
      if (path.startsWith("/v2/")) {
        if (method === "post" || method === "patch") describeIdempotency(operation);
        describeLimits(operation);
      }
      describeRetries(operation);
    }
  }
  return generated;
}

const parameters = {
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    required: false,
    description:
      "A text of your own for this request, 1 to 255 printable ASCII characters, bare (then without a comma) or in quotes; a UUID does. A repeat under the same key within 24 hours does nothing and is answered as the first one was: with its status, headers and body, and `Idempotent-Replayed: true`. Not kept are 429, 5xx, what was refused before the operation began (a malformed body, a wrong credential), and files of more than 12 MiB: such a request is run when it is repeated. An answer with a secret is shown again only to the API key that got it.",
    schema: { type: "string", minLength: 1, maxLength: 255, examples: ["1f4c1a52-7a35-4a0e-9d0a-8f7a3f1d5f0e"] },
    example: "1f4c1a52-7a35-4a0e-9d0a-8f7a3f1d5f0e",
  },
};

const textHeader = (description: string, example: string) => ({
  description,
  schema: { type: "string" },
  example,
});
const countHeader = (description: string, example: number) => ({
  description,
  schema: { type: "integer" },
  example,
});

/** draft-ietf-httpapi-ratelimit-headers-10, and the set that clients know from elsewhere. */
const limitHeaders = {
  "RateLimit-Policy": textHeader(
    "The account's limits, a list (RFC 9651): `q` requests per window of `w` seconds.",
    '"burst";q=100;w=60, "daily";q=10000;w=86400',
  ),
  RateLimit: textHeader(
    "What is left, a list (RFC 9651): `r` requests, in a window that ends in `t` seconds.",
    '"burst";r=37;t=21, "daily";r=9412;t=51002',
  ),
  "X-RateLimit-Limit": countHeader("Requests per window, of the window that is nearest to its limit.", 100),
  "X-RateLimit-Used": countHeader("Requests made in that window.", 63),
  "X-RateLimit-Remaining": countHeader("Requests left in that window.", 37),
  "X-RateLimit-Reset": countHeader("When that window ends, in Unix seconds.", 1_777_653_621),
};

const headers = {
  ...limitHeaders,
  "Idempotent-Replayed": textHeader(
    "`true` if this is the answer of an earlier request with the same key, whose id a problem's `requestId` then is.",
    "true",
  ),
  "X-Should-Retry": textHeader("`true` if the same request may be answered otherwise later; else `false`.", "false"),
};

const headerReferences = (names: string[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

function describeIdempotency(operation: Json): void {
  const own = (operation.parameters ?? []) as Json[];
  operation.parameters = [...own, { $ref: "#/components/parameters/IdempotencyKey" }];
  addFailures(operation, [
    "validation_error",
    "idempotency_in_progress",
    "idempotency_key_reused",
    "temporarily_unavailable",
    "master_key_mismatch",
  ]);
  addHeaders(operation, ["Idempotent-Replayed"], (status) => status < 429 && !refusedBefore.has(status));
}

/** What no operation answers once it has begun: credentials, bodies and keys that are wrong. */
const refusedBefore = new Set([401, 413, 415, 422]);

/** Every refusal says whether it is worth a repeat. */
function describeRetries(operation: Json): void {
  addHeaders(operation, ["X-Should-Retry"], (_, { content }) => problemMediaType in ((content ?? {}) as Json));
}

/** Every answer to a credential that is right tells its limits, refusals, too. */
function describeLimits(operation: Json): void {
  addHeaders(operation, Object.keys(limitHeaders), (status) => status !== 401);
}

function addHeaders(operation: Json, names: string[], belongs: (status: number, response: Json) => boolean): void {
  for (const [status, response] of Object.entries(operation.responses as Record<string, Json>)) {
    if (belongs(Number(status), response))
      response.headers = { ...(response.headers as Json), ...headerReferences(names) };
  }
}

/** No operation answers a Problem as its own result, so the generator does not meet its schema. */
function problemJsonSchema(): unknown {
  const { $defs } = z.toJSONSchema(problemSchema, schemaOptions as never) as { $defs: Json };
  return $defs.Problem;
}

const securitySchemes = {
  apiKey: {
    type: "http",
    scheme: "bearer",
    description: `An API key. Scopes:\n\n${Object.entries(scopes)
      .map(([scope, text]) => `* \`${scope}\`: ${text}`)
      .join("\n")}`,
  },
  adminToken: { type: "http", scheme: "bearer", description: "The ADMIN_TOKEN of the deployment." },
};

/** `operation()` knows the example and `validate()` the schema; here they meet. */
function placeRequestExample(operation: Json): void {
  const example = operation["x-request-example"];
  delete operation["x-request-example"];
  const content = (operation.requestBody as { content?: Record<string, Json> } | undefined)?.content;
  // A body that may be a file as well has an example of its JSON only.
  const media = content?.["application/json"];
  if (media && example !== undefined) media.example = example;
}
