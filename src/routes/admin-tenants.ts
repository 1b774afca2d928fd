import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { listResponse } from "../http/lists";
import { operation } from "../http/operation";
import { exampleId, idOf, isoTime, listOf, pageQuery, pathId, timestamp } from "../http/schemas";
import { validate } from "../http/validate";
import { isLanguageTag, isTimeZone } from "../services/settings";
import { createTenant } from "../services/tenants/create";
import { deleteTenant } from "../services/tenants/delete";
import { listTenants, readTenant, type Tenant } from "../services/tenants/read";
import { mintTenantKey, updateTenant } from "../services/tenants/update";
import { apiKeyJson, createdKeyExample, createdKeySchema } from "./api-keys";

/** What else is not the address that people read in it. */
function isPlainUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.username === "" && url.password === "" && !text.includes("\\");
}

const settings = {
  name: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .meta({ description: "Name of the account.", examples: ["Fern & Finch Coffee"] }),
  publicUri: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .refine(isPlainUrl, "expected a URL without a user name and without a backslash")
    .meta({
      description: "The tenant's own website.",
      examples: ["https://fernfinch.example"],
    }),
  locale: z
    .string()
    .max(35)
    .refine(isLanguageTag, "expected a BCP 47 language tag, such as en or de-AT")
    .meta({
      description: "BCP 47 tag for what the server formats itself.",
      examples: ["en"],
    }),
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, "expected an IANA time zone, such as Europe/Berlin")
    .meta({
      description: "IANA zone in which dates without one are understood.",
      examples: ["Europe/Berlin"],
    }),
  plan: z.enum(["standard", "premium"]).meta({ description: "Plan, which sets the limits.", examples: ["standard"] }),
  signupPrefill: z.enum(["query", "token"]).meta({
    description:
      "How a sign-up page gets what a person let Google send: in its `query`, or for a one-time `token` that it exchanges, so that no personal value stands in a URL.",
    examples: ["query"],
  }),
};

const createBody = z
  .strictObject({
    name: settings.name,
    publicUri: settings.publicUri.optional(),
    locale: settings.locale.default("en"),
    timeZone: settings.timeZone.default("UTC"),
    plan: settings.plan.default("standard"),
    signupPrefill: settings.signupPrefill.default("query"),
  })
  .meta({ id: "NewTenant", description: "A tenant to be made.", examples: [{ name: "Fern & Finch Coffee" }] });

const updateBody = z
  .strictObject({
    name: settings.name.optional(),
    publicUri: settings.publicUri.nullable().optional(),
    locale: settings.locale.optional(),
    timeZone: settings.timeZone.optional(),
    plan: settings.plan.optional(),
    signupPrefill: settings.signupPrefill.optional(),
    status: z
      .enum(["active", "suspended"])
      .optional()
      .meta({
        description: "`suspended` refuses every key of the tenant and closes its links.",
        examples: ["suspended"],
      }),
  })
  .meta({ id: "TenantChanges", description: "Members to be changed.", examples: [{ status: "suspended" }] });

const tenantExample = {
  object: "tenant",
  id: exampleId("tenant"),
  code: "K7X2M9QA",
  name: "Fern & Finch Coffee",
  publicUri: "https://fernfinch.example",
  locale: "en",
  timeZone: "Europe/Berlin",
  plan: "standard",
  signupPrefill: "query",
  status: "active",
  createdAt: "2026-05-01T16:30:00.000Z",
  updatedAt: "2026-05-01T16:30:00.000Z",
};

const tenantSchema = z
  .object({
    object: z.literal("tenant").meta({ description: "Always `tenant`.", examples: ["tenant"] }),
    id: idOf("tenant", "Id of the tenant."),
    code: z.string().meta({ description: "Eight characters inside its key ids and links.", examples: ["K7X2M9QA"] }),
    name: settings.name,
    publicUri: settings.publicUri.nullable(),
    locale: settings.locale,
    timeZone: settings.timeZone,
    plan: settings.plan,
    signupPrefill: settings.signupPrefill,
    status: z
      .enum(["active", "suspended", "deleted"])
      .meta({ description: "State of the account.", examples: ["active"] }),
    createdAt: timestamp("When it was made."),
    updatedAt: timestamp("When it was last changed."),
  })
  .meta({
    id: "Tenant",
    description: "A tenant: one account with its own templates, passes and keys.",
    examples: [tenantExample],
  });

const createdSchema = tenantSchema.extend({ apiKey: createdKeySchema }).meta({
  id: "CreatedTenant",
  description: "A tenant with its first API key, which is shown this once.",
  examples: [{ ...tenantExample, apiKey: createdKeyExample }] as never,
});

const tenantJson = (tenant: Tenant) => ({
  object: "tenant" as const,
  id: tenant.id,
  code: tenant.code,
  name: tenant.name,
  publicUri: tenant.publicUri,
  locale: tenant.locale,
  timeZone: tenant.timeZone,
  plan: tenant.plan,
  signupPrefill: tenant.signupPrefill,
  status: tenant.status,
  createdAt: isoTime(tenant.createdAt),
  updatedAt: isoTime(tenant.updatedAt),
});

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
      const body = c.req.valid("json");
      const { tenant, key } = await createTenant(c.get("base"), { ...body, publicUri: body.publicUri ?? null });
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
      description: "Changes settings, suspends or reactivates. Every request from then on sees it.",
      access: "admin",
      requestExample: { status: "suspended" },
      responses: { 200: { description: "The tenant as it is now.", schema: tenantSchema } },
      errors: ["validation_error", "not_found", "malformed_json", "unsupported_media_type", "body_too_large"],
    }),
    validate("param", tenantId),
    validate("json", updateBody),
    async (c) => c.json(tenantJson(await updateTenant(c.get("base"), c.req.valid("param").id, c.req.valid("json")))),
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
