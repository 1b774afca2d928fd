import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { idempotent } from "../http/idempotency";
import { ifMatchVersion } from "../http/if-match";
import { listResponse } from "../http/lists";
import { operation } from "../http/operation";
import { exampleId, listOf, pageQuery, pathId } from "../http/schemas";
import { validate } from "../http/validate";
import { checkValuesForIssue, checkValuesForUpdate } from "../services/passes/check";
import { issuePass } from "../services/passes/issue";
import { listPasses } from "../services/passes/list";
import { readPass } from "../services/passes/read";
import { patchPass, replacePass, voidPass } from "../services/passes/update";
import { listPassVersions } from "../services/passes/versions";
import { viewPass } from "../services/passes/view";
import { passVersionJson, passVersionSchema, versionPage } from "./pass-versions.schema";
import { issueBody, issueExample, passFilters, passJson, passSchema, patchBody, replaceBody } from "./passes.schema";

const passId = pathId("pass", "pass");
const bodyErrors = ["validation_error", "malformed_json", "unsupported_media_type", "body_too_large"] as const;
const changeErrors = [
  ...bodyErrors,
  "not_found",
  "pass_voided",
  "version_mismatch",
  "images_not_configured",
  "temporarily_unavailable",
] as const;
const onePass = { description: "The pass.", schema: passSchema };
const ifMatch = " Send `If-Match` with the version you saw to be refused if it has changed since.";

export const passes = new Hono<AppEnv>()
  .post(
    "/",
    operation({
      id: "issuePass",
      tag: "Passes",
      summary: "Issue a pass",
      description:
        "Issues a pass from the newest version of a template. Its links work at once. A second pass with the same " +
        "`externalId` is refused, or replaces the first one's content with `?upsert=true`.",
      access: "passes:write",
      fansOut: true,
      requestExample: issueExample,
      responses: {
        201: { description: "The new pass.", schema: passSchema },
        200: { description: "The pass that had this externalId, with its new content.", schema: passSchema },
      },
      errors: [
        ...bodyErrors,
        "not_found",
        "external_id_taken",
        "template_archived",
        "images_not_configured",
        "temporarily_unavailable",
      ],
    }),
    validate(
      "query",
      z.strictObject({
        upsert: z
          .enum(["true", "false"])
          .default("false")
          .meta({
            description: "`true` replaces the content of the pass that has this externalId, if there is one.",
            examples: ["true"],
          }),
      }),
    ),
    validate("json", issueBody, (c, body) => checkValuesForIssue(c.get("tenant"), body)),
    idempotent(),
    async (c) => {
      const { view, created } = await issuePass(
        c.get("tenant"),
        c.req.valid("json"),
        c.req.valid("query").upsert === "true",
      );
      return c.json(passJson(view), created ? 201 : 200);
    },
  )
  .get(
    "/",
    operation({
      id: "listPasses",
      tag: "Passes",
      summary: "List passes",
      description:
        "Lists passes, newest first. By template, customer or status, those that never expire come first, then those that " +
        "expire last; with `updatedSince`, the oldest change comes first. A combination of filters that no index serves is refused.",
      access: "passes:read",
      responses: { 200: { description: "One page.", schema: listOf(passSchema, "PassList", "/v2/passes") } },
      errors: ["validation_error"],
    }),
    validate("query", z.strictObject({ ...pageQuery(exampleId("pass")), ...passFilters })),
    async (c) => {
      const { limit, startingAfter, endingBefore, updatedSince, ...filter } = c.req.valid("query");
      const since = updatedSince === undefined ? {} : { updatedSince: Date.parse(updatedSince) };
      const page = await listPasses(c.get("tenant"), { ...filter, ...since }, { limit, startingAfter, endingBefore });
      return c.json(listResponse(c, page, passJson));
    },
  )
  .get(
    "/:id",
    operation({
      id: "getPass",
      tag: "Passes",
      summary: "Read a pass",
      description: "Reads one pass with its customer and its warnings. A voided pass stays readable.",
      access: "passes:read",
      responses: { 200: onePass },
      errors: ["not_found"],
    }),
    validate("param", passId),
    async (c) => {
      const ctx = c.get("tenant");
      return c.json(passJson(viewPass(ctx, await readPass(ctx, c.req.valid("param").id))));
    },
  )
  .patch(
    "/:id",
    operation({
      id: "updatePass",
      tag: "Updates",
      summary: "Change a pass",
      description: `Merges values, overrides and customer into the pass. An update that changes nothing makes no new version.${ifMatch}`,
      access: "passes:write",
      fansOut: true,
      requestExample: { values: { points: 1250 }, changeMessage: "Points increased to %@" },
      responses: { 200: onePass },
      errors: [...changeErrors],
    }),
    validate("param", passId),
    validate("json", patchBody, (c, body) => checkValuesForUpdate(c.get("tenant"), c.req.param("id")!, body, true)),
    idempotent(),
    async (c) =>
      c.json(
        passJson(await patchPass(c.get("tenant"), c.req.valid("param").id, c.req.valid("json"), ifMatchVersion(c))),
      ),
  )
  .put(
    "/:id",
    operation({
      id: "replacePass",
      tag: "Updates",
      summary: "Replace the content of a pass",
      description: `Replaces values, overrides and customer whole; what is left out is gone.${ifMatch}`,
      access: "passes:write",
      fansOut: true,
      requestExample: { values: { member: "Zoë Winter", points: 1250 } },
      responses: { 200: onePass },
      errors: [...changeErrors],
    }),
    validate("param", passId),
    validate("json", replaceBody, (c, body) => checkValuesForUpdate(c.get("tenant"), c.req.param("id")!, body, false)),
    async (c) =>
      c.json(
        passJson(await replacePass(c.get("tenant"), c.req.valid("param").id, c.req.valid("json"), ifMatchVersion(c))),
      ),
  )
  .delete(
    "/:id",
    operation({
      id: "voidPass",
      tag: "Passes",
      summary: "Void a pass",
      description: `Voids a pass for good: wallets show it void, its links close, its externalId is free again.${ifMatch}`,
      access: "passes:write",
      fansOut: true,
      responses: { 200: { description: "The pass, voided.", schema: passSchema } },
      errors: ["validation_error", "not_found", "version_mismatch", "temporarily_unavailable"],
    }),
    validate("param", passId),
    async (c) => c.json(passJson(await voidPass(c.get("tenant"), c.req.valid("param").id, ifMatchVersion(c)))),
  )
  .get(
    "/:id/versions",
    operation({
      id: "listPassVersions",
      tag: "Updates",
      summary: "List the versions of a pass",
      description: "What changed, when and by whom, newest first: the present version and up to 99 before it.",
      access: "passes:read",
      responses: {
        200: {
          description: "One page.",
          schema: listOf(passVersionSchema, "PassVersionList", `/v2/passes/${exampleId("pass")}/versions`),
        },
      },
      errors: ["validation_error", "not_found"],
    }),
    validate("param", passId),
    validate("query", versionPage),
    async (c) => {
      const page = await listPassVersions(c.get("tenant"), c.req.valid("param").id, c.req.valid("query"));
      return c.json(listResponse(c, page, passVersionJson));
    },
  );
