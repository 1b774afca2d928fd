import * as z from "zod";
import { exampleId, idOf, isoTime, timestamp, warningExample, warningSchema } from "../http/schemas";
import type { TemplateView } from "../services/templates/create";
import { designMembers, jsonObject } from "../services/templates/schema";
import type { TemplateRecord, TemplateVersionRecord } from "../services/templates/list";

const name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .meta({ description: "Name of the template, for you.", examples: ["Loyalty card"] });

const status = z.enum(["active", "archived"]).meta({
  description: "An archived template issues no passes, and may be deleted while passes of it live.",
  examples: ["active"],
});

const onePixelPng = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export const templateExample = {
  name: "Loyalty card",
  style: "storeCard",
  organizationName: "Fern & Finch Coffee",
  description: "Fern & Finch loyalty card",
  colors: { background: "#1f3d2b", foreground: "#ffffff", label: "#bfe3c8" },
  images: { icon: { "1x": onePixelPng } },
  fields: [
    {
      key: "points",
      label: "Points",
      type: "number",
      position: "header",
      default: 0,
      changeMessage: "You now have %@ points",
    },
    { key: "member", label: "Member", type: "text", position: "secondary", required: true },
    {
      key: "tier",
      label: "Tier",
      type: "text",
      position: "secondary",
      expression: 'points >= 1000.0 ? "Gold" : "Silver"',
    },
  ],
  barcode: { format: "qr", message: "{{pass.id}}" },
  locations: [
    { latitude: 52.520008, longitude: 13.404954, radius: 150, relevantText: "Your coffee is around the corner" },
  ],
};

export const templateBody = z.strictObject({ name, status: status.optional(), ...designMembers }).meta({
  id: "TemplateContent",
  description: "A template: its name and its whole design.",
  examples: [templateExample],
});

export const templatePatch = jsonObject.meta({
  id: "TemplatePatch",
  description:
    "JSON Merge Patch (RFC 7396) over the template: members are merged, `null` takes a member away, arrays are replaced whole. " +
    "The result is checked as a template.",
  examples: [{ colors: { background: "#7c2d12" } }],
});

const summaryMembers = {
  object: z.literal("template").meta({ description: "Always `template`.", examples: ["template"] }),
  id: idOf("tmpl", "Id of the template."),
  name,
  style: z.string().meta({ description: "Pass style.", examples: ["storeCard"] }),
  status,
  version: z
    .int()
    .meta({ description: "Number of the version; a change of the design makes the next one.", examples: [1] }),
  installs: z
    .object({
      passes: z.int().meta({ description: "Passes that were added to a wallet at least once.", examples: [34] }),
      active: z.int().meta({ description: "Wallets that have a pass of it now.", examples: [30] }),
      total: z.int().meta({ description: "How often a pass of it was added to a wallet.", examples: [36] }),
    })
    .meta({
      description: "Installations of its passes, in Apple Wallet and Google Wallet.",
      examples: [{ passes: 34, active: 30, total: 36 }],
    }),
  createdAt: timestamp("When the template was made."),
  updatedAt: timestamp("When it was last changed."),
};

export const templateSummaryExample = {
  object: "template" as const,
  id: exampleId("tmpl"),
  name: "Loyalty card",
  style: "storeCard",
  status: "active" as const,
  version: 1,
  installs: { passes: 34, active: 30, total: 36 },
  createdAt: "2026-05-01T16:30:00.000Z",
  updatedAt: "2026-05-01T16:30:00.000Z",
};

export const templateSummarySchema = z
  .object(summaryMembers)
  .meta({ id: "TemplateSummary", description: "A template without its design.", examples: [templateSummaryExample] });

export const templateSchema = z
  .object({
    ...designMembers,
    ...summaryMembers,
    versionCreatedAt: timestamp("When this version was made."),
    warnings: z.array(warningSchema).meta({ description: "What wallets would drop or map.", examples: [[]] }),
  })
  .meta({
    id: "Template",
    description: "A template with the design of one version.",
    examples: [
      {
        ...templateExample,
        ...templateSummaryExample,
        images: { icon: { "1x": exampleId("img") } },
        versionCreatedAt: "2026-05-01T16:30:00.000Z",
        warnings: [warningExample],
      },
    ] as never,
  });

export const templateVersionSchema = z
  .object({
    object: z
      .literal("templateVersion")
      .meta({ description: "Always `templateVersion`.", examples: ["templateVersion"] }),
    id: z
      .string()
      .meta({ description: "The version's number as text, which is the cursor of this list.", examples: ["1"] }),
    version: z.int().meta({ description: "Number of the version.", examples: [1] }),
    createdAt: timestamp("When it was made."),
    createdBy: z
      .string()
      .meta({ description: "Id of the key that made it, or `admin` or `system`.", examples: [exampleId("key")] }),
  })
  .meta({
    id: "TemplateVersion",
    description: "One version of a template.",
    examples: [
      {
        object: "templateVersion",
        id: "1",
        version: 1,
        createdAt: "2026-05-01T16:30:00.000Z",
        createdBy: exampleId("key"),
      },
    ],
  });

export function templateSummaryJson(template: TemplateRecord) {
  return {
    object: "template" as const,
    id: template.id,
    name: template.name,
    style: template.style,
    status: template.status === "archived" ? ("archived" as const) : ("active" as const),
    version: template.version,
    installs: {
      passes: template.passesInstalled,
      active: template.installsActive,
      total: template.installsTotal,
    },
    createdAt: isoTime(template.createdAt),
    updatedAt: isoTime(template.updatedAt),
  };
}

export function templateJson(view: TemplateView) {
  return {
    ...templateSummaryJson(view.template),
    ...view.design,
    version: view.version,
    versionCreatedAt: isoTime(view.versionCreatedAt),
    warnings: view.warnings,
  };
}

export function templateVersionJson(row: TemplateVersionRecord) {
  return {
    object: "templateVersion" as const,
    id: String(row.version),
    version: row.version,
    createdAt: isoTime(row.createdAt),
    createdBy: row.createdBy,
  };
}
