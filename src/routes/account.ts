import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { operation } from "../http/operation";
import { exampleId, idOf, timestamp, isoTime } from "../http/schemas";
import { limitsOf } from "../services/credentials/limits";
import { readAccount } from "../services/account/read";
import { templateSummaryExample, templateSummaryJson, templateSummarySchema } from "./templates.schema";

const counter = (description: string) => z.int().meta({ description, examples: [42] });

const usageExample = {
  templates: 1,
  passesIssued: 42,
  passesUpdated: 7,
  passesVoided: 1,
  passesInstalled: 34,
  installsActive: 30,
  installsTotal: 36,
};

const limitsExample = { requestsPerMinute: 100, requestsPerDay: 10_000 };

const accountSchema = z
  .object({
    object: z.literal("account").meta({ description: "Always `account`.", examples: ["account"] }),
    id: idOf("tenant", "Id of the account."),
    name: z.string().meta({ description: "Name.", examples: ["Fern & Finch Coffee"] }),
    environment: z
      .enum(["sandbox", "production"])
      .meta({ description: "Environment of this deployment.", examples: ["sandbox"] }),
    plan: z.string().meta({ description: "Plan.", examples: ["standard"] }),
    locale: z.string().meta({ description: "BCP 47 tag.", examples: ["en"] }),
    timeZone: z.string().meta({ description: "IANA zone.", examples: ["Europe/Berlin"] }),
    publicUri: z
      .string()
      .nullable()
      .meta({ description: "Website of the tenant.", examples: ["https://fernfinch.example"] }),
    limits: z
      .object({
        requestsPerMinute: z.int().meta({ description: "Requests per minute.", examples: [100] }),
        requestsPerDay: z
          .int()
          .nullable()
          .meta({ description: "Requests per day; null if a day has no limit.", examples: [10_000] }),
      })
      .meta({ description: "The limits in force, for all its keys together.", examples: [limitsExample] }),
    createdAt: timestamp("When the account was made."),
    usage: z
      .object({
        templates: counter("Templates that exist."),
        passesIssued: counter("Passes ever issued."),
        passesUpdated: counter("Updates that changed a pass."),
        passesVoided: counter("Passes voided."),
        passesInstalled: counter(
          "Passes that were added to a wallet at least once; over `passesIssued` that is the installation rate.",
        ),
        installsActive: counter("Wallets that have a pass now: devices with Apple Wallet, and Google Wallets."),
        installsTotal: counter("How often a pass was added to a wallet."),
      })
      .meta({
        description: "Counters, exact at every moment.",
        examples: [usageExample],
      }),
    templates: z
      .array(templateSummarySchema)
      .meta({ description: "The newest templates, at most 100.", examples: [[]] }),
    hasMoreTemplates: z.boolean().meta({ description: "Whether there are more; list them.", examples: [false] }),
  })
  .meta({
    id: "Account",
    description: "The account that the key belongs to.",
    examples: [
      {
        object: "account",
        id: exampleId("tenant"),
        name: "Fern & Finch Coffee",
        environment: "sandbox",
        plan: "standard",
        locale: "en",
        timeZone: "Europe/Berlin",
        publicUri: "https://fernfinch.example",
        limits: limitsExample,
        createdAt: "2026-05-01T16:30:00.000Z",
        usage: usageExample,
        templates: [templateSummaryExample],
        hasMoreTemplates: false,
      },
    ],
  });

export const account = new Hono<AppEnv>().get(
  "/",
  operation({
    id: "getAccount",
    tag: "Account",
    summary: "Read the account",
    description: "Answers the account with its limits, templates and usage.",
    access: "account:read",
    responses: { 200: { description: "The account.", schema: accountSchema } },
  }),
  async (c) => {
    const ctx = c.get("tenant");
    const { tenant, environment } = ctx;
    const { usage, templates, hasMoreTemplates } = await readAccount(ctx);
    return c.json({
      object: "account" as const,
      id: tenant.id,
      name: tenant.name,
      environment,
      plan: tenant.plan,
      locale: tenant.locale,
      timeZone: tenant.timeZone,
      publicUri: tenant.publicUri,
      limits: limitsOf(environment, tenant),
      createdAt: isoTime(tenant.createdAt),
      usage,
      templates: templates.map(templateSummaryJson),
      hasMoreTemplates,
    });
  },
);
