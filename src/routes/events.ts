import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { listResponse } from "../http/lists";
import { operation } from "../http/operation";
import { exampleId, idOf, isoTime, listOf, pageQuery, timestamp } from "../http/schemas";
import { validate } from "../http/validate";
import { listEvents, type EventRecord } from "../services/events/list";
import { eventTypes, type EventType } from "../services/events/record";
import { jsonObject } from "../services/templates/schema";

const eventSchema = z
  .object({
    object: z.literal("event").meta({ description: "Always `event`.", examples: ["event"] }),
    id: idOf("evt", "Id of the event; the same on every delivery."),
    type: z.enum(eventTypes).meta({ description: "What happened.", examples: ["pass.created"] }),
    passId: idOf("pass", "The pass concerned, if one is.").nullable(),
    templateId: idOf("tmpl", "The template concerned.").nullable(),
    data: jsonObject.meta({
      description: "Details by type.",
      examples: [{ version: 2, pointers: ["#/values/points"] }],
    }),
    actor: z
      .string()
      .meta({ description: "Id of the key, or `admin`, `system` or `holder`.", examples: [exampleId("key")] }),
    requestId: z.string().meta({ description: "Request that caused it.", examples: [exampleId("req")] }),
    createdAt: timestamp("When it happened."),
  })
  .meta({
    id: "Event",
    description: "Something that happened, written in the same transaction as the change itself.",
    examples: [
      {
        object: "event",
        id: exampleId("evt"),
        type: "pass.updated",
        passId: exampleId("pass"),
        templateId: exampleId("tmpl"),
        data: { version: 2, pointers: ["#/values/points"] },
        actor: exampleId("key"),
        requestId: exampleId("req"),
        createdAt: "2026-05-01T16:30:00.000Z",
      },
    ],
  });

const eventJson = (event: EventRecord) => ({
  object: "event" as const,
  id: event.id,
  type: event.type as EventType,
  passId: event.passId,
  templateId: event.templateId,
  data: event.data,
  actor: event.actor,
  requestId: event.requestId,
  createdAt: isoTime(event.createdAt),
});

export const events = new Hono<AppEnv>().get(
  "/",
  operation({
    id: "listEvents",
    tag: "Events",
    summary: "List events",
    description: "Lists what happened in the account, newest first.",
    access: "events:read",
    responses: { 200: { description: "One page.", schema: listOf(eventSchema, "EventList", "/v2/events") } },
    errors: ["validation_error"],
  }),
  validate("query", z.strictObject(pageQuery(exampleId("evt")))),
  async (c) => c.json(listResponse(c, await listEvents(c.get("tenant"), c.req.valid("query")), eventJson)),
);
