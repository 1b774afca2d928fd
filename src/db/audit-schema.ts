import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** One member that a change changed. `from` and `to` stand there only for what is never personal, such as a status. */
export interface AuditedChange {
  /** JSON Pointer with leading `#`. */
  pointer: string;
  from?: unknown;
  to?: unknown;
}

/** In both databases, so that each change has its row in its own batch. Only inserted into; a trigger refuses updates. */
export const auditLog = sqliteTable(
  "audit_log",
  {
    tenantId: text().notNull(),
    id: text().notNull(),
    at: integer().notNull(),
    /** Id of the key, or `admin`, or `system`. */
    actor: text().notNull(),
    action: text().notNull(),
    objectType: text().notNull(),
    objectId: text().notNull(),
    address: text(),
    requestId: text().notNull(),
    changes: text({ mode: "json" }).$type<AuditedChange[]>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export type AuditRow = typeof auditLog.$inferSelect;
