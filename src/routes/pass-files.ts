import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { idempotent } from "../http/idempotency";
import { listResponse } from "../http/lists";
import { operation } from "../http/operation";
import { exampleId, isoTime, listOf, pathId, timestamp, warningExample, warningSchema } from "../http/schemas";
import { sendPass, sendPasses } from "../http/send-pass";
import { validate } from "../http/validate";
import { previewPage } from "../pages/pass-page";
import { projectPreview } from "../pages/preview";
import { createLink, listLinks, type Link } from "../services/links/manage";
import { downloadPass, downloadPasses } from "../services/passes/apple";
import { previewInput } from "../services/passes/preview";
import { readProjections } from "../services/passes/projections";
import { jsonObject } from "../services/templates/schema";
import { passJson, passSchema } from "./passes.schema";

const passId = pathId("pass", "pass");

const projectionsSchema = z
  .object({
    resolved: jsonObject.meta({
      description: "The pass with its template applied, as no wallet in particular sees it.",
      examples: [{}],
    }),
    apple: z
      .object({
        output: jsonObject.meta({
          description: "pass.json, without its authenticationToken.",
          examples: [{ formatVersion: 1 }],
        }),
        warnings: z.array(warningSchema).meta({ description: "What Apple drops or maps.", examples: [[]] }),
      })
      .nullable()
      .meta({ description: "Null while the account has no Apple certificate.", examples: [null] }),
    google: z
      .object({
        output: z
          .object({
            vertical: z.string().meta({ description: "What Google calls this kind of pass.", examples: ["loyalty"] }),
            class: jsonObject.nullable().meta({
              description:
                "What all such passes have in common. Null if the pass now lacks what its class demands: it stays in the one that it has.",
              examples: [{ id: "3388000000022345678.card" }],
            }),
            object: jsonObject.meta({
              description: "The pass itself.",
              examples: [{ id: `3388000000022345678.${exampleId("pass")}` }],
            }),
          })
          .meta({
            description: "Class and object of Google's Wallet Objects API.",
            examples: [{ vertical: "loyalty", class: { id: "3388000000022345678.card" }, object: { state: "ACTIVE" } }],
          }),
        warnings: z.array(warningSchema).meta({ description: "What Google drops or maps.", examples: [[]] }),
      })
      .nullable()
      .meta({ description: "Null while the account is not connected to Google.", examples: [null] }),
  })
  .meta({
    id: "Projections",
    description: "What each wallet gets of a pass.",
    examples: [
      {
        resolved: { serialNumber: exampleId("pass"), style: "storeCard", voided: false },
        apple: { output: { formatVersion: 1, serialNumber: exampleId("pass") }, warnings: [warningExample] },
        google: null,
      },
    ],
  });

const linkSchema = z
  .object({
    object: z.literal("link").meta({ description: "Always `link`.", examples: ["link"] }),
    id: z.string().meta({ description: "Its token, by which it is revoked.", examples: ["K7X2M9QAh4nT0pQ2wX8yZ6bV"] }),
    url: z
      .string()
      .meta({ description: "What a person opens.", examples: ["https://api.example.com/p/K7X2M9QAh4nT0pQ2wX8yZ6bV"] }),
    status: z.enum(["active", "revoked"]).meta({ description: "Whether it opens the pass.", examples: ["active"] }),
    createdAt: timestamp("When it was made."),
    revokedAt: timestamp("When it was revoked; null if it was not.").nullable(),
  })
  .meta({
    id: "Link",
    description: "A link that opens a pass without a key.",
    examples: [
      {
        object: "link",
        id: "K7X2M9QAh4nT0pQ2wX8yZ6bV",
        url: "https://api.example.com/p/K7X2M9QAh4nT0pQ2wX8yZ6bV",
        status: "active",
        createdAt: "2026-05-01T16:30:00.000Z",
        revokedAt: null,
      },
    ],
  });

const linkJson = (link: Link, publicUrl: string) => ({
  object: "link" as const,
  id: link.token,
  url: `${publicUrl}/p/${link.token}`,
  status: link.revokedAt === null ? ("active" as const) : ("revoked" as const),
  createdAt: isoTime(link.createdAt),
  revokedAt: link.revokedAt === null ? null : isoTime(link.revokedAt),
});

/** What a pass looks like and is in each wallet. Mounted beside `passes`. */
export const passFiles = new Hono<AppEnv>()
  .get(
    "/:id/pkpass",
    operation({
      id: "downloadPass",
      tag: "Wallets",
      summary: "Download the Apple Wallet file",
      description: "Answers the signed `.pkpass`, also of a voided pass (it then says so itself).",
      access: "passes:read",
      responses: { 200: { description: "The file.", mediaType: "application/vnd.apple.pkpass" } },
      errors: ["not_found", "apple_not_configured", "nfc_certificate_required", "master_key_mismatch"],
    }),
    validate("param", passId),
    async (c) => {
      const { bytes, file } = await downloadPass(c.get("tenant"), c.req.valid("param").id);
      return sendPass(c, bytes, file.pass);
    },
  )
  .post(
    "/pkpasses",
    operation({
      id: "downloadPasses",
      tag: "Wallets",
      summary: "Download several passes as one file",
      description: "Answers a `.pkpasses` with up to 10 passes, which Safari adds at once.",
      access: "passes:read",
      requestExample: { passIds: [exampleId("pass")] },
      responses: { 200: { description: "The file.", mediaType: "application/vnd.apple.pkpasses" } },
      errors: [
        "validation_error",
        "malformed_json",
        "unsupported_media_type",
        "body_too_large",
        "not_found",
        "apple_not_configured",
        "nfc_certificate_required",
        "master_key_mismatch",
      ],
    }),
    validate(
      "json",
      z
        .strictObject({
          passIds: z
            .array(z.string().max(200))
            .min(1)
            .max(10, "a bundle holds at most 10 passes")
            .meta({
              description: "Ids of 1 to 10 passes, in the order in which they are shown.",
              examples: [[exampleId("pass")]],
            }),
        })
        .meta({ id: "Bundle", description: "Passes to be bundled.", examples: [{ passIds: [exampleId("pass")] }] }),
    ),
    idempotent(),
    async (c) => sendPasses(c, await downloadPasses(c.get("tenant"), [...new Set(c.req.valid("json").passIds)])),
  )
  .get(
    "/:id/preview",
    operation({
      id: "previewPass",
      tag: "Wallets",
      summary: "See a pass",
      description: "Answers a page that draws the pass, front and back, as Wallet would.",
      access: "passes:read",
      responses: { 200: { description: "The page.", mediaType: "text/html" } },
      errors: ["validation_error", "not_found"],
    }),
    validate("param", passId),
    validate(
      "query",
      z.strictObject({
        language: z
          .string()
          .max(35)
          .optional()
          .meta({ description: "Language of the texts, as in the template's localizations.", examples: ["de"] }),
      }),
    ),
    async (c) => {
      const { pass, language, ...options } = await previewInput(
        c.get("tenant"),
        c.req.valid("param").id,
        c.req.valid("query").language,
      );
      return c.html(previewPage({ preview: projectPreview(pass, { ...options, language }).output, language }));
    },
  )
  .get(
    "/:id/projections",
    operation({
      id: "getProjections",
      tag: "Wallets",
      summary: "See what each wallet gets",
      description: "Answers the resolved pass, and what becomes of it in each wallet with all warnings.",
      access: "passes:read",
      responses: { 200: { description: "The projections.", schema: projectionsSchema } },
      errors: ["not_found"],
    }),
    validate("param", passId),
    async (c) => c.json(await readProjections(c.get("tenant"), c.req.valid("param").id)),
  )
  .get(
    "/:id/links",
    operation({
      id: "listLinks",
      tag: "Distribution",
      summary: "List the links of a pass",
      description: "Lists every link of a pass, newest first, with the revoked ones: at most 100.",
      access: "passes:read",
      responses: {
        200: { description: "The links.", schema: listOf(linkSchema, "LinkList", "/v2/passes/{id}/links") },
      },
      errors: ["not_found"],
    }),
    validate("param", passId),
    async (c) => {
      const items = await listLinks(c.get("tenant"), c.req.valid("param").id);
      const toJson = (link: Link) => linkJson(link, c.get("base").publicUrl);
      return c.json(listResponse(c, { items, hasMore: false }, toJson));
    },
  )
  .post(
    "/:id/links",
    operation({
      id: "createLink",
      tag: "Distribution",
      summary: "Make a new link",
      description:
        "Makes a new link, which the pass's `links` show from now on. Earlier links go on working until they are revoked.",
      access: "passes:write",
      responses: { 201: { description: "The pass with its new links.", schema: passSchema } },
      errors: ["not_found", "pass_voided"],
    }),
    validate("param", passId),
    idempotent(),
    async (c) => c.json(passJson(await createLink(c.get("tenant"), c.req.valid("param").id)), 201),
  );
