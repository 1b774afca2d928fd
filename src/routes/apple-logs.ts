import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { listResponse } from "../http/lists";
import { operation } from "../http/operation";
import { exampleId, idOf, isoTime, listOf, pageQuery, timestamp } from "../http/schemas";
import { validate } from "../http/validate";
import { listLogs, logId, type AppleLog } from "../services/devices/list-logs";

const example = {
  object: "appleLog" as const,
  id: exampleId("log"),
  message: "[2026-05-01 16:30:00 +0000] Get pass task encountered error: Authentication failure",
  createdAt: "2026-05-01T16:30:00.000Z",
};

const logSchema = z
  .object({
    object: z.literal("appleLog").meta({ description: "Always `appleLog`.", examples: ["appleLog"] }),
    id: idOf("log", "Id of the message."),
    message: z.string().meta({ description: "What the device says, in its words.", examples: [example.message] }),
    createdAt: timestamp("When it came."),
  })
  .meta({ id: "AppleLog", description: "A message that a device sent.", examples: [example] });

const logJson = (log: AppleLog) => ({
  object: "appleLog" as const,
  id: logId(log),
  message: log.message,
  createdAt: isoTime(log.createdAt),
});

export const appleLogs = new Hono<AppEnv>().get(
  "/",
  operation({
    id: "listAppleLogs",
    tag: "Apple",
    summary: "List what devices logged",
    description:
      "Lists the newest 1,000 messages in which devices said why they could not register, ask for or fetch a pass; newest first.",
    access: "apple:read",
    responses: { 200: { description: "One page.", schema: listOf(logSchema, "AppleLogList", "/v2/apple/logs") } },
    errors: ["validation_error"],
  }),
  validate("query", z.strictObject(pageQuery(exampleId("log")))),
  async (c) => c.json(listResponse(c, await listLogs(c.get("tenant"), c.req.valid("query")), logJson)),
);
