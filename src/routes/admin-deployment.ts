import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { operation } from "../http/operation";
import { exampleId } from "../http/schemas";
import { validate } from "../http/validate";
import { checkDeployment } from "../services/deployment/check";
import { saveShowcase } from "../services/deployment/showcase";

const statusExample = { environment: "sandbox", masterKeyId: "3f5a9c0d1e2b4a67" };

const statusSchema = z
  .object({
    environment: z.string().meta({ description: "Environment of this deployment.", examples: ["sandbox"] }),
    masterKeyId: z
      .string()
      .meta({ description: "Id of the master key in use; not a secret.", examples: [statusExample.masterKeyId] }),
  })
  .meta({ id: "DeploymentStatus", description: "State of the deployment.", examples: [statusExample] });

const showcaseBody = z
  .strictObject({
    tenantId: z
      .string()
      .max(200)
      .meta({ description: "Tenant of the passes.", examples: [exampleId("tenant")] }),
    passIds: z
      .array(z.string().max(200))
      .max(12)
      .meta({ description: "Passes to show, in order.", examples: [[exampleId("pass")]] }),
  })
  .meta({
    id: "Showcase",
    description: "Passes that the home page shows.",
    examples: [{ tenantId: exampleId("tenant"), passIds: [exampleId("pass")] }],
  });

export const adminDeployment = new Hono<AppEnv>()
  .get(
    "/status",
    operation({
      id: "getDeploymentStatus",
      tag: "Admin",
      summary: "Check the deployment",
      description: "Checks that the databases answer and that the master key opens the stored secrets.",
      access: "admin",
      responses: { 200: { description: "All is well.", schema: statusSchema } },
      errors: ["master_key_mismatch"],
    }),
    async (c) => c.json(await checkDeployment(c.get("base"))),
  )
  .put(
    "/showcase",
    operation({
      id: "setShowcase",
      tag: "Admin",
      summary: "Choose what the home page shows",
      description: "Sets the passes on the home page of a sandbox. Anybody who can open that page can open them.",
      access: "admin",
      requestExample: { tenantId: exampleId("tenant"), passIds: [exampleId("pass")] },
      responses: { 204: { description: "The home page shows them." } },
      errors: ["validation_error", "malformed_json", "unsupported_media_type", "body_too_large", "not_found"],
    }),
    validate("json", showcaseBody),
    async (c) => {
      await saveShowcase(c.get("base"), c.req.valid("json"));
      return c.body(null, 204);
    },
  );
