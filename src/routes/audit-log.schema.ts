import * as z from "zod";
import { exampleId, idOf, isoTime, listOf, pageQuery, timestamp } from "../http/schemas";
import { auditActions, auditedObjects, type AuditAction, type AuditedObject } from "../services/audit/actions";
import type { AuditRecord } from "../services/audit/list";
import { instant } from "../services/templates/schema";

const actions = Object.keys(auditActions) as [AuditAction, ...AuditAction[]];

const example = {
  object: "auditEntry" as const,
  id: exampleId("aud"),
  action: "pass.updated" as const,
  actor: exampleId("key"),
  objectType: "pass" as const,
  objectId: exampleId("pass"),
  address: "203.0.113.7",
  requestId: exampleId("req"),
  changes: [{ pointer: "#/version", from: 1, to: 2 }, { pointer: "#/values/points" }],
  createdAt: "2026-05-01T16:30:00.000Z",
};

const changeSchema = z
  .object({
    pointer: z.string().meta({
      description: "JSON Pointer to the member that was changed.",
      examples: ["#/version", "#/values/points"],
    }),
    from: z
      .unknown()
      .optional()
      .meta({ description: "Its value before.", examples: [1] }),
    to: z
      .unknown()
      .optional()
      .meta({ description: "Its value since then.", examples: [2] }),
  })
  .meta({
    id: "AuditedChange",
    description:
      "A member that was changed. Values stand here only of members that say nothing of a person: states, versions, settings, scopes, ids.",
    examples: example.changes,
  });

const auditEntrySchema = z
  .object({
    object: z.literal("auditEntry").meta({ description: "Always `auditEntry`.", examples: ["auditEntry"] }),
    id: idOf("aud", "Id of the entry. It begins with the time at which the request came."),
    action: z.enum(actions).meta({ description: "What was done.", examples: [example.action] }),
    actor: z.string().meta({
      description: "Who did it: id of the API key, or `admin` (the operator), or `system`.",
      examples: [example.actor, "admin"],
    }),
    objectType: z
      .enum(auditedObjects as [AuditedObject, ...AuditedObject[]])
      .meta({ description: "What it was done to.", examples: [example.objectType] }),
    objectId: z.string().meta({
      description:
        "Id of that object. Of a certificate its pass type identifier, of an account at Google its issuer; a link is named by its pass.",
      examples: [example.objectId],
    }),
    address: z
      .string()
      .nullable()
      .meta({
        description: "IP address that the request came from; null if none was seen.",
        examples: [example.address],
      }),
    requestId: z.string().meta({ description: "The request that did it.", examples: [example.requestId] }),
    changes: z
      .array(changeSchema)
      .meta({ description: "What of the object was changed.", examples: [example.changes] }),
    createdAt: timestamp("When it was done."),
  })
  .meta({
    id: "AuditEntry",
    description:
      "One change and who made it, written in the same transaction as the change itself. Entries are never changed.",
    examples: [example],
  });

export const auditLogSchema = listOf(auditEntrySchema, "AuditLog", "/v2/audit-log");

export const auditQuery = z.strictObject({
  ...pageQuery(exampleId("aud")),
  actor: z
    .string()
    .max(200)
    .optional()
    .meta({
      description: "Entries of this key, of the operator (`admin`) or of the deployment itself (`system`).",
      examples: [example.actor],
    }),
  objectId: z
    .string()
    .max(200)
    .optional()
    .meta({ description: "Entries of this object.", examples: [example.objectId] }),
  from: instant.optional().meta({
    description: "Entries of requests that came at or after this time.",
    examples: ["2026-05-01T00:00:00Z"],
  }),
  to: instant.optional().meta({
    description: "Entries of requests that came at or before this time.",
    examples: ["2026-05-02T00:00:00Z"],
  }),
});

const timeOf = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));

/** The filter of a request. */
export function auditFilter({ actor, objectId, from, to }: z.output<typeof auditQuery>) {
  return { actor, objectId, from: timeOf(from), to: timeOf(to) };
}

export const auditJson = (entry: AuditRecord) => ({
  object: "auditEntry" as const,
  id: entry.id,
  action: entry.action as AuditAction,
  actor: entry.actor,
  objectType: entry.objectType as AuditedObject,
  objectId: entry.objectId,
  address: entry.address,
  requestId: entry.requestId,
  changes: entry.changes,
  createdAt: isoTime(entry.at),
});
