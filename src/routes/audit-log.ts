import { Hono } from "hono";
import type { AppEnv } from "../http/env";
import { listResponse } from "../http/lists";
import { operation } from "../http/operation";
import { validate } from "../http/validate";
import { listAuditEntries } from "../services/audit/list";
import { auditFilter, auditJson, auditLogSchema, auditQuery } from "./audit-log.schema";

export const auditLog = new Hono<AppEnv>().get(
  "/",
  operation({
    id: "listAuditLog",
    tag: "Account",
    summary: "List the audit log",
    description:
      "Lists who changed what, newest first: every change by an API key, by the operator and by the deployment itself. " +
      "What holders, devices and Google do stands among the events. The filters `actor` and `objectId` work alone, each with `from` and `to`.",
    access: "audit:read",
    responses: { 200: { description: "One page.", schema: auditLogSchema } },
    errors: ["validation_error"],
  }),
  validate("query", auditQuery),
  async (c) => {
    const query = c.req.valid("query");
    const ctx = c.get("tenant");
    return c.json(listResponse(c, await listAuditEntries(ctx, ctx.tenant, auditFilter(query), query), auditJson));
  },
);
