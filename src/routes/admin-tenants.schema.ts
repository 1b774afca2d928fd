import * as z from "zod";
import { exampleId, idOf, isoTime, timestamp } from "../http/schemas";
import { isLanguageTag, isTimeZone } from "../services/settings";
import type { Tenant } from "../services/tenants/read";
import { createdKeyExample, createdKeySchema } from "./api-keys.schema";

/** What else is not the address that people read in it. */
function isPlainUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.username === "" && url.password === "" && !text.includes("\\");
}

const ownLimit = (period: string, max: number, example: number | null) =>
  z
    .int()
    .min(1)
    .max(max)
    .nullable()
    .meta({ description: `Requests per ${period}; null: as many as the plan has.`, examples: [example] });

/** Numbers of the account's own, which hold in a sandbox as well. */
const limits = {
  requestsPerMinute: ownLimit("minute", 1_000_000, 500),
  requestsPerDay: ownLimit("day", 1_000_000_000, null),
};
const limitsExample = { requestsPerMinute: 500, requestsPerDay: null };

const limitsSchema = z
  .object(limits)
  .meta({ id: "TenantLimits", description: "Limits of the account's own.", examples: [limitsExample] });

const limitsBody = z
  .strictObject({
    requestsPerMinute: limits.requestsPerMinute.optional(),
    requestsPerDay: limits.requestsPerDay.optional(),
  })
  .optional()
  .meta({
    description: "Limits of the account's own, in place of those of its plan; what is left out stays.",
    examples: [limitsExample],
  });

export const settings = {
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
  plan: z.enum(["standard", "premium"]).meta({
    description: "Plan, which sets the limits of a production account that has none of its own.",
    examples: ["standard"],
  }),
  signupPrefill: z.enum(["query", "token"]).meta({
    description:
      "How a sign-up page gets what a person let Google send: in its `query`, or for a one-time `token` that it exchanges, so that no personal value stands in a URL.",
    examples: ["query"],
  }),
};

export const createBody = z
  .strictObject({
    name: settings.name,
    publicUri: settings.publicUri.optional(),
    locale: settings.locale.default("en"),
    timeZone: settings.timeZone.default("UTC"),
    plan: settings.plan.default("standard"),
    signupPrefill: settings.signupPrefill.default("query"),
    limits: limitsBody,
  })
  .meta({ id: "NewTenant", description: "A tenant to be made.", examples: [{ name: "Fern & Finch Coffee" }] });

export const updateBody = z
  .strictObject({
    name: settings.name.optional(),
    publicUri: settings.publicUri.nullable().optional(),
    locale: settings.locale.optional(),
    timeZone: settings.timeZone.optional(),
    plan: settings.plan.optional(),
    signupPrefill: settings.signupPrefill.optional(),
    limits: limitsBody,
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
  limits: { requestsPerMinute: null, requestsPerDay: null },
  status: "active",
  createdAt: "2026-05-01T16:30:00.000Z",
  updatedAt: "2026-05-01T16:30:00.000Z",
};

export const tenantSchema = z
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
    limits: limitsSchema,
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

export const createdSchema = tenantSchema.extend({ apiKey: createdKeySchema }).meta({
  id: "CreatedTenant",
  description: "A tenant with its first API key, which is shown this once.",
  examples: [{ ...tenantExample, apiKey: createdKeyExample }] as never,
});

export const tenantJson = (tenant: Tenant) => ({
  object: "tenant" as const,
  id: tenant.id,
  code: tenant.code,
  name: tenant.name,
  publicUri: tenant.publicUri,
  locale: tenant.locale,
  timeZone: tenant.timeZone,
  plan: tenant.plan,
  signupPrefill: tenant.signupPrefill,
  limits: { requestsPerMinute: tenant.requestsPerMinute, requestsPerDay: tenant.requestsPerDay },
  status: tenant.status,
  createdAt: isoTime(tenant.createdAt),
  updatedAt: isoTime(tenant.updatedAt),
});
