import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { listResponse } from "../http/lists";
import { operation } from "../http/operation";
import { exampleId, idOf, isoTime, listOf, pageQuery, pathId, timestamp } from "../http/schemas";
import { validate } from "../http/validate";
import { createKey } from "../services/credentials/create";
import { listKeys, readKey, type KeyWithUse } from "../services/credentials/list";
import { revokeKey } from "../services/credentials/revoke";
import { rotateKey } from "../services/credentials/rotate";
import { allScopes, type Scope } from "../services/scopes";

const name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .meta({ description: "What the key is for.", examples: ["Till at the station"] });
const scopeList = z.array(z.enum(allScopes as [Scope, ...Scope[]])).meta({
  description: "What the key may do.",
  examples: [["passes:read", "passes:write"]],
});

const keyExample = {
  object: "apiKey",
  id: exampleId("key"),
  keyId: "K7X2M9QA4T8WBC0E9H",
  name: "Till at the station",
  scopes: ["passes:read", "passes:write"],
  status: "active",
  createdAt: "2026-05-01T16:30:00.000Z",
  expiresAt: null,
  revokedAt: null,
  rotatedTo: null,
  lastUsedAt: "2026-05-02T08:00:00.000Z",
  lastUsedAddress: "203.0.113.7",
};

export const createdKeyExample = {
  ...keyExample,
  lastUsedAt: null,
  lastUsedAddress: null,
  token: "wp_test_K7X2M9QA4T8WBC0E9H_…",
};

const apiKeySchema = z
  .object({
    object: z.literal("apiKey").meta({ description: "Always `apiKey`.", examples: ["apiKey"] }),
    id: idOf("key", "Id of the key."),
    keyId: z.string().meta({
      description: "Public part of the token; it never authenticates alone.",
      examples: ["K7X2M9QA4T8WBC0E9H"],
    }),
    name,
    scopes: scopeList,
    status: z.enum(["active", "expired", "revoked"]).meta({ description: "Whether it works.", examples: ["active"] }),
    createdAt: timestamp("When it was made."),
    expiresAt: timestamp("When it stops working; null if never.").nullable(),
    revokedAt: timestamp("When it was revoked; null if it was not.").nullable(),
    rotatedTo: idOf("key", "Key that replaces this one; null if none does.").nullable(),
    lastUsedAt: timestamp("When it was last used; null if never.").nullable(),
    lastUsedAddress: z
      .string()
      .nullable()
      .meta({ description: "IP address of the last use.", examples: ["203.0.113.7"] }),
  })
  .meta({ id: "ApiKey", description: "An API key, without its secret.", examples: [keyExample] });

export const createdKeySchema = apiKeySchema
  .extend({
    token: z.string().meta({
      description: "The whole bearer token. It is shown this once.",
      examples: [createdKeyExample.token],
    }),
  })
  .meta({
    id: "CreatedApiKey",
    description: "An API key with its token, which is shown this once.",
    examples: [createdKeyExample],
  });

export function apiKeyJson(key: KeyWithUse, now = key.createdAt) {
  const expired = key.expiresAt !== null && key.expiresAt <= now;
  return {
    object: "apiKey" as const,
    id: key.id,
    keyId: key.keyId,
    name: key.name,
    scopes: key.scopes as Scope[],
    status: key.revokedAt !== null ? ("revoked" as const) : expired ? ("expired" as const) : ("active" as const),
    createdAt: isoTime(key.createdAt),
    expiresAt: key.expiresAt === null ? null : isoTime(key.expiresAt),
    revokedAt: key.revokedAt === null ? null : isoTime(key.revokedAt),
    rotatedTo: key.rotatedTo,
    lastUsedAt: key.use ? isoTime(key.use.lastUsedAt) : null,
    lastUsedAddress: key.use?.lastUsedAddress ?? null,
  };
}

const createBody = z
  .strictObject({
    name,
    scopes: scopeList.min(1),
    expiresAt: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({
        description: "When it stops working. ISO 8601 with an offset, in the future.",
        examples: ["2027-01-01T00:00:00Z"],
      }),
  })
  .meta({ id: "NewApiKey", description: "A key to be made.", examples: [{ name: "Till", scopes: ["passes:read"] }] });

const daySeconds = 86_400;

const rotateBody = z
  .strictObject({
    windowSeconds: z
      .int()
      .min(0)
      .max(30 * daySeconds)
      .default(daySeconds)
      .meta({
        description: "For how long the old key goes on working: 0 to 30 days, by default 24 hours.",
        examples: [86_400],
      }),
  })
  .meta({ id: "Rotation", description: "How to rotate.", examples: [{ windowSeconds: 3600 }] });

const keyId = pathId("key", "API key");
const bodyErrors = ["validation_error", "malformed_json", "unsupported_media_type", "body_too_large"] as const;

export const apiKeys = new Hono<AppEnv>()
  .post(
    "/",
    operation({
      id: "createApiKey",
      tag: "API keys",
      summary: "Make an API key",
      description:
        "Makes a key with the scopes you choose among those that your own key has. The token stands in this answer only.",
      access: "keys:manage",
      requestExample: { name: "Till at the station", scopes: ["passes:read", "passes:write"] },
      responses: { 201: { description: "The key with its token.", schema: createdKeySchema } },
      errors: [...bodyErrors],
    }),
    validate("json", createBody),
    async (c) => {
      const { name: keyName, scopes, expiresAt } = c.req.valid("json");
      const input = {
        name: keyName,
        scopes: [...new Set(scopes)],
        expiresAt: expiresAt === undefined ? null : Date.parse(expiresAt),
      };
      const created = await createKey(c.get("tenant"), c.get("scopes"), input);
      return c.json({ ...apiKeyJson({ ...created.row, use: null }, c.get("base").now), token: created.token }, 201);
    },
  )
  .get(
    "/",
    operation({
      id: "listApiKeys",
      tag: "API keys",
      summary: "List API keys",
      description: "Lists the keys of the account, newest first, with their last use (at most a minute old).",
      access: "keys:manage",
      responses: { 200: { description: "One page.", schema: listOf(apiKeySchema, "ApiKeyList", "/v2/api-keys") } },
      errors: ["validation_error"],
    }),
    validate("query", z.strictObject(pageQuery(exampleId("key")))),
    async (c) => {
      const page = await listKeys(c.get("tenant"), c.req.valid("query"));
      return c.json(listResponse(c, page, (key) => apiKeyJson(key, c.get("base").now)));
    },
  )
  .get(
    "/:id",
    operation({
      id: "getApiKey",
      tag: "API keys",
      summary: "Read an API key",
      description: "Reads one key. Its secret cannot be read again.",
      access: "keys:manage",
      responses: { 200: { description: "The key.", schema: apiKeySchema } },
      errors: ["not_found"],
    }),
    validate("param", keyId),
    async (c) => c.json(apiKeyJson(await readKey(c.get("tenant"), c.req.valid("param").id), c.get("base").now)),
  )
  .delete(
    "/:id",
    operation({
      id: "revokeApiKey",
      tag: "API keys",
      summary: "Revoke an API key",
      description:
        "Revokes a key, everywhere at once. It stays in the list as revoked; revoking it again changes nothing.",
      access: "keys:manage",
      responses: {
        200: {
          description: "The key, revoked.",
          schema: apiKeySchema,
          example: { ...keyExample, status: "revoked", revokedAt: "2026-05-03T08:00:00.000Z" },
        },
      },
      errors: ["not_found"],
    }),
    validate("param", keyId),
    async (c) => c.json(apiKeyJson(await revokeKey(c.get("tenant"), c.req.valid("param").id), c.get("base").now)),
  )
  .post(
    "/:id/rotate",
    operation({
      id: "rotateApiKey",
      tag: "API keys",
      summary: "Rotate an API key",
      description: "Makes a key with the same name and scopes. Old and new are valid together until the window ends.",
      access: "keys:manage",
      requestExample: { windowSeconds: 3600 },
      responses: { 201: { description: "The new key with its token.", schema: createdKeySchema } },
      errors: [...bodyErrors, "not_found", "key_revoked"],
    }),
    validate("param", keyId),
    validate("json", rotateBody),
    async (c) => {
      const created = await rotateKey(
        c.get("tenant"),
        c.get("scopes"),
        c.req.valid("param").id,
        c.req.valid("json").windowSeconds,
      );
      return c.json({ ...apiKeyJson({ ...created.row, use: null }, c.get("base").now), token: created.token }, 201);
    },
  );
