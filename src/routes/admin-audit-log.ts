import { Hono } from "hono";
import type { AppEnv } from "../http/env";
import { listResponse } from "../http/lists";
import { operation } from "../http/operation";
import { pathId } from "../http/schemas";
import { validate } from "../http/validate";
import { listAuditEntries } from "../services/audit/list";
import { readAnyTenant } from "../services/tenants/read";
import { auditFilter, auditJson, auditLogSchema, auditQuery } from "./audit-log.schema";

export const adminAuditLog = new Hono<AppEnv>().get(
  "/:id/audit-log",
  operation({
    id: "listTenantAuditLog",
    tag: "Admin",
    summary: "List the audit log of a tenant",
    description:
      "Lists who changed what in an account, newest first. Of a deleted tenant, what the operator did to it stays; the rest is erased with its data.",
    access: "admin",
    responses: { 200: { description: "One page.", schema: auditLogSchema } },
    errors: ["validation_error", "not_found"],
  }),
  validate("param", pathId("tenant", "tenant")),
  validate("query", auditQuery),
  async (c) => {
    const base = c.get("base");
    const query = c.req.valid("query");
    const tenant = await readAnyTenant(base, c.req.valid("param").id);
    return c.json(listResponse(c, await listAuditEntries(base, tenant, auditFilter(query), query), auditJson));
  },
);
