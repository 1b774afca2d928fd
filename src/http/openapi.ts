import type { Hono } from "hono";
import { generateSpecs } from "hono-openapi";
import * as z from "zod";
import { scopes } from "../services/scopes";
import type { AppEnv } from "./env";
import { problemSchema } from "./schemas";
import { schemaOptions } from "./validate";

const description = `
WePass issues and runs passes for Apple Wallet and Google Wallet. Describe a pass once as a **template**, issue **passes** from it,
hand out their **links**, and change them whenever something changes.

* Every request carries an API key: \`Authorization: Bearer wp_test_…\` in the sandbox, \`wp_live_…\` in production.
* JSON is camelCase and UTF-8. Times are ISO 8601 with an offset; a time without one is refused. Unknown members are refused.
* Every refusal is a problem document (RFC 9457) with a stable \`code\`; its \`type\` is a page that says what to do.
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
  for (const item of Object.values(generated.paths)) Object.values(item).forEach(placeRequestExample);
  return generated;
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
