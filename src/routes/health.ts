import { Hono } from "hono";
import * as z from "zod";
import { adminOnly } from "../http/auth";
import type { AppEnv } from "../http/env";
import { operation } from "../http/operation";
import { checkReadiness } from "../services/deployment/readiness";

const health = { status: "ok" as const };

const healthSchema = z
  .object({ status: z.literal("ok").meta({ description: "Always `ok`.", examples: ["ok"] }) })
  .meta({ id: "Health", description: "The process answers.", examples: [health] });

const readyExample = {
  status: "ready" as const,
  checks: [
    { name: "control_database", ok: true, durationMs: 4, failure: null },
    { name: "data_database_1", ok: true, durationMs: 5, failure: null },
    { name: "files", ok: true, durationMs: 21, failure: null },
    { name: "durable_objects", ok: true, durationMs: 8, failure: null },
  ],
};

const unavailableExample = {
  status: "unavailable" as const,
  checks: [
    ...readyExample.checks.slice(0, 3),
    { name: "durable_objects", ok: false, durationMs: 5000, failure: "timeout" },
  ],
};

const checkSchema = z
  .object({
    name: z.string().meta({
      description: "What was asked: `control_database`, `data_database_1` and so on, `files` (R2), `durable_objects`.",
      examples: ["files"],
    }),
    ok: z.boolean().meta({ description: "Whether it answered.", examples: [true] }),
    durationMs: z.int().meta({ description: "Milliseconds until it did, or until it was given up.", examples: [4] }),
    failure: z
      .enum(["timeout", "unreachable"])
      .nullable()
      .meta({
        description: "Null if it answered; `timeout` after five seconds without an answer. The log says more.",
        examples: ["timeout"],
      }),
  })
  .meta({
    id: "ReadinessCheck",
    description: "One thing that requests need.",
    examples: readyExample.checks.slice(0, 1),
  });

const readinessSchema = z
  .object({
    status: z
      .enum(["ready", "unavailable"])
      .meta({ description: "`ready` if everything answered.", examples: ["ready"] }),
    checks: z.array(checkSchema).meta({ description: "What was asked, all at once.", examples: [readyExample.checks] }),
  })
  .meta({ id: "Readiness", description: "Whether what requests need can be reached.", examples: [readyExample] });

/** Stands before everything that a deployment has to be configured for. */
export const liveness = new Hono<AppEnv>().get(
  "/healthz",
  operation({
    id: "getHealth",
    tag: "Admin",
    summary: "See whether the process answers",
    description: "Answers at once and asks nothing else, neither a database nor the settings of the deployment.",
    access: "public",
    responses: { 200: { description: "It does.", schema: healthSchema } },
  }),
  (c) => c.json(health),
);

export const readiness = new Hono<AppEnv>().get(
  "/readyz",
  adminOnly(),
  operation({
    id: "getReadiness",
    tag: "Admin",
    summary: "See whether the deployment can serve",
    description:
      "Asks the control database, each data database, the bucket and a Durable Object, all at once and each for five seconds at most.",
    access: "admin",
    responses: {
      200: { description: "Everything answered.", schema: readinessSchema, example: readyExample },
      503: { description: "Something did not.", schema: readinessSchema, example: unavailableExample },
    },
  }),
  async (c) => {
    const checks = await checkReadiness(c.get("base"));
    const ready = checks.every(({ ok }) => ok);
    return c.json({ status: ready ? ("ready" as const) : ("unavailable" as const), checks }, ready ? 200 : 503);
  },
);
