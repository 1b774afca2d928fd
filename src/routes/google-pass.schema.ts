import * as z from "zod";
import { exampleId, isoTime, timestamp, warningSchema } from "../http/schemas";
import type { GooglePassView } from "../services/google/view";

const example = {
  objectId: `3388000000022345678.${exampleId("pass")}`,
  classId: `3388000000022345678.${exampleId("tmpl")}.1.9f86d081884c7d65`,
  vertical: "loyalty",
  status: "synced" as const,
  syncedVersion: 1,
  syncedAt: "2026-05-01T16:35:00.000Z",
  failure: null,
  warnings: [],
  notifications: { limit: 3, used: 1, resetsAt: "2026-05-02T16:35:00.000Z" },
  drift: null,
};

export const googlePassSchema = z
  .object({
    objectId: z.string().meta({ description: "Id of the object.", examples: [example.objectId] }),
    classId: z
      .string()
      .nullable()
      .meta({ description: "Id of its class; null until it is made.", examples: [example.classId] }),
    vertical: z
      .string()
      .nullable()
      .meta({ description: "Kind of pass, which never changes; null until it is made.", examples: ["loyalty"] }),
    status: z.enum(["synced", "pending", "failed", "offered"]).meta({
      description:
        "`synced`: Google has the present version. `pending`: it will be told. `failed`: it did not take it; `failure` says why. `offered`: a link that holds the whole pass was handed out, and Google has it from when that is saved.",
      examples: ["synced"],
    }),
    syncedVersion: z.int().meta({ description: "Version of the pass that Google has; 0 for none.", examples: [1] }),
    syncedAt: timestamp("When Google was last told; null if never.").nullable(),
    failure: z
      .object({
        code: z.string().meta({ description: "Stable, for programs.", examples: ["permission"] }),
        detail: z.string().meta({ description: "As Google says it.", examples: ["Permission denied."] }),
        at: timestamp("When it was."),
      })
      .nullable()
      .meta({ description: "Why the latest attempt failed; null if it did not.", examples: [null] }),
    warnings: z.array(warningSchema).meta({
      description: "What the latest delivery dropped, such as a notification beyond Google's limit.",
      examples: [[]],
    }),
    notifications: z
      .object({
        limit: z.int().meta({ description: "How many Google shows of a pass in 24 hours.", examples: [3] }),
        used: z.int().meta({ description: "How many were sent in the latest 24 hours.", examples: [1] }),
        resetsAt: timestamp("When the next one is free again; null if none was sent.").nullable(),
      })
      .meta({
        description: "Notifications on the holder's phone. Beyond the limit a change comes without one.",
        examples: [example.notifications],
      }),
    drift: z
      .enum(["save", "removal"])
      .nullable()
      .meta({
        description:
          "Whether a callback of Google's was missed, as far as a daily comparison tells. `save`: Google says that somebody has the pass, and we heard of nobody. `removal`: Google says that nobody has it, and we heard of somebody. Null if both agree, or were not compared. It is gone with the next callback of the pass.",
        examples: [null],
      }),
  })
  .meta({ id: "GooglePass", description: "A pass at Google.", examples: [example] });

export function googlePassJson({ row, status, notifications }: GooglePassView) {
  const { limit, used, resetsAt } = notifications;
  return {
    objectId: row.id,
    classId: row.classId,
    vertical: row.classId === null ? null : row.vertical,
    status,
    syncedVersion: row.syncedVersion,
    syncedAt: row.syncedAt === null ? null : isoTime(row.syncedAt),
    failure: row.failure && { ...row.failure, at: isoTime(row.failure.at) },
    warnings: row.warnings,
    notifications: { limit, used, resetsAt: resetsAt === null ? null : isoTime(resetsAt) },
    drift: row.drift,
  };
}
