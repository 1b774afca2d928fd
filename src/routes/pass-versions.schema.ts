import * as z from "zod";
import { exampleId, isoTime, timestamp } from "../http/schemas";
import type { PassVersion } from "../services/passes/versions";
import { jsonObject } from "../services/templates/schema";
import { values } from "./passes.schema";

export const passVersionSchema = z
  .object({
    object: z.literal("passVersion").meta({ description: "Always `passVersion`.", examples: ["passVersion"] }),
    id: z.string().meta({ description: "The version's number as text.", examples: ["2"] }),
    version: z.int().meta({ description: "Number of the version.", examples: [2] }),
    templateVersion: z.int().meta({ description: "Version of the template then.", examples: [1] }),
    kind: z
      .enum(["issued", "updated", "voided"])
      .meta({ description: "What made this version.", examples: ["updated"] }),
    changed: z
      .array(z.string())
      .meta({ description: "JSON Pointers of the members that changed.", examples: [["#/values/points"]] }),
    values: values.meta({ description: "Values at this version.", examples: [{ points: 1250 }] }),
    overrides: jsonObject.meta({ description: "Overrides at this version.", examples: [{}] }),
    changedAt: timestamp("When."),
    changedBy: z.string().meta({ description: "Id of the key, or `admin` or `system`.", examples: [exampleId("key")] }),
  })
  .meta({
    id: "PassVersion",
    description: "One version of a pass.",
    examples: [
      {
        object: "passVersion",
        id: "2",
        version: 2,
        templateVersion: 1,
        kind: "updated",
        changed: ["#/values/points"],
        values: { member: "Zoë Winter", points: 1250 },
        overrides: {},
        changedAt: "2026-05-02T08:00:00.000Z",
        changedBy: exampleId("key"),
      },
    ],
  });

export const passVersionJson = (row: PassVersion) => ({
  object: "passVersion" as const,
  id: String(row.version),
  version: row.version,
  templateVersion: row.templateVersion,
  kind: row.change.kind,
  changed: row.change.pointers,
  values: row.values,
  overrides: row.overrides,
  changedAt: isoTime(row.change.at),
  changedBy: row.change.by,
});

export const versionPage = z.strictObject({
  limit: z.coerce
    .number<string>()
    .int()
    .min(1)
    .max(100)
    .default(20)
    .meta({ description: "How many versions are answered, 1 to 100.", examples: [20] }),
  startingAfter: z.coerce
    .number<string>()
    .int()
    .min(1)
    .optional()
    .meta({ description: "Number of the last version of the page before.", examples: [2] }),
});
