import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { idempotent } from "../http/idempotency";
import { listResponse } from "../http/lists";
import { operation } from "../http/operation";
import { exampleId, listOf, pageQuery, pathId } from "../http/schemas";
import { validate } from "../http/validate";
import { createTemplate } from "../services/templates/create";
import { deleteTemplate } from "../services/templates/delete";
import { listTemplateVersions, listTemplates } from "../services/templates/list";
import { patchTemplate } from "../services/templates/patch";
import { readTemplate, withImageBytes } from "../services/templates/read";
import { updateTemplate } from "../services/templates/update";
import {
  templateBody,
  templateExample,
  templateJson,
  templatePatch,
  templateSchema,
  templateSummaryJson,
  templateSummarySchema,
  templateVersionJson,
  templateVersionSchema,
} from "./templates.schema";

const templateId = pathId("tmpl", "template");
const bodyErrors = ["validation_error", "malformed_json", "unsupported_media_type", "body_too_large"] as const;

export const templates = new Hono<AppEnv>()
  .post(
    "/",
    operation({
      id: "createTemplate",
      tag: "Templates",
      summary: "Make a template",
      description:
        "Makes a template from a whole design: style, colours, images, fields, barcode, expiry, places and dates. " +
        "What a wallet would drop or map is told in `warnings`.",
      access: "templates:write",
      requestExample: templateExample,
      responses: { 201: { description: "The template.", schema: templateSchema } },
      errors: [...bodyErrors, "images_not_configured", "master_key_mismatch", "temporarily_unavailable"],
    }),
    validate("json", templateBody),
    idempotent(),
    async (c) => {
      const { name, status = "active", ...design } = c.req.valid("json");
      return c.json(templateJson(await createTemplate(c.get("tenant"), { name, status, design })), 201);
    },
  )
  .get(
    "/",
    operation({
      id: "listTemplates",
      tag: "Templates",
      summary: "List templates",
      description: "Lists templates without their designs, newest first.",
      access: "templates:read",
      responses: {
        200: { description: "One page.", schema: listOf(templateSummarySchema, "TemplateList", "/v2/templates") },
      },
      errors: ["validation_error"],
    }),
    validate("query", z.strictObject(pageQuery(exampleId("tmpl")))),
    async (c) =>
      c.json(listResponse(c, await listTemplates(c.get("tenant"), c.req.valid("query")), templateSummaryJson)),
  )
  .get(
    "/:id",
    operation({
      id: "getTemplate",
      tag: "Templates",
      summary: "Read a template",
      description: "Reads a template at its newest version, or at another one.",
      access: "templates:read",
      responses: { 200: { description: "The template.", schema: templateSchema } },
      errors: ["validation_error", "not_found"],
    }),
    validate("param", templateId),
    validate(
      "query",
      z.strictObject({
        version: z.coerce
          .number<string>()
          .int()
          .min(1)
          .optional()
          .meta({ description: "Number of a version.", examples: [1] }),
        images: z
          .enum(["ids", "base64"])
          .default("ids")
          .meta({
            description:
              "`base64` answers the pictures themselves, so that another environment takes the answer as it is.",
            examples: ["ids"],
          }),
      }),
    ),
    async (c) => {
      const { version, images } = c.req.valid("query");
      const view = await readTemplate(c.get("tenant"), c.req.valid("param").id, version);
      return c.json(templateJson(images === "base64" ? await withImageBytes(c.get("tenant"), view) : view));
    },
  )
  .put(
    "/:id",
    operation({
      id: "replaceTemplate",
      tag: "Templates",
      summary: "Replace a template",
      description:
        "Replaces the whole design, as version n+1. Passes that exist keep their version. Without a change nothing happens.",
      access: "templates:write",
      requestExample: templateExample,
      responses: { 200: { description: "The template as it is now.", schema: templateSchema } },
      errors: [...bodyErrors, "not_found", "images_not_configured", "temporarily_unavailable"],
    }),
    validate("param", templateId),
    validate("json", templateBody),
    async (c) => {
      const { name, status = "active", ...design } = c.req.valid("json");
      const view = await updateTemplate(c.get("tenant"), c.req.valid("param").id, () => ({ name, status, design }));
      return c.json(templateJson(view));
    },
  )
  .patch(
    "/:id",
    operation({
      id: "updateTemplate",
      tag: "Templates",
      summary: "Change or archive a template",
      description:
        "Merges the members that are sent. A changed design becomes version n+1; passes that exist keep theirs.",
      access: "templates:write",
      requestExample: { colors: { background: "#7c2d12" } },
      responses: { 200: { description: "The template as it is now.", schema: templateSchema } },
      errors: [...bodyErrors, "not_found", "images_not_configured", "temporarily_unavailable"],
    }),
    validate("param", templateId),
    validate("json", templatePatch),
    idempotent(),
    async (c) => {
      const view = await patchTemplate(c.get("tenant"), c.req.valid("param").id, c.req.valid("json"), templateBody);
      return c.json(templateJson(view));
    },
  )
  .delete(
    "/:id",
    operation({
      id: "deleteTemplate",
      tag: "Templates",
      summary: "Delete a template",
      description: "Deletes a template. While passes of it are active it must be archived first; those passes live on.",
      access: "templates:write",
      responses: { 204: { description: "The template is deleted." } },
      errors: ["not_found", "template_in_use"],
    }),
    validate("param", templateId),
    async (c) => {
      await deleteTemplate(c.get("tenant"), c.req.valid("param").id);
      return c.body(null, 204);
    },
  )
  .get(
    "/:id/versions",
    operation({
      id: "listTemplateVersions",
      tag: "Templates",
      summary: "List the versions of a template",
      description: "Lists versions, newest first. Read one with `GET /v2/templates/{id}?version=`.",
      access: "templates:read",
      responses: {
        200: {
          description: "One page.",
          schema: listOf(templateVersionSchema, "TemplateVersionList", `/v2/templates/${exampleId("tmpl")}/versions`),
        },
      },
      errors: ["validation_error", "not_found"],
    }),
    validate("param", templateId),
    validate("query", z.strictObject(pageQuery("1"))),
    async (c) => {
      const page = await listTemplateVersions(c.get("tenant"), c.req.valid("param").id, c.req.valid("query"));
      return c.json(listResponse(c, page, templateVersionJson));
    },
  );
