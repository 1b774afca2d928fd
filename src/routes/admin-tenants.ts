import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { listResponse } from "../http/lists";
import { operation } from "../http/operation";
import { exampleId, listOf, pageQuery, pathId } from "../http/schemas";
import { validate } from "../http/validate";
import { createTenant } from "../services/tenants/create";
import { deleteTenant } from "../services/tenants/delete";
import { listTenants, readTenant } from "../services/tenants/read";
import { mintTenantKey, updateTenant } from "../services/tenants/update";
import { createBody, createdSchema, settings, tenantJson, tenantSchema, updateBody } from "./admin-tenants.schema";
import { apiKeyJson, createdKeySchema } from "./api-keys.schema";

const tenantId = pathId("tenant", "tenant");

export const adminTenants = new Hono<AppEnv>()
  .post(
    "/",
    operation({
      id: "createTenant",
      tag: "Admin",
      summary: "Make a tenant",
      description: "Makes a tenant and its first API key, whose token stands in this answer and is never shown again.",
      access: "admin",
      requestExample: { name: "Fern & Finch Coffee", locale: "en", timeZone: "Europe/Berlin" },
      responses: { 201: { description: "The tenant with its first key.", schema: createdSchema } },
      errors: ["validation_error", "malformed_json", "unsupported_media_type", "body_too_large"],
    }),
    validate("json", createBody),
    async (c) => {
      const { limits, ...body } = c.req.valid("json");
      const { tenant, key } = await createTenant(c.get("base"), {
        ...body,
        publicUri: body.publicUri ?? null,
        requestsPerMinute: limits?.requestsPerMinute ?? null,
        requestsPerDay: limits?.requestsPerDay ?? null,
      });
      return c.json(
        { ...tenantJson(tenant), apiKey: { ...apiKeyJson({ ...key.row, use: null }), token: key.token } },
        201,
      );
    },
  )
  .get(
    "/",
    operation({
      id: "listTenants",
      tag: "Admin",
      summary: "List tenants",
      description: "Lists tenants, newest first. Deleted ones stay in the list.",
      access: "admin",
      responses: { 200: { description: "One page.", schema: listOf(tenantSchema, "TenantList", "/admin/tenants") } },
      errors: ["validation_error"],
    }),
    validate("query", z.strictObject(pageQuery(exampleId("tenant")))),
    async (c) => c.json(listResponse(c, await listTenants(c.get("base"), c.req.valid("query")), tenantJson)),
  )
  .get(
    "/:id",
    operation({
      id: "getTenant",
      tag: "Admin",
      summary: "Read a tenant",
      description: "Reads one tenant.",
      access: "admin",
      responses: { 200: { description: "The tenant.", schema: tenantSchema } },
      errors: ["not_found"],
    }),
    validate("param", tenantId),
    async (c) => c.json(tenantJson(await readTenant(c.get("base"), c.req.valid("param").id))),
  )
  .patch(
    "/:id",
    operation({
      id: "updateTenant",
      tag: "Admin",
      summary: "Change or suspend a tenant",
      description:
        "Changes settings and limits, suspends or reactivates. Every request from then on sees it; only an account at its limit may have to wait a second longer than a new one tells.",
      access: "admin",
      requestExample: { status: "suspended" },
      responses: { 200: { description: "The tenant as it is now.", schema: tenantSchema } },
      errors: [
        "validation_error",
        "not_found",
        "malformed_json",
        "unsupported_media_type",
        "body_too_large",
        "temporarily_unavailable",
      ],
    }),
    validate("param", tenantId),
    validate("json", updateBody),
    async (c) => {
      const { limits = {}, ...changes } = c.req.valid("json");
      return c.json(tenantJson(await updateTenant(c.get("base"), c.req.valid("param").id, { ...changes, ...limits })));
    },
  )
  .delete(
    "/:id",
    operation({
      id: "deleteTenant",
      tag: "Admin",
      summary: "Delete a tenant",
      description:
        "Stops the tenant's keys and links at once, and erases everything it owns in the background. This cannot be undone.",
      access: "admin",
      responses: { 202: { description: "The tenant is deleted; its data is being erased." } },
      errors: ["not_found"],
    }),
    validate("param", tenantId),
    async (c) => {
      await deleteTenant(c.get("base"), c.req.valid("param").id);
      return c.body(null, 202);
    },
  )
  .post(
    "/:id/api-keys",
    operation({
      id: "createTenantKey",
      tag: "Admin",
      summary: "Make an API key for a tenant",
      description: "For a tenant that lost its keys: makes one with every scope.",
      access: "admin",
      requestExample: { name: "Recovered by the operator" },
      responses: {
        201: { description: "The key with its token, which is shown this once.", schema: createdKeySchema },
      },
      errors: ["validation_error", "not_found", "malformed_json", "unsupported_media_type", "body_too_large"],
    }),
    validate("param", tenantId),
    validate(
      "json",
      z
        .strictObject({ name: settings.name })
        .meta({ id: "NewTenantKey", description: "A key to be made.", examples: [{ name: "Recovered" }] }),
    ),
    async (c) => {
      const key = await mintTenantKey(c.get("base"), c.req.valid("param").id, c.req.valid("json").name);
      return c.json({ ...apiKeyJson({ ...key.row, use: null }), token: key.token }, 201);
    },
  );
