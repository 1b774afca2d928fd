import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { idempotent } from "../http/idempotency";
import { listResponse } from "../http/lists";
import { operation } from "../http/operation";
import { exampleId, listOf, pageQuery, pathId } from "../http/schemas";
import { validate } from "../http/validate";
import { createKey } from "../services/credentials/create";
import { listKeys, readKey } from "../services/credentials/list";
import { revokeKey } from "../services/credentials/revoke";
import { rotateKey } from "../services/credentials/rotate";
import { readKeyUsage } from "../services/credentials/usage";
import {
  apiKeyJson,
  apiKeySchema,
  createBody,
  createdKeySchema,
  keyExample,
  rotateBody,
  usageJson,
  usageSchema,
} from "./api-keys.schema";

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
    idempotent({ secret: true }),
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
      description: "Lists the keys of the account, newest first, with their last use.",
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
  .get(
    "/:id/usage",
    operation({
      id: "getApiKeyUsage",
      tag: "API keys",
      summary: "Read the usage of an API key",
      description:
        "Answers how much a key was used on each of the last 30 days, and from where. A use from an address that is new to the key, or more " +
        "than ten times the hourly mean of the seven days before, or since the first hour of a younger key (from 100 requests an hour on), makes an event `key.unusual_usage`, one an hour at most.",
      access: "keys:manage",
      responses: { 200: { description: "The usage.", schema: usageSchema } },
      errors: ["not_found", "temporarily_unavailable"],
    }),
    validate("param", keyId),
    async (c) => c.json(usageJson(await readKeyUsage(c.get("tenant"), c.req.valid("param").id))),
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
    idempotent({ secret: true }),
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
