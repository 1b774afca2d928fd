import { Hono } from "hono";
import * as z from "zod";
import type { AppEnv } from "../http/env";
import { listResponse } from "../http/lists";
import { operation } from "../http/operation";
import { exampleId, idOf, isoTime, listOf, pageQuery, timestamp } from "../http/schemas";
import { validate } from "../http/validate";
import { errorCodes, type ErrorCode } from "../services/errors";
import { listRequests, type LoggedRequest } from "../services/request-logs/list";
import { instant } from "../services/templates/schema";

const example = {
  object: "request" as const,
  id: exampleId("req"),
  method: "PATCH",
  route: "/v2/passes/:id",
  status: 409,
  errorCode: "pass_voided" as const,
  durationMs: 12,
  keyId: exampleId("key"),
  traceId: "0af7651916cd43dd8448eb211c80319c",
  idempotentReplayed: false,
  createdAt: "2026-05-01T16:30:00.000Z",
};

const requestSchema = z
  .object({
    object: z.literal("request").meta({ description: "Always `request`.", examples: ["request"] }),
    id: idOf("req", "Id of the request, as in its `X-Request-Id`."),
    method: z.string().meta({ description: "Method.", examples: [example.method] }),
    route: z.string().meta({
      description: "Template of the path; `/v2/*` if the path leads to no operation.",
      examples: [example.route],
    }),
    status: z.int().meta({ description: "HTTP status of the answer.", examples: [example.status] }),
    errorCode: z
      .enum(errorCodes)
      .nullable()
      .meta({ description: "Code of the problem that was answered, if one was.", examples: [example.errorCode] }),
    durationMs: z.int().meta({ description: "Milliseconds until the answer began.", examples: [example.durationMs] }),
    keyId: idOf("key", "The key that made it."),
    traceId: z.string().meta({
      description: "Its trace: that of its `traceparent` (W3C Trace Context), or one that began with it.",
      examples: [example.traceId],
    }),
    idempotentReplayed: z.boolean().meta({
      description: "Whether it was answered as an earlier request under the same Idempotency-Key was.",
      examples: [example.idempotentReplayed],
    }),
    createdAt: timestamp("When it came."),
  })
  .meta({
    id: "RequestLogEntry",
    description: "A request that a key of the account made. Nothing of what was in it is kept.",
    examples: [example],
  });

const requestJson = (request: LoggedRequest) => ({
  object: "request" as const,
  id: request.requestId,
  method: request.method,
  route: request.route,
  status: request.status,
  errorCode: request.errorCode as ErrorCode | null,
  durationMs: request.durationMs,
  keyId: request.keyId,
  traceId: request.traceId,
  idempotentReplayed: request.replayed,
  createdAt: isoTime(request.at),
});

const text = (description: string, examples: string[]) =>
  z.string().max(200).optional().meta({ description, examples });

const filters = {
  status: z
    .string()
    .regex(/^[1-5](\d\d|xx)$/, "expected a status such as 404, or a class of them such as 4xx")
    .optional()
    .meta({ description: "Requests with this status, or a status of this class.", examples: ["404", "4xx"] }),
  method: z
    .enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
    .optional()
    .meta({ description: "Requests with this method.", examples: ["PATCH"] }),
  route: text("Requests to this template of a path.", [example.route]),
  keyId: text("Requests that this key made.", [exampleId("key")]),
  errorCode: z
    .enum(errorCodes)
    .optional()
    .meta({ description: "Requests that were answered with this code.", examples: [example.errorCode] }),
  from: instant
    .optional()
    .meta({ description: "Requests that came at or after this time.", examples: ["2026-05-01T00:00:00Z"] }),
  to: instant
    .optional()
    .meta({ description: "Requests that came at or before this time.", examples: ["2026-05-02T00:00:00Z"] }),
};

/** Both ends of what `404` or `4xx` names. */
function statusRange(status: string | undefined): { statusMin?: number; statusMax?: number } {
  if (status === undefined) return {};
  return { statusMin: Number(status.replaceAll("x", "0")), statusMax: Number(status.replaceAll("x", "9")) };
}

const timeOf = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));

export const requestLogs = new Hono<AppEnv>().get(
  "/",
  operation({
    id: "listRequestLogs",
    tag: "Account",
    summary: "List the last requests",
    description:
      "Lists the last 10,000 requests that keys of the account made, refused ones, too; the one that was answered last comes first. " +
      "An entry stands here a moment after its answer. Of bodies, paths, queries and headers nothing is kept.",
    access: "logs:read",
    responses: {
      200: { description: "One page.", schema: listOf(requestSchema, "RequestLog", "/v2/request-logs") },
    },
    errors: ["validation_error", "temporarily_unavailable"],
  }),
  validate("query", z.strictObject({ ...pageQuery(exampleId("req")), ...filters })),
  async (c) => {
    const { limit, startingAfter, endingBefore, status, from, to, ...filter } = c.req.valid("query");
    const page = await listRequests(
      c.get("tenant"),
      { limit, startingAfter, endingBefore },
      { ...filter, ...statusRange(status), from: timeOf(from), to: timeOf(to) },
    );
    return c.json(listResponse(c, page, requestJson));
  },
);
